"""What the claim checker costs, and how good it is where development data is at hand.

    python benchmarks/checker.py [DATA]

DATA is a folder with a `score.py` that speaks the checker's JSON Lines protocol; without it
`../shared/claims-dev` beside the project is used if it is there. The speed part always runs.
"""

import argparse
import os
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from benchmarks import _articles  # noqa: E402  (the path is set above)

_ANSWER = """
import sys
sys.path.insert(0, {root!r})
from claims.checker import check
from claims.checker.protocol import answer_lines
sys.exit(0 if answer_lines(sys.stdin.buffer, check, sys.stdout.write) else 1)
"""

_CUES = "'stem cells can cure lupus ' * 400_000"
_WORD = "'a' * 10_000_000"


def start_up() -> float:
    """Processor seconds from a new interpreter to the first answer, less a bare interpreter's."""

    def run(code: str) -> float:
        before = os.times()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        after = os.times()
        return after.children_user + after.children_system - sum(before[2:4])

    bare = min(run("pass") for _ in range(5))
    return min(run("from claims.checker import check; check('It works.')") for _ in range(5)) - bare


def speed(megabytes: float, rounds: int = 1) -> float:
    """Megabytes of the annotated articles read in a second of one core, as one text."""
    text = "\n\n".join(_articles.texts(_articles.units("tuning")).values())
    return _megabytes_a_second(
        ["\n\n".join([text] * (int(megabytes * 1e6 / len(text)) + 1))], rounds
    )


def single_articles(closely: bool, rounds: int = 10) -> float:
    """The same for the articles one by one, as a site reads them."""
    texts = list(_articles.texts(_articles.units("tuning")).values())
    return _megabytes_a_second(texts, rounds, closely)


def _megabytes_a_second(texts: list[str], rounds: int, closely: bool = True) -> float:
    """The best of some rounds, in each of which the network has read nothing before.

    Processor time, not time on the clock: other work on the machine must not count.
    """
    from claims.checker import check
    from claims.checker.learned import network

    size = sum(len(text.encode()) for text in texts) / 1e6
    best = 0.0
    for _ in range(rounds):
        network.forget()
        began = time.process_time()
        for text in texts:
            check(text, closely=closely)
        best = max(best, size / (time.process_time() - began))
    return best


def paragraph_times() -> tuple[float, float]:
    """Milliseconds for one paragraph by itself, and for an article with one new paragraph."""
    from claims.checker import check
    from claims.checker.learned import network

    check("A first sentence, so that all that is loaded once is loaded by now.")
    paragraphs = [unit["text"] for unit in _articles.units("tuning")]
    network.forget()
    began = time.process_time()
    for paragraph in paragraphs:
        check(paragraph)
    alone = (time.process_time() - began) / len(paragraphs) * 1000
    texts = list(_articles.texts(_articles.units("tuning")).values())
    for text in texts:
        check(text)
    began = time.process_time()
    for number, text in enumerate(texts):
        check(f"{text}\n\nThe walk in the {number}th garden may have calmed her wrists.")
    return alone, (time.process_time() - began) / len(texts) * 1000


def memory(text: str) -> str:
    """Megabytes at the most while an interpreter of its own reads what `text` makes."""
    code = (
        f"from claims.checker import check; check({text}); "
        # What getrusage answers begins with what this process held when it started the other.
        "print(int(open('/proc/self/status').read().split('VmHWM:')[1].split()[0]) // 1024)"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True, capture_output=True)
    return done.stdout.decode().strip()


def articles(held_out: bool, errors: bool) -> None:
    """Print how the checker does on the annotated articles."""
    for half in ("tuning", "heldout", "voices") if held_out else ("tuning",):
        print(f"-- annotated articles, {half}")
        for name, found in _articles.table(half):
            print(f"{name:<18}" + "  ".join(f"{k} {v:.3f}" for k, v in found.items()))
    if errors:
        print("\n".join(_articles.errors("tuning")))


def rules() -> None:
    """Print what the second look made of the shipped rules in the articles held out."""
    print(f"{'rule':<28} stopped at: right, wrong   let pass: wrong, right")
    total: Counter = Counter()
    for rule, seen in _articles.rules("voices"):
        total.update(seen)
        print(f"{rule:<28} {_row(seen)}")
    print(f"{'all':<28} {_row(total)}")


def _row(seen: Counter) -> str:
    return (
        f"{seen[True, True]:16} {seen[True, False]:6} {seen[False, True]:16} {seen[False, False]:6}"
    )


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared/claims-dev")
    parser.add_argument("--errors", action="store_true", help="list what went wrong in tuning")
    parser.add_argument("--only-articles", action="store_true", help="leave out all the rest")
    parser.add_argument("--held-out", action="store_true", help="score the held-out half too")
    parser.add_argument("--rules", action="store_true", help="what was made of each rule, alone")
    args = parser.parse_args()
    data = args.data
    if args.rules:
        rules()
        return
    articles(args.held_out, args.errors)
    if args.only_articles:
        return
    # First, for a child counts the memory its parent had at the time as its own.
    print(f"10 MB, cues only {memory(_CUES)} MB of memory")
    print(f"10 MB, one word  {memory(_WORD)} MB of memory")
    print(f"start-up         {start_up():.2f} s")
    alone, changed = paragraph_times()
    print(f"one paragraph    {alone:.2f} ms; an article with one new paragraph {changed:.2f} ms")
    print(f"single articles  {single_articles(closely=True):.3f} MB/s")
    print(f"  not closely    {single_articles(closely=False):.2f} MB/s")
    for megabytes, rounds in ((0.1, 20), (1, 3), (10, 1)):
        print(f"{megabytes:>5} MB of text {speed(megabytes, rounds):.2f} MB/s")
    if (data / "score.py").exists():
        code = _ANSWER.format(root=str(ROOT))
        command = [sys.executable, str(data / "score.py"), "--", sys.executable, "-c", code]
        subprocess.run(command, check=True)
    else:
        print(f"No score.py in {data.name}, so quality was not measured.")


if __name__ == "__main__":
    main()
