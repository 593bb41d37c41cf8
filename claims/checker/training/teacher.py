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

from claims.checker.training.fitting import fit, quickly
from claims.checker.training.judged import ANSWERS, items

EPOCHS = 2
RATE, HEAD_RATE = 5e-5, 5e-3
AS_IT_IS = 6  # layers, the lowest
_LONGEST = 96  # pieces of a sentence that are read
_AT_ONCE = 64


class Teacher(nn.Module):
    """The base, of which the upper layers are fitted, the mean over the pieces, and one sum for
    each answer.

    What the lower layers make of a sentence is kept while the others are fitted: half of the work.
    """

    def __init__(self, base: str):
        super().__init__()
        self.tokenizer = AutoTokenizer.from_pretrained(base)
        self.base = AutoModel.from_pretrained(base, add_pooling_layer=False)
        self.base.embeddings.requires_grad_(False)
        self.base.encoder.layer[:AS_IT_IS].requires_grad_(False)
        self.head = nn.Linear(self.base.config.hidden_size, ANSWERS)
        self._kept: dict[str, torch.Tensor] = {}

    def forward(self, texts: list[str]) -> torch.Tensor:
        """One row of answers, in log-odds, for each text."""
        known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        known.update(zip(new, self._lower(new), strict=True))
        if self.training:
            self._kept.update(known)
        rows = [known[text] for text in texts]
        state = nn.utils.rnn.pad_sequence(rows, batch_first=True)
        mask = torch.tensor([[1.0] * len(r) + [0.0] * (state.shape[1] - len(r)) for r in rows])
        kept = mask.unsqueeze(-1)
        state = self._through(self.base.encoder.layer[AS_IT_IS:], state, mask)
        return self.head((state * kept).sum(1) / kept.sum(1))

    def _lower(self, texts: list[str]) -> list[torch.Tensor]:
        """What the lower layers make of each text, a row for each piece."""
        if not texts:
            return []
        read = self.tokenizer(
            texts, truncation=True, max_length=_LONGEST, padding=True, return_tensors="pt"
        )
        mask = read["attention_mask"].float()
        with torch.no_grad():
            state = self.base.embeddings(read["input_ids"])
            state = self._through(self.base.encoder.layer[:AS_IT_IS], state, mask)
        lengths = mask.sum(1).int().tolist()
        return [row[:length].clone() for row, length in zip(state, lengths, strict=True)]

    def _through(self, layers, state: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
        """Through some of the layers, as the encoder of MPNet goes through all of them."""
        heeded = self.base.get_extended_attention_mask(mask, mask.shape)
        with quickly():
            places = self.base.encoder.compute_position_bias(state)
            for layer in layers:
                state = layer(state, heeded, None, places)[0]
        return state.float()

    def train(self, mode: bool = True) -> "Teacher":
        """Nothing is left out of what the lower layers make: it is kept."""
        super().train(mode)
        self.base.embeddings.eval()
        self.base.encoder.layer[:AS_IT_IS].eval()
        return self

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
