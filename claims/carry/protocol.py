"""The JSON Lines protocol: an edited text and a claim in, what became of the claim out."""

import json
from collections.abc import Callable, Iterable

from claims.checker import Block
from claims.checker.blocks import sentences_of as sentence_spans

from .carrying import Carried, carry_all
from .wording import flat, list_mark, read

_FLAT = str.maketrans(dict.fromkeys("\n\r\t\u2028\u2029\x0b\x0c\x85", " "))


def sentences_of(document) -> list[str]:
    """The sentences of a document (`text`, `blocks` with start, end and kind), as the checker
    cuts them."""
    text = document.text
    spans = (
        span
        for block in document.blocks
        for span in sentence_spans(text, Block(block.start, block.end, block.kind))
    )
    return [text[start:end] for start, end in spans]


def sentences(paragraphs: Iterable[str]) -> list[str]:
    """The sentences of some paragraphs, cut as the checker cuts those of a page."""
    out = []
    for paragraph in paragraphs:
        text = paragraph.translate(_FLAT)
        spans = sentence_spans(text, Block(list_mark(text), len(text)))
        out += [text[start:end] for start, end in spans]
    return out


def fare(before: list[str], claim: str, after: list[str]) -> Carried:
    """What became of a claim, a passage of the paragraphs `before`, in the paragraphs `after`."""
    old, new = sentences(before), sentences(after)
    pieces = _standing(claim, old)
    twins = [s for s in old if flat(s) == flat(claim)]
    if len(twins) > 1:  # which of them is meant nobody can tell, so the best fate is the claim's
        fates = carry_all(twins, new, old)
        return min(fates, key=lambda fate: ("keep", "reopen", "gone").index(fate.outcome))
    carried = carry_all(pieces, new, old)
    if len(carried) == 1:
        return carried[0]
    found = [c for c in carried if c.index is not None]
    if not found:
        return Carried("gone")
    first = found[0].index
    together = [c.index for c in carried] == list(range(first, first + len(carried)))
    kept = together and all(c.outcome == "keep" for c in carried)
    text = " ".join(dict.fromkeys(c.text for c in found))
    return Carried("keep" if kept else "reopen", text, first)


def _standing(claim: str, old: list[str]) -> list[str]:
    """The sentences of the old text that a claim is: mostly one, it may be part of one or more."""
    wanted = flat(claim)
    if any(flat(s) == wanted for s in old):
        return [claim]
    keys = read(claim).keys
    alike = [s for s in old if keys and read(s).keys == keys]
    holding = [s for s in old if wanted and wanted in flat(s)]
    if alike or holding:
        return (alike or holding)[:1]
    return sentences([claim]) or [claim]


def answer_lines(lines: Iterable[bytes], write: Callable[[str], object]) -> bool:
    """Answer each line through `write`; False if any line could not be read.

    A bad line gets a line {"id": null, "error": ...} and the rest go on. Blank lines are passed
    over. Lines come as bytes, so that one in a wrong encoding spoils only itself.
    """
    good = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            identifier, before, claim, after = _read(line)
        except ValueError as error:
            good = False
            write(json.dumps({"id": None, "error": f"Line {number}: {error}"}) + "\n")
            continue
        carried = fare(before, claim, after)
        answer = {"id": identifier, "outcome": carried.outcome, "text": carried.text}
        write(json.dumps(answer) + "\n")
    return good


def _read(line: bytes) -> tuple[object, list[str], str, list[str]]:
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("this is not UTF-8; save it as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("this is not JSON; write one object to a line.") from error
    if not isinstance(item, dict) or "id" not in item:
        raise ValueError('this needs an "id".')
    for name in ("before", "after"):
        value = item.get(name)
        if not isinstance(value, list) or not all(isinstance(p, str) for p in value):
            raise ValueError(f'"{name}" must be a list of paragraphs in quotation marks.')
    claim = item.get("claim")
    if not isinstance(claim, str) or not claim.strip():
        raise ValueError('"claim" must be a sentence in quotation marks.')
    return item["id"], item["before"], claim, item["after"]
