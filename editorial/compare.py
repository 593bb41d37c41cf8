"""Two contents side by side: what was added, removed or set in another form. No database.

`compare(before, after)` aligns the blocks of each field (paragraphs, headings, items, cells, rows)
and then the words inside them. Reading the shown result without what was added gives the first
text, without what was removed the second; see `text_before` and `text_after`. Time and memory are
bounded: what is too long to align word by word is shown as replaced.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import groupby

from .compare_blocks import Block, Token, blocks_of, text_of, tokens_of

SAME, ADDED, REMOVED, CHANGED = "same", "added", "removed", "changed"

_LIKE = 0.45  # share of the words two blocks have in common, from which they are one block edited
_CELLS = 200_000_000  # words of one text times words of the other: 25 MB, a fraction of a second
_PAIRS = 20_000  # blocks of one gap times blocks of the other


@dataclass(frozen=True)
class Span:
    """Neighbouring tokens of one form, as they are shown."""

    text: str
    marks: frozenset[str]
    href: str
    is_citation: bool


@dataclass(frozen=True)
class Run:
    """Neighbouring tokens with one fate. `changed` means the same words in another form."""

    op: str
    before: tuple[Token, ...]
    after: tuple[Token, ...]

    @property
    def spans(self) -> list[Span]:
        """What is shown: the later form, or what was removed."""
        return list(_spans(self.before if self.op == REMOVED else self.after))

    @property
    def note(self) -> str:
        """In words, what became of the form: “now bold”, “link to … removed”."""
        return _form_note(self.before[0], self.after[0]) if self.op == CHANGED else ""


@dataclass(frozen=True)
class BlockChange:
    """One block of the result. `moved`: the same block was removed or added elsewhere."""

    op: str
    before: Block | None
    after: Block | None
    runs: tuple[Run, ...]
    moved: bool = False

    @property
    def kind(self) -> str:
        """What the block is in words, in its later form."""
        return (self.after or self.before).kind

    @property
    def was(self) -> str:
        """What the block was before, where that differs."""
        differs = self.before and self.after and self.before.kind != self.after.kind
        return self.before.kind if differs else ""


@dataclass(frozen=True)
class FieldChange:
    """One field of the content. `only_markup`: no word or form differs, only the HTML does."""

    name: str
    label: str
    blocks: tuple[BlockChange, ...]
    only_markup: bool = False

    @property
    def groups(self) -> list[tuple[bool, list[BlockChange]]]:
        """The blocks in order, neighbours that are the same (True) and that differ together."""
        return [
            (same, list(blocks)) for same, blocks in groupby(self.blocks, lambda b: b.op == SAME)
        ]

    @property
    def counts(self) -> dict[str, int]:
        """How many blocks were added, removed and changed; those that are none are left out."""
        found = Counter(block.op for block in self.blocks)
        return {op: found[op] for op in (ADDED, REMOVED, CHANGED) if found[op]}


@dataclass(frozen=True)
class Comparison:
    """Every field that differs, in the form's order, and the labels of those that do not."""

    changed: list[FieldChange] = field(default_factory=list)
    same: list[str] = field(default_factory=list)


def compare(before: dict, after: dict, *, labels=None, whole=("tags",)) -> Comparison:
    """What became of each field from one content to another.

    `labels` gives field names their words. Fields named in `whole` hold lists whose items are
    the same or not, such as tags and titles; their words are not compared.
    """
    labels = labels or {}
    result = Comparison()
    for name in dict.fromkeys([*after, *before]):
        label = labels.get(name) or name.replace("_", " ").capitalize()
        old, new = before.get(name), after.get(name)
        if old == new or (not old and not new):
            result.same.append(label)
            continue
        blocks = _align(blocks_of(name, old), blocks_of(name, new), exact=name in whole)
        only_markup = all(b.op == SAME for b in blocks)
        result.changed.append(FieldChange(name, label, tuple(blocks), only_markup))
    return result


def compare_text(before: str, after: str) -> list[Run]:
    """The words of two plain texts; joining the runs gives back either, to the character."""
    return _runs(tokens_of(before), tokens_of(after))


