"""Which sentence of the edited text each sentence of the old one became.

Exact sentences first, then those with the same words of meaning, then near ones, each sentence at
most once; so a claim never lands on a neighbour that is another sentence of the old text. Words
are looked up in an index first, so that the time is nearly linear in the number of sentences.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from .meaning import is_same_assertion
from .wording import Wording, flat, read

_NEAR = 0.6  # share of words in common; below this two sentences are two claims
_NEAR_IN_PLACE = 0.45  # the same where both stand between the same neighbours
_HELD = 0.75  # share of a claim's words that a merged sentence must hold
_NEAR_ALONE = 0.3  # the same where no other sentence stands between those neighbours
_FAR = 0.25  # below this they are not looked at
_STEM = 6  # letters of a word that count when sentences are looked for (never for their meaning)
_RAREST = 10  # words looked up for each sentence
_POSTINGS = 24  # places looked at for each word
_CANDIDATES = 8
_BESIDE = 4
_SMALL_GROUP = 30
SMALL_WORDS = frozenset(
    "of in to and or for with on at by from as it is was has be been that this these those "
    "do".split()
)


@dataclass(slots=True)
class Sides:
    """Old and new sentences with who became whom: `to[old]` and `taken[new]`, None for nobody."""

    old: list[str]
    new: list[str]
    to: list[int | None]
    outcome: list[str]
    taken: dict[int, int]
    blocked: frozenset[int]

    def pair(self, a: int, b: int, outcome: str) -> None:
        """Say that old sentence `a` became new sentence `b`."""
        self.to[a], self.outcome[a], self.taken[b] = b, outcome, a

    def free_old(self) -> list[int]:
        """Old sentences that are not found yet."""
        return [i for i, to in enumerate(self.to) if to is None]

    def free_new(self) -> list[int]:
        """New sentences that nobody stands on."""
        size = len(self.new)
        return [i for i in range(size) if i not in self.taken and i not in self.blocked]


def match(old: list[str], new: list[str], placed: int, blocked: Iterable[int] = ()) -> Sides:
    """Match sentences. The first `placed` of `old` stand in the order of one text; the others are
    known from elsewhere (an older revision) and come after them where both want a sentence."""
    sides = Sides(old, new, [None] * len(old), ["gone"] * len(old), {}, frozenset(blocked))
    flat_old, flat_new = [flat(s) for s in old], [flat(s) for s in new]
    _pair_equal(sides, flat_old, flat_new, placed, flat_old, flat_new)
    if not sides.free_old() or not sides.free_new():
        return sides
    words_old = {i: Bag.of(old[i]) for i in sides.free_old()}
    words_new = {i: Bag.of(new[i]) for i in sides.free_new()}
    keys_old = [words_old[i].wording.keys if i in words_old else () for i in range(len(old))]
    keys_new = [words_new[i].wording.keys if i in words_new else () for i in range(len(new))]
    _pair_equal(sides, keys_old, keys_new, placed, flat_old, flat_new)
    places = _places(sides, placed)
    _pair_near(sides, words_old, words_new, places, range(placed))
    _pair_near(sides, words_old, words_new, places, range(placed, len(old)))
    _share_changed(sides, words_old, words_new, placed)
    return sides


def _pair_equal(sides: Sides, keys_old, keys_new, placed: int, flat_old, flat_new) -> None:
    """Pair free sentences with equal, non-empty keys; neighbours decide among several."""
    olds, news = defaultdict(list), defaultdict(list)
    for i in sides.free_old():
        olds[keys_old[i]].append(i)
    for i in sides.free_new():
        news[keys_new[i]].append(i)
    for key, mine in olds.items():
        theirs = news.get(key)
        if key == () or not theirs:
            continue
        if len(mine) != len(theirs) and len(mine) * len(theirs) <= _SMALL_GROUP**2:
            mine, theirs = _by_neighbours(mine, theirs, placed, flat_old, flat_new)
        for a, b in zip(mine, theirs, strict=False):
            sides.pair(a, b, "keep")


def _by_neighbours(mine, theirs, placed: int, flat_old, flat_new) -> tuple[list[int], list[int]]:
    """The pairs whose neighbours agree best, sentences of the text itself first."""
    ranked = sorted(
        (-_agreement(a, b, placed, flat_old, flat_new), a >= placed, a, b)
        for a in mine
        for b in theirs
    )
    left, right = [], []
    for _, _, a, b in ranked:
        if a not in left and b not in right:
            left.append(a)
            right.append(b)
    return left, right


def _agreement(a: int, b: int, placed: int, flat_old, flat_new) -> int:
    if a >= placed:
        return -1
    before = a > 0 and b > 0 and flat_old[a - 1] == flat_new[b - 1]
    after = a + 1 < placed and b + 1 < len(flat_new) and flat_old[a + 1] == flat_new[b + 1]
    first = a == 0 and b == 0
    last = a + 1 == placed and b + 1 == len(flat_new)
    return before + after + first + last


@dataclass(frozen=True, slots=True)
class Place:
    """Where an old sentence would stand now: between two new ones, about `at`."""

    low: int
    high: int
    at: int


_NOWHERE = Place(0, 0, 0)


def _places(sides: Sides, placed: int) -> list[Place]:
    """For each old sentence of the text its place, from the nearest neighbours that were found."""
    low, high, at = [-1] * placed, [len(sides.new)] * placed, [0] * placed
    found, since = -1, 0
    for i in range(placed):
        low[i], at[i] = found, found + since + 1
        if sides.to[i] is None:
            since += 1
        else:
            found, since = sides.to[i], 0
    found = len(sides.new)
    for i in range(placed - 1, -1, -1):
        high[i] = found
        found = found if sides.to[i] is None else sides.to[i]
    return [Place(*place) for place in zip(low, high, at, strict=True)]


def _pair_near(sides: Sides, words_old, words_new, places, which: range) -> None:
    """Pair the nearest first. Those that say the same keep; the others are to be asked again."""
    free = sides.free_new()
    index = _index(free, words_new)
    found = []
    for a in which:
        if sides.to[a] is not None:
            continue
        place = places[a] if a < len(places) else _NOWHERE
        for b in _candidates(words_old[a], free, index, place):
            in_place = place.low < b < place.high
            near = nearness(words_old[a], words_new[b])
            same = near >= _FAR and is_same_assertion(words_old[a].wording, words_new[b].wording)
            if not same and near < _threshold(in_place, place):
                continue
            found.append((not same, -near - 0.08 * in_place, abs(b - place.at), a, b))
    for is_changed, _, _, a, b in sorted(found):
        if sides.to[a] is None and b not in sides.taken:
            sides.pair(a, b, "reopen" if is_changed else "keep")


def _threshold(in_place: bool, place: Place) -> float:
    if not in_place:
        return _NEAR
    return _NEAR_ALONE if place.high - place.low == 2 else _NEAR_IN_PLACE


def _index(which: list[int], words: dict[int, "Bag"]) -> dict[str, list[int]]:
    index: dict[str, list[int]] = defaultdict(list)
    for i in which:
        for key in words[i].counts:
            index[key].append(i)
    return index


def _candidates(wanted: "Bag", free: list[int], index, place: Place) -> list[int]:
    """New sentences that share rare words with a sentence, and those in its place."""
    lists = sorted((index[k] for k in wanted.counts if k in index), key=len)
    votes: Counter[int] = Counter()
    for places in lists[:_RAREST]:
        weight = 1 / len(places)
        for i in _around(places, place.at, _POSTINGS):
            votes[i] += weight
    best = [i for i, _ in votes.most_common(_CANDIDATES)]
    beside = [i for i in _around(free, place.at, _BESIDE) if place.low < i < place.high]
    return list(dict.fromkeys(best + beside))


def _around(places: list[int], position: int, count: int) -> list[int]:
    """At most `count` of some sorted places, the ones about a position."""
    if len(places) <= count:
        return places
    at = bisect_left(places, position)
    start = max(0, min(at - count // 2, len(places) - count))
    return places[start : start + count]


@dataclass(frozen=True, slots=True)
class Bag:
    """A sentence's words that are not small ones: in order, and how often each."""

    wording: Wording
    content: list[str]
    counts: dict[str, int]

    @classmethod
    def of(cls, sentence: str) -> "Bag":
        """The bag of a sentence; one of small words only keeps those."""
        wording = read(sentence)
        content = [k[:_STEM] for k in wording.keys if k not in SMALL_WORDS]
        content = content or list(wording.keys)
        return cls(wording, content, Counter(content))


