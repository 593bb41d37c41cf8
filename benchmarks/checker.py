"""What the claim checker costs, and how good it is where development data is at hand.

    python benchmarks/checker.py [DATA]

DATA is a folder with a `score.py` that speaks the checker's JSON Lines protocol; without it
`../shared/claims-dev` beside the project is used if it is there. The speed part always runs.
"""

import argparse
import subprocess
import sys
import time
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
_PARAGRAPHS = (
    "Cell therapy is being tested in lupus. In one registered trial 24 people were treated and "
    "followed for two years; most kept their usual medicine.",
    "Unlike conventional drugs, this groundbreaking approach can reset the immune system and "
    "reduce inflammation, and studies show that many patients reach remission.",
    "Side effects include fever, infection and low blood counts (see, e.g., the leaflet). "
    "It is not known whether the treatment helps in early disease.",
    "Eat what you like, sleep when you are tired, and ask your doctor before you change a dose.",
)


def start_up() -> float:
    """Seconds from a new interpreter to the first answer, less a bare interpreter's own."""

    def run(code: str) -> float:
        began = time.perf_counter()
        subprocess.run([sys.executable, "-c", code], cwd=ROOT, check=True)
        return time.perf_counter() - began

    bare = min(run("pass") for _ in range(3))
    return min(run("from claims.checker import check; check('It works.')") for _ in range(3)) - bare


def speed(kilobytes: int) -> float:
    """Kilobytes of made-up article text read in a second."""
    from claims.checker import check

    text = "\n".join(_PARAGRAPHS)
    text = "\n".join([text] * (kilobytes * 1000 // len(text) + 1))
    check(text[:10_000])
    began = time.perf_counter()
    check(text)
    return len(text.encode()) / 1000 / (time.perf_counter() - began)


def paragraph_time() -> float:
    """Milliseconds to read one paragraph again."""
    from claims.checker import check

    began = time.perf_counter()
    for _ in range(50):
        for paragraph in _PARAGRAPHS:
            check(paragraph)
    return (time.perf_counter() - began) / 50 / len(_PARAGRAPHS) * 1000


def articles(held_out: bool, errors: bool) -> None:
    """Print how the checker does on the annotated articles."""
    for half in ("tuning", "heldout") if held_out else ("tuning",):
        print(f"-- annotated articles, {half} half")
        for name, found in _articles.table(half):
            print(f"{name:<18}" + "  ".join(f"{k} {v:.3f}" for k, v in found.items()))
    if errors:
        print("\n".join(_articles.errors("tuning")))


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", nargs="?", type=Path, default=ROOT.parent / "shared/claims-dev")
    parser.add_argument("--errors", action="store_true", help="list what went wrong in tuning")
    parser.add_argument("--only-articles", action="store_true", help="leave out all the rest")
    parser.add_argument("--held-out", action="store_true", help="score the held-out half too")
    args = parser.parse_args()
    data = args.data
    articles(args.held_out, args.errors)
    if args.only_articles:
        return
    print(f"start-up        {start_up():.2f} s")
    print(f"one paragraph   {paragraph_time():.2f} ms")
    for kilobytes in (100, 1000, 10_000):
        print(f"{kilobytes:>6} kB text  {speed(kilobytes):.0f} kB/s")
    if (data / "score.py").exists():
        code = _ANSWER.format(root=str(ROOT))
        command = [sys.executable, str(data / "score.py"), "--", sys.executable, "-c", code]
        subprocess.run(command, check=True)
    else:
        print(f"No score.py in {data.name}, so quality was not measured.")


if __name__ == "__main__":
    main()