def text_before(runs) -> str:
    """The first text, as the shown runs tell it."""
    return "".join(text_of(run.before) for run in runs)


def text_after(runs) -> str:
    """The second text, as the shown runs tell it."""
    return "".join(text_of(run.after) for run in runs)


# Aligning blocks


def _align(old: list[Block], new: list[Block], *, exact: bool = False) -> list[BlockChange]:
    """Equal blocks first; between them the ones most alike, in order; the rest came or went."""
    changes: list[BlockChange] = []
    for tag, i1, i2, j1, j2 in _opcodes(old, new):
        if tag == "equal":
            changes += (_pair(a, b) for a, b in zip(old[i1:i2], new[j1:j2], strict=True))
        else:
            changes += _align_gap(old[i1:i2], new[j1:j2], exact)
    return _mark_moves(changes)


def _align_gap(old, new, exact) -> Iterator[BlockChange]:
    i = j = 0
    if exact:
        pairs = []
    elif len(old) == len(new) == 1 and old[0].kind == new[0].kind == "text":
        pairs = [(0, 0)]
    else:
        pairs = _alike(old, new)
    for a, b in [*pairs, (len(old), len(new))]:
        yield from (_alone(REMOVED, block) for block in old[i:a])
        yield from (_alone(ADDED, block) for block in new[j:b])
        if a < len(old):
            yield _pair(old[a], new[b])
        i, j = a + 1, b + 1


def _alike(old, new) -> list[tuple[int, int]]:
    """Pairs of blocks, in order, whose likeness adds up to the most."""
    if len(old) * len(new) > _PAIRS or _length(old) * _length(new) > 10 * _CELLS:
        likeness = [_likeness(a, b) for a, b in zip(old, new, strict=False)]
        return [(i, i) for i, value in enumerate(likeness) if value]
    best = [[0.0] * (len(new) + 1) for _ in range(len(old) + 1)]
    value = [[_likeness(a, b) for b in new] for a in old]
    for i in range(len(old) - 1, -1, -1):
        for j in range(len(new) - 1, -1, -1):
            together = value[i][j] + best[i + 1][j + 1] if value[i][j] else 0
            best[i][j] = max(best[i + 1][j], best[i][j + 1], together)
    pairs, i, j = [], 0, 0
    while i < len(old) and j < len(new):
        if value[i][j] and best[i][j] == value[i][j] + best[i + 1][j + 1]:
            pairs.append((i, j))
            i, j = i + 1, j + 1
        elif best[i][j] == best[i + 1][j]:
            i += 1
        else:
            j += 1
    return pairs


def _likeness(a: Block, b: Block) -> float:
    """Share of the words that two blocks have in common, 0 when too small to be one block."""
    from rapidfuzz.distance import Indel  # not before it is needed: a reader's worker never does

    old, new = ([t.key for t in block.tokens if not t.text.isspace()] for block in (a, b))
    if len(old) * len(new) <= _CELLS:
        return Indel.normalized_similarity(old, new, score_cutoff=_LIKE)
    share = 2 * (Counter(old) & Counter(new)).total() / (len(old) + len(new))
    return share if share >= _LIKE else 0.0


def _length(blocks) -> int:
    return sum(len(block.tokens) for block in blocks)


def _pair(a: Block, b: Block) -> BlockChange:
    runs = tuple(_runs(a.tokens, b.tokens))
    same = a.kind == b.kind and all(run.op == SAME for run in runs)
    return BlockChange(SAME if same else CHANGED, a, b, runs)


def _alone(op: str, block: Block) -> BlockChange:
    if op == REMOVED:
        return BlockChange(op, block, None, (Run(op, block.tokens, ()),))
    return BlockChange(op, None, block, (Run(op, (), block.tokens),))


def _mark_moves(changes: list[BlockChange]) -> list[BlockChange]:
    removed = Counter(c.before for c in changes if c.op == REMOVED)
    added = Counter(c.after for c in changes if c.op == ADDED)
    moves = removed & added
    left = {REMOVED: Counter(moves), ADDED: Counter(moves)}
    result = []
    for change in changes:
        counts = left.get(change.op, {})
        block = change.before or change.after
        if counts.get(block, 0) > 0:
            counts[block] -= 1
            change = BlockChange(change.op, change.before, change.after, change.runs, moved=True)
        result.append(change)
    return result


