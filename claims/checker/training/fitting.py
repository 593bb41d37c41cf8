"""Fitting a network to what each sentence should get."""

import random
from collections.abc import Iterator

import torch
from torch import nn

from claims.checker.training.judged import JUDGED, Item

BATCH = 32
_STEEPEST = 1.0  # no step goes further than this gradient
_HALVES = torch.cpu.get_capabilities().get("avx512_bf16", False)


def quickly() -> torch.autocast:
    """Multiply in bfloat16 where the processor can: a third of the time, and as good a fit."""
    return torch.autocast("cpu", torch.bfloat16, enabled=_HALVES)


def fit(network: nn.Module, data: list[Item], epochs: int, rate: float, head_rate: float) -> None:
    """Fit a network (its `base` at one rate, its `head` at another) to what each sentence should
    get."""
    rounds = epochs * -(-len(data) // BATCH)
    optimiser = torch.optim.AdamW(
        [
            {"params": network.base.parameters(), "lr": rate},
            {"params": network.head.parameters(), "lr": head_rate},
        ],
        weight_decay=0.01,
    )
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimiser, [rate, head_rate], total_steps=rounds, pct_start=0.1
    )
    network.train()
    for epoch in range(epochs):
        total = 0.0
        for batch in _batches(data):
            loss = _loss(network([item.text for item in batch]), batch)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(network.parameters(), _STEEPEST)
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
