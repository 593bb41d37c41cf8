"""`manage.py carry_claims --jsonl`: the contract, and lines that cannot be read."""

import io
import json
import sys

import pytest
from django.core.management import CommandError, call_command

BEFORE = ["Steroids act fast. They may help adults with lupus.", "Ask your doctor."]
CLAIM = "They may help adults with lupus."


class Pipe:
    """Standard input as a process has it: text above, bytes below."""

    def __init__(self, data: bytes):
        self.buffer = io.BytesIO(data)


def answers(monkeypatch, *lines):
    """The answers, and the exit status."""
    data = b"\n".join(x if isinstance(x, bytes) else json.dumps(x).encode() for x in lines)
    monkeypatch.setattr(sys, "stdin", Pipe(data))
    out, status = io.StringIO(), 0
    try:
        call_command("carry_claims", "--jsonl", stdout=out)
    except SystemExit as stop:
        status = stop.code
    return [json.loads(line) for line in out.getvalue().splitlines()], status


def edit(identifier, *after, claim=CLAIM):
    return {"id": identifier, "before": BEFORE, "claim": claim, "after": list(after)}


def test_each_line_gets_its_outcome_and_sentence(monkeypatch):
    moved = ["Ask your doctor.", "They may help adults with lupus. Steroids act fast."]
    stronger = "They will help adults with lupus."
    (kept, changed, gone), status = answers(
        monkeypatch,
        edit(1, *moved),
        edit("b", f"Steroids act fast. {stronger}", BEFORE[1]),
        edit(None, "Steroids act fast.", BEFORE[1]),
    )
    assert status == 0
    assert kept == {"id": 1, "outcome": "keep", "text": CLAIM}
    assert changed == {"id": "b", "outcome": "reopen", "text": stronger}
    assert gone == {"id": None, "outcome": "gone", "text": None}


def test_a_claim_of_two_sentences_is_kept_only_whole(monkeypatch):
    both = BEFORE[0]
    (whole, cut), _ = answers(
        monkeypatch,
        edit(1, BEFORE[1], both, claim=both),
        edit(2, "Steroids act fast.", BEFORE[1], claim=both),
    )
    assert whole == {"id": 1, "outcome": "keep", "text": both}
    assert cut == {"id": 2, "outcome": "reopen", "text": "Steroids act fast."}


def test_part_of_a_sentence_stands_and_falls_with_the_sentence(monkeypatch):
    (kept, changed), _ = answers(
        monkeypatch,
        edit(1, *BEFORE, claim="help adults with lupus"),
        edit(2, BEFORE[0].replace("may", "will"), claim="help adults with lupus"),
    )
    assert kept["outcome"] == "keep" and kept["text"] == CLAIM
    assert changed["outcome"] == "reopen"


def test_a_list_mark_is_not_part_of_the_sentence(monkeypatch):
    (kept,), _ = answers(monkeypatch, edit(1, "- " + CLAIM))
    assert kept == {"id": 1, "outcome": "keep", "text": CLAIM}


@pytest.mark.parametrize(
    "bad",
    [
        b"{",
        b"[]",
        b'{"id": 1}',
        b'{"id": 1, "before": "x", "claim": "x", "after": []}',
        b'{"id": 1, "before": [1], "claim": "x", "after": []}',
        b'{"id": 1, "before": [], "claim": " ", "after": []}',
        b'{"before": [], "claim": "x", "after": []}',
        b"\xff\xfe",
        b"[" * 100_000,
    ],
)
def test_a_bad_line_is_answered_and_the_rest_go_on(monkeypatch, bad):
    (first, second), status = answers(monkeypatch, bad, b"", edit(2, *BEFORE))
    assert status == 1
    assert first["id"] is None and first["error"].startswith("Line 1: ")
    assert second == {"id": 2, "outcome": "keep", "text": CLAIM}


def test_without_jsonl_it_says_what_to_give():
    with pytest.raises(CommandError, match="Give --jsonl"):
        call_command("carry_claims")