def nearness(old: Bag, new: Bag) -> float:
    """How much two sentences have in common, 0 to 1; a sentence inside another one counts."""
    from rapidfuzz.distance import LCSseq  # not before it is needed: a reader's worker never does

    sizes = len(old.content), len(new.content)
    if not all(sizes):
        return 0.0
    few, many = sorted((old.counts, new.counts), key=len)
    in_all = sum(min(n, many[k]) for k, n in few.items() if k in many)
    if in_all < _FAR * min(sizes):
        return 0.0
    in_order = LCSseq.similarity(old.content, new.content)
    near = max(2 * in_order, 1.8 * in_all) / sum(sizes)
    # Merged into a longer sentence, or cut down to a shorter one.
    if in_order >= 3:
        inside = in_order / min(sizes)
        if inside >= _HELD and in_order / sizes[0] >= 0.4:
            near = max(near, 0.85 * inside)
    return near


def _share_changed(sides: Sides, words_old, words_new, placed: int) -> None:
    """Sentences merged into one that has already been paired as changed stand there as well;
    those known from elsewhere may stand beside any changed sentence near to them."""
    changed = [b for b, a in sides.taken.items() if sides.outcome[a] == "reopen"]
    if not changed:
        return
    changed.sort()
    index = _index(changed, words_new)
    for a in sides.free_old():
        best, best_near = None, _NEAR
        for b in _candidates(words_old[a], changed, index, _NOWHERE):
            near = nearness(words_old[a], words_new[b])
            may_share = a >= placed or _holds(words_new[b].content, words_old[a].content)
            if near > best_near and may_share:
                best, best_near = b, near
        if best is not None:
            sides.to[a], sides.outcome[a] = best, "reopen"


def _holds(whole: list[str], part: list[str]) -> bool:
    """Whether a longer sentence holds most words of a shorter one, in order."""
    from rapidfuzz.distance import LCSseq  # not before it is needed: a reader's worker never does

    longer = len(whole) >= len(part) * 1.4
    return longer and LCSseq.similarity(part, whole) >= _HELD * len(part)
