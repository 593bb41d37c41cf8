"""The two questions the rest of the site asks: `carry` for one claim, `carry_all` for a page."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from .matching import Sides, match
from .wording import flat, read

# A sentence that begins with one of these speaks of what the sentence before it named.
_POINTING = frozenset("it they this these those that he she both such neither".split())
_SUBJECT = 4  # words from the start of a sentence in which its subject is looked for


@dataclass(frozen=True)
class Carried:
    """What became of a sentence: `keep`, `reopen` or `gone`, and where it stands now."""

    outcome: str
    text: str | None = None
    index: int | None = None


def carry(claim: str, after: Sequence[str], taken: Iterable[int] = ()) -> Carried:
    """Find one decided sentence among the sentences of the edited text; see `carry_all`.

    `taken` are indexes of `after` that other claims stand on already.
    """
    return carry_all([claim], after, taken=taken)[0]


def carry_all(
    claims: Sequence[str],
    after: Sequence[str],
    before: Sequence[str] | None = None,
    taken: Iterable[int] = (),
) -> list[Carried]:
    """What became of each claim of a page, in the order given.

    `after` are the sentences of the edited text, `before` those of the text it was edited from:
    they tell a claim from its neighbours. Without `before` the claims themselves, in the order of
    their text, take its place. `keep` means: the same assertion, its decision stands. `reopen`:
    in its place stands a sentence that may mean something else. No two claims keep one sentence.
    Never raises; the time is nearly linear in the number of sentences.
    """
    if not claims:
        return []
    old = list(claims if before is None else before)
    placed = len(old)
    nodes = _nodes(claims, old)
    sides = match(old, list(after), placed, taken)
    if before is not None:
        _reopen_what_points_back(sides, placed)
    return [_carried(sides, node) for node in nodes]


def _nodes(claims: Sequence[str], old: list[str]) -> list[int]:
    """For each claim its sentence in the old text; one that is not there is put after it.

    A claim may be known in words that differ harmlessly from those of the old text.
    """
    nodes = _exact_places(claims, old)
    missing = [i for i, node in enumerate(nodes) if node is None]
    if missing:
        used = [node for node in nodes if node is not None]
        found = match([claims[i] for i in missing], list(old), len(missing), used)
        for i, to, outcome in zip(missing, found.to, found.outcome, strict=True):
            if outcome == "keep":
                nodes[i] = to
            else:
                old.append(claims[i])
                nodes[i] = len(old) - 1
    return nodes


def _exact_places(claims: Sequence[str], old: list[str]) -> list[int | None]:
    places: dict[str, list[int]] = defaultdict(list)
    for index, sentence in enumerate(old):
        places[flat(sentence)].append(index)
    for found in places.values():
        found.reverse()
    keys = (flat(claim) for claim in claims)
    return [places[key].pop() if places.get(key) else None for key in keys]


def _carried(sides: Sides, node: int) -> Carried:
    index = sides.to[node]
    if index is None:
        return Carried("gone")
    return Carried(sides.outcome[node], sides.new[index], index)


def _reopen_what_points_back(sides: Sides, placed: int) -> None:
    """“It must be taken weekly” is another claim once the sentence before it names another drug."""
    pointing = False
    for node in range(1, placed):
        index, named = sides.to[node], sides.to[node - 1]
        if sides.outcome[node] != "keep" or index is None or named != index - 1:
            pointing = False
            continue
        if _first_word(sides.old[node]) not in _POINTING:
            pointing = False
            continue
        changed = sides.outcome[node - 1] == "reopen" and (
            pointing or _names_another(sides.old[node - 1], sides.new[named])
        )
        if changed:
            sides.outcome[node] = "reopen"
        pointing = changed


def _first_word(sentence: str) -> str:
    return next(iter(read(sentence[:60]).keys), "")


def _names_another(before: str, after: str) -> bool:
    """Whether a word of the subject, at the start, was put in another's place."""
    old, new = read(before).keys[:_SUBJECT], read(after).keys[:_SUBJECT]
    differing = [(a, b) for a, b in zip(old, new, strict=False) if a != b]
    return len(differing) == 1 and all(len(w) > 3 and w.isalpha() for w in differing[0])
