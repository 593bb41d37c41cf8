"""What the learned part of the checker gains and costs, against the rules alone.

    python benchmarks/learned.py [DATA]

DATA is the folder of development sets that `benchmarks/checker.py` takes; without it the figures
on out-of-context claims and on strength are left out.
"""

import argparse
import json
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

import _articles  # noqa: E402  (stands beside this file)

from claims.checker import check, engine  # noqa: E402  (found once the root is on the path)
from claims.checker.engine import read_text  # noqa: E402
from claims.checker.learned import network, opinion  # noqa: E402

NEVER = 10**9
SPEAKING = ("SURE", "SURE_ALONE", "ALSO", "WORTH_A_NOTE")
OVERRULING = ("OF_A_RULE",)
SETTINGS = {name: getattr(opinion, name) for name in SPEAKING + OVERRULING}
CLOSELY = engine.LONGEST_READ_CLOSELY
WAYS = {
    "rules alone": ((), False),
    "rules and rows": (SPEAKING + OVERRULING, False),
    "network too, speaking up": (SPEAKING, True),
    "network too, overruling": (OVERRULING, True),
    "all of it": (SPEAKING + OVERRULING, True),
}


def allow(names: tuple[str, ...], closely: bool) -> None:
    """Let the learned part do only what these settings are for, with the network or without."""
    for name, value in SETTINGS.items():
        setattr(opinion, name, value if name in names else NEVER)
    engine.LONGEST_READ_CLOSELY = CLOSELY if closely else 0


def macro(pairs: list[tuple[int, int]]) -> float:
    """Macro-F1 of (truth, said) pairs."""
    classes = sorted({truth for truth, _ in pairs})
    found = [_articles.figures([(t == c, s == c) for t, s in pairs])["F1"] for c in classes]
    return sum(found) / len(found)


def sentences(name: str) -> list[str]:
    """The sentences of one of the lists in `tests/claims`."""
    lines = (ROOT / "tests" / "claims" / name).read_text(encoding="utf-8").splitlines()
    return [line.split(" | ")[-1] for line in lines if line.strip() and not line.startswith("#")]


def review(data: Path) -> None:
    """Print what each way finds in the held-out articles and in the lists of sentences."""
    claims = rows(data / "fullfact_review.jsonl")
    for way, allowed in WAYS.items():
        allow(*allowed)
        names = ("needs_review", "  articles", "  news, releases", "EFFICACY", "HYPE", "STUDY")
        for part in ("heldout", "voices"):
            table = dict(_articles.table(part))
            print(f"-- {way}, {part}")
            for name in names:
                print(f"{name:<18}" + "  ".join(f"{k} {v:.3f}" for k, v in table[name].items()))
        for name in ("careful.txt", "bold.txt"):
            flagged = sum(bool(check(text).findings) for text in sentences(name))
            print(f"{name:<18}{flagged} of {len(sentences(name))} flagged")
        if claims:
            said = [(int(r["needs_review"]), int(bool(check(r["text"]).findings))) for r in claims]
            print(f"claims             macro-F1 {macro(said):.3f}")


def strength(data: Path) -> None:
    """Print how well strength is told, by the ladder alone and weighed."""
    found = rows(data / "causal_pubmed.jsonl")
    if found:
        told = {"ladder": [(r["strength"], _ladder(r["text"])) for r in found]}
        for way in ("rules and rows", "all of it"):
            allow(*WAYS[way])
            told[way] = [(r["strength"], check(r["text"]).strength) for r in found]
        print("strength          ", *(f"{way} {macro(pairs):.3f} " for way, pairs in told.items()))


def _ladder(text: str) -> int:
    readings, _ = read_text(text, None, (), None)
    return max((reading.sentence.strength for reading in readings), default=0)


def rows(path: Path) -> list[dict]:
    """The lines of a development set, none where it is not at hand."""
    if not path.exists():
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def cost() -> None:
    """Print what a sentence takes with the network, with the rows alone, and with neither."""
    texts = list(_articles.texts(_articles.units("tuning")).values())
    count = sum(len(check(text).sentences) for text in texts)

    def read(closely: bool) -> None:
        network.forget()
        for text in texts:
            check(text, closely=closely)

    allow(*WAYS["all of it"])
    with_it, rows_alone = (
        min(_seconds(read, closely) for _ in range(10)) for closely in (True, False)
    )
    engine.judge = lambda readings, folded, closely: readings
    engine.note = lambda *_: []
    engine.second_look = lambda *given: given[-1]
    neither = min(_seconds(read, False) for _ in range(10))
    print(f"with the network   {with_it / count * 1e6:.0f} µs a sentence")
    print(f"with the rows      {rows_alone / count * 1e6:.0f} µs a sentence")
    print(f"with neither       {neither / count * 1e6:.0f} µs a sentence")


def _seconds(run, *given) -> float:
    began = time.process_time()
    run(*given)
    return time.process_time() - began


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared/claims-dev")
    data = parser.parse_args().data
    review(data)
    strength(data)
    cost()


if __name__ == "__main__":
    main()