# Aligning words


def _runs(old: tuple[Token, ...], new: tuple[Token, ...]) -> list[Run]:
    """The runs from one list of words to another: within a change, removed before added."""
    runs: list[Run] = []
    codes = _opcodes([t.key for t in old], [t.key for t in new])
    for same, i1, i2, j1, j2 in _without_crumbs(codes, old):
        if same:
            runs += _same_words(old[i1:i2], new[j1:j2])
            continue
        if i2 > i1:
            runs.append(Run(REMOVED, old[i1:i2], ()))
        if j2 > j1:
            runs.append(Run(ADDED, (), new[j1:j2]))
    return runs


def _opcodes(old, new) -> list[tuple[str, int, int, int, int]]:
    """Alignment of two sequences; one too long is replaced whole between what is equal around."""
    from rapidfuzz.distance import LCSseq  # not before it is needed: a reader's worker never does

    head = 0
    while head < min(len(old), len(new)) and old[head] == new[head]:
        head += 1
    tail = 0
    while tail < min(len(old), len(new)) - head and old[-1 - tail] == new[-1 - tail]:
        tail += 1
    a, b = len(old) - tail, len(new) - tail
    codes = [("equal", 0, head, 0, head)] if head else []
    if (a - head) * (b - head) > _CELLS:
        codes.append(("replace", head, a, head, b))
    elif a > head or b > head:
        for op in LCSseq.opcodes(old[head:a], new[head:b]):
            tag, i1, i2, j1, j2 = op
            codes.append((tag, i1 + head, i2 + head, j1 + head, j2 + head))
    if tail:
        codes.append(("equal", a, len(old), b, len(new)))
    return _joined(codes)


def _joined(codes) -> list[tuple[str, int, int, int, int]]:
    """Neighbouring codes that are equal, or that are changes, as one."""
    result: list[tuple] = []
    for tag, i1, i2, j1, j2 in codes:
        tag = tag if tag == "equal" else "replace"
        if result and result[-1][0] == tag:
            result[-1] = (tag, result[-1][1], i2, result[-1][3], j2)
        else:
            result.append((tag, i1, i2, j1, j2))
    return result


def _without_crumbs(codes, old) -> list[tuple[bool, int, int, int, int]]:
    """A blank or comma that two changes have between them belongs to the change."""
    kept = []
    for index, (tag, i1, i2, j1, j2) in enumerate(codes):
        inside = 0 < index < len(codes) - 1
        crumb = inside and not any(t.is_citation or t.text[0].isalnum() for t in old[i1:i2])
        kept.append(("replace" if crumb else tag, i1, i2, j1, j2))
    return [(tag == "equal", *places) for tag, *places in _joined(kept)]


def _same_words(old, new) -> Iterator[Run]:
    """Equal words, cut where their form begins or ceases to differ."""
    start = 0
    forms = [(a.form, b.form) for a, b in zip(old, new, strict=True)]
    fates = [pair if pair[0] != pair[1] else None for pair in forms]
    for end in range(1, len(fates) + 1):
        if end == len(fates) or fates[end] != fates[start]:
            op = SAME if fates[start] is None else CHANGED
            yield Run(op, old[start:end], new[start:end])
            start = end


def _form_note(before: Token, after: Token) -> str:
    notes = [f"now {mark}" for mark in sorted(after.marks - before.marks)]
    notes += [f"no longer {mark}" for mark in sorted(before.marks - after.marks)]
    if before.href and after.href and before.href != after.href:
        notes.append(f"link now to {after.href}, before to {before.href}")
    elif after.href != before.href:
        notes.append(f"link to {after.href}" if after.href else f"link to {before.href} removed")
    return ", ".join(notes)


def _spans(tokens) -> Iterator[Span]:
    start = 0
    for end in range(1, len(tokens) + 1):
        first = tokens[start]
        if end == len(tokens) or (tokens[end].form, tokens[end].is_citation) != (
            first.form,
            first.is_citation,
        ):
            yield Span(text_of(tokens[start:end]), first.marks, first.href, first.is_citation)
            start = end
