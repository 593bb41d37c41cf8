"""How strong a relation a sentence asserts, on the scale of Yu, Li and Wang (2019).

A short ladder over cue groups: the first step that holds decides. It looks at what the
sentence says, not at whether the study behind it could have shown that.
"""

from functools import lru_cache

from claims.checker.lexicon import Lexicon
from claims.checker.pattern import Term, compile_term, match
from claims.checker.reading import Reading

NONE, CORRELATIONAL, CONDITIONAL, DIRECT = range(4)
_FIRM = "causal:s|causal:past"
# (level, any of these, none of these)
_LADDER = (
    (CONDITIONAL, ("possible >5> causal",), ("link", "not_a_result")),
    (CONDITIONAL, ("possible >3> causal:base",), ("not_a_result",)),
    (CORRELATIONAL, ("link",), ("not_a_result",)),
    (CONDITIONAL, ("possible + causal",), ("not_a_result", "comparison_found")),
    (DIRECT, (_FIRM,), ("not_a_result",)),
    (CORRELATIONAL, ("comparison_found",), ("not_a_result", "causal")),
    (DIRECT, ("causal",), ("not_a_result",)),
    (CORRELATIONAL, ("comparison_found",), ("not_a_result",)),
)


@lru_cache(maxsize=4)  # editors may add words, which makes another lexicon
def _spoken_of(lexicon: Lexicon) -> int:
    """Bits of which one must be there for any step of the ladder to hold."""
    return lexicon.bit("causal") | lexicon.bit("link") | lexicon.bit("comparison_found")


@lru_cache(maxsize=4)  # editors may add words, which makes another lexicon
def _ladder(lexicon: Lexicon) -> tuple[tuple[int, tuple[Term, ...], tuple[Term, ...]], ...]:
    return tuple(
        (level, tuple(compile_term(t, lexicon) for t in any_of),
         tuple(compile_term(t, lexicon) for t in none_of))
        for level, any_of, none_of in _LADDER
    )  # fmt: skip


def strength_of(reading: Reading, lexicon: Lexicon, words: str) -> int:
    """0 none, 1 correlational, 2 conditional causal, 3 direct causal."""
    if reading.sentence.question or not reading.heard & _spoken_of(lexicon):
        return NONE

    def holds(term: Term) -> bool:
        return match(term, reading.spoken, reading.heard, 0, words) is not None

    for level, any_of, none_of in _ladder(lexicon):
        if any(map(holds, any_of)) and not any(map(holds, none_of)):
            return level
    return NONE
