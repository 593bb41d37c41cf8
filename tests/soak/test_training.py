"""Retraining on the shipped text gives the shipped weights, and so the same answers."""

from claims.checker.learned.model import WEIGHTS
from claims.checker.training.__main__ import write


def test_training_anew_gives_the_weights_that_are_shipped():
    # Some three minutes of one core. Changed cues or training text change the weights too.
    assert write() == WEIGHTS.read_text(encoding="utf-8"), "Run: python -m claims.checker.training"
