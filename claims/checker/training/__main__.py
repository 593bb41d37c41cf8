"""`python -m claims.checker.training`: see the package's docstring."""

import argparse
import random

from claims.checker.learned.model import SCALE, WEIGHTS
from claims.checker.training.tasks import COLUMNS, TASKS, fitted, rows_of, scores

FOLDS = 4


def write() -> str:
    """The weights as the text of their file: a feature a line, under the names of the columns."""
    rows = [f"{feature}\t{' '.join(map(str, row))}" for feature, row in fitted().items()]
    return "\n".join([" ".join(COLUMNS), *rows, ""])


def held_out(name: str) -> list[tuple[list[int], int]]:
    """Scores and right answer of each example, by weights that never saw its line."""
    data, classes = TASKS[name]
    items = list(data())
    lines = sorted({item.line for item in items})
    random.Random(1).shuffle(lines)
    out = []
    for fold in range(FOLDS):
        left = set(lines[fold::FOLDS])
        rows = rows_of((i for i in items if i.line not in left), classes)
        for item in items:
            if item.line in left and item.line[0] in (name, "review", "articles"):
                out.append((scores(rows, item.features, len(classes)), item.answer))
    return out


def report() -> None:
    """Print what the tasks do on lines of the training text that were held out."""
    for name, (_, classes) in TASKS.items():
        answers = held_out(name)
        if len(classes) > 1:
            right = sum(s.index(max(s)) == a for s, a in answers)
            print(f"{name}: {len(answers)} sentences held out, {right / len(answers):.1%} right")
            continue
        print(f"{name}: {len(answers)} sentences held out")
        for steps in range(5):
            said = [(s[0] > steps * SCALE, a) for s, a in answers]
            found = sum(s and a for s, a in said) / sum(a for _, a in said)
            false = sum(s and not a for s, a in said) / sum(not a for _, a in said)
            print(f"  above {steps} steps: {found:.0%} of what it is, {false:.1%} of the rest")


def main() -> None:
    """Train, or try out."""
    parser = argparse.ArgumentParser(prog="python -m claims.checker.training")
    parser.add_argument("--try", dest="trying", action="store_true", help="write nothing")
    if parser.parse_args().trying:
        report()
    else:
        WEIGHTS.write_text(write(), encoding="utf-8")
        print(f"Wrote {WEIGHTS.name}, {WEIGHTS.stat().st_size / 1000:.0f} kB.")


if __name__ == "__main__":
    main()
