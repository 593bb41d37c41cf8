"""How claims fare in edits: the mutation corpus by class and kind, and what carrying costs.

    python benchmarks/carry.py [EDITS.jsonl] [--kinds] [--misses]

EDITS.jsonl is `tests/claims/edits.jsonl` unless another one is given. Each line has "id", "class"
(meaning, harmless, rewording, structural), "kind", "half", "before", "claim", "after" and "expect"
({"outcome": [allowed], "text": [sentences it may stand on]}).
"""

import argparse
import json
import random
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

OUTCOMES = ("keep", "reopen", "gone")


def judged(path: Path):
    """(edit, outcome, whether it is as expected, whether it stands on a wrong sentence)."""
    from claims.carry.protocol import fare

    for line in path.read_text(encoding="utf-8").splitlines():
        edit = json.loads(line)
        fate = fare(edit["before"], edit["claim"], edit["after"])
        as_expected = fate.outcome in edit["expect"]["outcome"]
        misplaced = fate.text is not None and fate.text not in edit["expect"]["text"]
        yield edit, fate, as_expected, misplaced


def print_table(rows: dict[tuple, Counter], *headings: str) -> None:
    """One row for each key: how many edits, their outcomes, as expected, misplaced."""
    print(" | ".join((*headings, "edits", *OUTCOMES, "as expected", "wrong sentence")))
    for key in sorted(rows):
        row = rows[key]
        good = f"{row['good']} ({row['good'] / row['edits']:.1%})"
        figures = (row["edits"], *(row[o] for o in OUTCOMES), good, row["misplaced"])
        print(" | ".join(map(str, (*key, *figures))))
    print()


def time_of(work) -> float:
    """Seconds, the best of three."""
    best = float("inf")
    for _ in range(3):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def print_cost() -> None:
    """Time for pages of made-up sentences: unchanged, each changed by one word, all new."""
    from claims.carry import carry, carry_all

    pick = random.Random(5)
    syllables = "ba co di fu ga he li mo nu pe ra so ti vu".split()
    vocabulary = ["".join(pick.choices(syllables, k=3)) for _ in range(600)]

    def sentence() -> str:
        return " ".join(pick.choices(vocabulary, k=18)).capitalize() + "."

    carry("The patients recieved it.", ["The patients received it."])
    print("sentences | unchanged | a word changed in each | all new   (milliseconds)")
    for count in (100, 500, 2000):
        old = [sentence() for _ in range(count)]
        changed = [s.replace(pick.choice(s.split()), "otherwise", 1) for s in old]
        new = [sentence() for _ in range(count)]
        times = [time_of(lambda o=old, x=x: carry_all(o, x, o)) for x in (old, changed, new)]
        print(" | ".join([str(count), *(f"{t * 1000:.0f}" for t in times)]))
    long = " ".join(pick.choices(vocabulary, k=1450))
    cost = time_of(lambda: carry(long, [long + " x"]))
    print(f"one sentence of {len(long)} characters: {cost * 1000:.0f}")


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument(
        "edits", nargs="?", type=Path, default=ROOT / "tests" / "claims" / "edits.jsonl"
    )
    parser.add_argument("--kinds", action="store_true", help="also by kind of edit")
    parser.add_argument("--misses", action="store_true", help="also each edit that went wrong")
    options = parser.parse_args()
    classes: dict[tuple, Counter] = {}
    kinds: dict[tuple, Counter] = {}
    for edit, fate, as_expected, misplaced in judged(options.edits):
        figures = {"edits": 1, fate.outcome: 1, "good": as_expected, "misplaced": misplaced}
        classes.setdefault((edit["class"], edit["half"]), Counter()).update(figures)
        kinds.setdefault((edit["class"], edit["kind"]), Counter()).update(figures)
        if options.misses and (misplaced or not as_expected):
            print(f"{edit['id']} {edit['kind']}: {fate.outcome}\n  {edit['claim']}\n  {fate.text}")
    print_table(classes, "class", "half")
    if options.kinds:
        print_table(kinds, "class", "kind")
    print_cost()


if __name__ == "__main__":
    main()
