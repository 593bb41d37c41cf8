"""Whether two sentences assert the same; in doubt they do not."""

from collections import Counter

from .typos import is_slip
from .wording import Wording

_MOST_DIFFERENCES = 6
_LONGEST_LIST = 60
_LONGEST_ITEM = 3
# Joined to the next word these turn it round or make another one: “a typical”, “in active”.
_NEVER_JOINED = frozenset(
    "a an at by dis for il im in ir no non of on or to un under up with over out".split()
)
_JOINED = {("with", "out"): "without", ("under", "lying"): "underlying", ("on", "going"): "ongoing"}
_IS_OR_HAS = frozenset(("is", "has", "'s"))
_HAD_OR_WOULD = frozenset(("had", "would", "'d"))

_JOINERS = frozenset(("and", "or"))
# A list may begin after one of these, or at the start of the sentence or of a clause.
_OPENERS = frozenset(
    "in for with of to by among including include as from against both either such avoid affect "
    "cause causes help treat has is without like on reduce improve raise lower need".split()
)
_POINTING_BACK = frozenset("respectively former latter".split())
# A list with one of these in it may not be reordered: its order, or who does what, may count.
_ORDERED = frozenset(
    "then first second last before after not no never than to from is was has do may "
    "can will could should would must might but if unless while when that without with rather "
    "more less fewer higher lower increase increases decrease decreases reduce reduces improve "
    "worsen".split()
)


def is_same_assertion(before: Wording, after: Wording) -> bool:
    """Whether only harmless things differ: slips of spelling, joined words, the order of a list."""
    if before.keys == after.keys:
        return True
    if not before.keys or not after.keys:
        return False
    groups = _differences(before.keys, after.keys)
    if groups is None:
        return False
    if all(_is_harmless(before, after, *group) for group in groups):
        return True
    return _is_reordered_list(before, after)


def _differences(old: tuple, new: tuple) -> list[tuple[int, int, int, int]] | None:
    """Spans (old start, old end, new start, new end) that differ; None when they are many."""
    from rapidfuzz.distance import (
        Levenshtein,
    )  # not before it is needed: a reader's worker never does

    groups: list[tuple[int, int, int, int]] = []
    for code in Levenshtein.opcodes(old, new):
        if code.tag == "equal":
            continue
        if groups and groups[-1][1] == code.src_start and groups[-1][3] == code.dest_start:
            groups[-1] = (groups[-1][0], code.src_end, groups[-1][2], code.dest_end)
        else:
            groups.append((code.src_start, code.src_end, code.dest_start, code.dest_end))
        if len(groups) > _MOST_DIFFERENCES:
            return None
    return groups


def _is_harmless(before: Wording, after: Wording, a: int, b: int, c: int, d: int) -> bool:
    old, new = before.keys[a:b], after.keys[c:d]
    if old == ("its",) and new in (("it", "'s"), ("it", "is")):
        return True
    if new == ("its",) and old in (("it", "'s"), ("it", "is")):
        return True
    if len(old) == len(new):
        pairs = zip(old, new, before.raws[a:b], after.raws[c:d], strict=True)
        return len(old) <= _LONGEST_ITEM and all(_is_same_word(*pair) for pair in pairs)
    return _is_joined(old, new) or _is_joined(new, old)


def _is_same_word(old: str, new: str, old_raw: str, new_raw: str) -> bool:
    if {old, new} <= _IS_OR_HAS or {old, new} <= _HAD_OR_WOULD:
        return "'s" in (old, new) or "'d" in (old, new)
    return is_slip(old, new, old_raw, new_raw)


def _is_joined(apart: tuple, joined: tuple) -> bool:
    """Whether two or three words were written as one: follow up, followup."""
    if len(joined) != 1 or not 2 <= len(apart) <= _LONGEST_ITEM or not joined[0].isalpha():
        return False
    if apart in _JOINED:
        return _JOINED[apart] == joined[0]
    return "".join(apart) == joined[0] and apart[0] not in _NEVER_JOINED


def _is_reordered_list(before: Wording, after: Wording) -> bool:
    """Whether the items of one list of things were put in another order, and nothing else."""
    old, new = before.keys, after.keys
    if len(old) != len(new) or Counter(old) != Counter(new) or _POINTING_BACK & {*old}:
        return False
    start = next(i for i, (a, b) in enumerate(zip(old, new, strict=True)) if a != b)
    end = len(old)
    while old[end - 1] == new[end - 1]:
        end -= 1
    begins = start == 0 or start in before.breaks or old[start - 1] in _OPENERS
    if not begins or end - start > _LONGEST_LIST:
        return False
    items = _items(before, start, end)
    return items is not None and items == _items(after, start, end)


def _items(wording: Wording, start: int, end: int) -> tuple[set, Counter] | None:
    """The joining words and the items between them; None unless it is a plain list of things."""
    joiners: set[str] = set()
    items: list[list[str]] = [[]]
    for index in range(start, end):
        key = wording.keys[index]
        if key in _JOINERS:
            joiners.add(key)
            items.append([])
            continue
        if key in _ORDERED or not (key.isalpha() or key == "letter-a"):
            return None
        if index in wording.breaks:
            items.append([])
        items[-1].append(key)
    things = [tuple(item) for item in items if item]
    follows = wording.keys[end : end + 1]
    listed = joiners or end in wording.breaks or follows[:1] in (("and",), ("or",))
    if len(joiners) > 1 or not listed or len(things) < 2:
        return None
    return (joiners, Counter(things)) if max(map(len, things)) <= _LONGEST_ITEM else None
