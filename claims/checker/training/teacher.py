"""The large network that the small one learns from: `python -m claims.checker.training.teacher
BASE KEPT` with PyTorch.

BASE is the folder of all-mpnet-base-v2 (Apache-2.0; see requirements.txt here for where it comes
from). All twelve of its layers are fitted to the training text beside this module and written to
the file KEPT, 440 MB, for `network.py`. It is never shipped: a sentence takes
eight times the work of the small one. Half an hour on two cores that can multiply in bfloat16.
"""

import argparse
import random
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from claims.checker.training.fitting import fit
from claims.checker.training.judged import ANSWERS, items

EPOCHS = 3
RATE, HEAD_RATE = 3e-5, 5e-3
_LONGEST = 96  # pieces of a sentence that are read
_AT_ONCE = 64


class Teacher(nn.Module):
    """All layers of the base, the mean over the pieces, and one sum for each answer."""

    def __init__(self, base: str):
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.base = AutoModel.from_pretrained(base, add_pooling_layer=False)
        self.head = nn.Linear(self.base.config.hidden_size, ANSWERS)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """One row of answers, in log-odds, for each text."""
        read = self.tokenizer(
            texts, truncation=True, max_length=_LONGEST, padding=True, return_tensors="pt"
        )
        with torch.autocast("cpu", torch.bfloat16):
            hidden = self.base(**read).last_hidden_state
        kept = read["attention_mask"].unsqueeze(-1).float()
        return self.head((hidden.float() * kept).sum(1) / kept.sum(1))

    def answers(self, texts: Sequence[str]) -> torch.Tensor:
        """A row for each text, in their order."""
        order = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        out = torch.empty(len(texts), ANSWERS)
        for first in range(0, len(order), _AT_ONCE):
            some = order[first : first + _AT_ONCE]
            with torch.no_grad():
                out[some] = self([texts[at] for at in some])
        return out


def taught(base: str, kept: Path) -> Teacher:
    """The teacher as it was kept."""
    teacher = Teacher(base)
    teacher.load_state_dict(torch.load(kept, weights_only=True))
    return teacher.eval()


def main() -> None:
    """Fit and keep it; the same text, seed and machine give the same teacher."""
    parser = argparse.ArgumentParser(prog="python -m claims.checker.training.teacher")
    parser.add_argument("base", help="folder of all-mpnet-base-v2")
    parser.add_argument("kept", type=Path, help="file to write")
    options = parser.parse_args()
    random.seed(0)
    torch.manual_seed(0)
    teacher = Teacher(options.base)
    fit(teacher, list(items()), EPOCHS, RATE, HEAD_RATE)
    torch.save(teacher.state_dict(), options.kept)


if __name__ == "__main__":
    main()
