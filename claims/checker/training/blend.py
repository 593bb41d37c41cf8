"""The mean of two networks: `python -m claims.checker.training.blend ONE OTHER [--share S]`.

ONE and OTHER are files that `network.py` wrote, OTHER after going on from ONE; S of the mean is
OTHER's. A round that teaches something new unlearns a little of the rest, and the mean of before
and after keeps most of both (docs/checker-learned.md). It is written to `learned/network.npz`.
"""

import argparse
from pathlib import Path

import numpy as np

from claims.checker.learned.network import NETWORK
from claims.checker.training.writing import OF_A_PLACE, PLACES, WORDS, restored, write


def blend(one: Path, other: Path, share: float) -> tuple[list[str], dict[str, np.ndarray]]:
    """The vocabulary of the other, and each weight's mean; a piece that only one of them knows
    keeps its row."""
    (known, first), (pieces, second) = restored(one), restored(other)
    rows = dict(zip(known, first[WORDS], strict=True))
    own = zip(pieces, second[WORDS], strict=True)
    first[WORDS] = np.stack([rows.get(piece, row) for piece, row in own])
    mean = {name: (1 - share) * first[name] + share * second[name] for name in second}
    # `write` adds the two embeddings of a place up; here they are one already.
    position, kind = (f"base.embeddings.{name}_embeddings.weight" for name in OF_A_PLACE)
    mean[position] = mean.pop(PLACES)
    mean[kind] = np.zeros_like(mean[position][:2])
    return pieces, {name: value.astype(np.float32) for name, value in mean.items()}


def main() -> None:
    """Blend and write."""
    parser = argparse.ArgumentParser(prog="python -m claims.checker.training.blend")
    parser.add_argument("one", type=Path)
    parser.add_argument("other", type=Path)
    parser.add_argument("--share", type=float, default=0.5, help="of OTHER (%(default)s)")
    options = parser.parse_args()
    pieces, state = blend(options.one, options.other, options.share)
    write(state, pieces, NETWORK)
    print(f"Wrote {NETWORK.name}, {NETWORK.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
