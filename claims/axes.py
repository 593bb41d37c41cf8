"""Which way a sentence points and what it says of safety, read from its words. Plain Python.

A reading, not a judgement: a moderator can correct it, and the correction stays with the claim.
"""

import re
from functools import lru_cache

BENEFIT, HARM, NO_EFFECT, UNCLEAR = "benefit", "harm", "no_effect", "unclear"
SILENT, NAMES_HARM, SAYS_SAFE, ADVICE = "silent", "names_harm", "says_safe", "advice"


_WORD = re.compile(r"\w+")


def _words(text: str) -> re.Pattern:
    return re.compile("|".join(text.split()))


_GOOD_VERBS = _words(
    r"improv(?:e|es|ed|ing) help(?:s|ed|ing)? reliev(?:e|es|ed|ing) eas(?:e|es|ed|ing)"
    r" cur(?:e|es|ed|ing) heal(?:s|ed|ing)? prevent(?:s|ed|ing)? protect(?:s|ed|ing)?"
    r" benefit(?:s|ed|ing)? slow(?:s|ed|ing)? halt(?:s|ed|ing)?"
    r" revers(?:e|es|ed|ing) restor(?:e|es|ed|ing) beneficial effective remission"
    r" recover(?:y|s|ed)? superior works? better"
)
_LESS = _words(
    r"reduc(?:e|es|ed|ing|tion) decreas(?:e|es|ed|ing) lower(?:s|ed|ing)? fewer less"
    r" control(?:s|led)? suppress(?:es|ed|ing)? treat(?:s|ed)?"
)
_MORE = _words(
    r"increas(?:e|es|ed|ing) rais(?:e|es|ed|ing) more higher greater caus(?:e|es|ed|ing)"
    r" trigger(?:s|ed|ing)? lead(?:s|ing)? led"
)
_BAD_VERBS = _words(
    r"worsen(?:s|ed|ing)? harm(?:s|ed|ful|ing)? damag(?:e|es|ed|ing) kill(?:s|ed|ing)?"
    r" aggravat(?:e|es|ed|ing) dangerous toxic unsafe worse inferior injur(?:y|es|ed)"
)
_BAD_THINGS = _words(
    r"infections? risks? cancers? deaths? die[sd]? pain flares? relapses? symptoms? inflammation"
    r" disabilit(?:y|ies) fatigue tiredness damage bleeding side adverse harms? mortality nausea"
    r" headaches? fractures? thrombos[ei]s clots? lymphomas? tumou?rs? failure disease activity"
    r" attacks? complications? hospitali[sz]ations?"
)
_KINDS = (_GOOD_VERBS, _LESS, _MORE, _BAD_VERBS, _BAD_THINGS)
# What follows is held against small letters: to pass over case takes twice as long.
_NO_EFFECT = re.compile(
    r"\b(?:no (?:\w+ ){0,2}(?:effect|benefit|difference|improvement|advantage"
    r"|evidence of (?:an )?(?:effect|benefit))|(?:no|not) (?:\w+ ){0,1}(?:better|more effective"
    r"|superior)|ineffective|did nothing"
    r"|as (?:often|much|well) (?:as|with) placebo|same as placebo|does not work|do not work)\b"
)
_OPEN = re.compile(
    r"\b(?:whether|(?:is|are|remains?) (?:not known|unknown|unclear|uncertain)|not known"
    r"|(?:not|never) been (?:shown|tested|studied|proven)|too (?:few|little|small))\b"
)
_SAFE = re.compile(
    r"\b(?:(?:is|are|was|were|completely|perfectly|entirely) safe|safely|harmless|"
    r"(?:no|without|free of) (?:\w+ ){0,2}(?:side effects?|risks?|harms?|adverse events?))\b"
)
_HARMS = re.compile(
    r"\b(?:side effects?|adverse|infections?|toxic(?:ity)?|bleeding|cancers?|lymphomas?|deaths?"
    r"|died?|fractures?|thrombos[ei]s|clots?|harm(?:s|ed|ful)?|dangerous|unsafe|birth defects?"
    r"|miscarriages?|liver (?:damage|failure|injury)"
    r"|kidney (?:damage|failure|injury)|nausea|vomiting|rash)\b"
)
_ADVICE = re.compile(
    r"^(?:stop|start|take|avoid|try|use|double|skip|replace|ask|do not (?:stop|take|use))\b"
    r"|\byou (?:should|must|can (?:stop|skip|replace)|need to|may stop)\b"
    r"|\b(?:patients|people|everyone) (?:should|must) (?:stop|take|avoid|start|use|try)\b"
)


def direction_of(text: str, *, negated: bool = False, question: bool = False) -> str:
    """`benefit`, `harm`, `no_effect` or `unclear`: which way a sentence says a therapy works."""
    text = text.lower()
    if question or _OPEN.search(text):
        return UNCLEAR
    if _NO_EFFECT.search(text):
        return NO_EFFECT
    kinds = set().union(*map(_kinds_of, _WORD.findall(text)))
    good = _GOOD_VERBS in kinds or {_BAD_THINGS, _LESS} <= kinds
    bad = _BAD_VERBS in kinds or {_BAD_THINGS, _MORE} <= kinds
    if good and bad:
        return UNCLEAR
    if good:
        return NO_EFFECT if negated else BENEFIT
    if bad:
        return NO_EFFECT if negated else HARM
    return UNCLEAR


@lru_cache(maxsize=20_000)
def _kinds_of(word: str) -> frozenset[re.Pattern]:
    """Which of the lists a word in small letters is in: few words make most of all texts."""
    return frozenset(kind for kind in _KINDS if kind.fullmatch(word))


def safety_of(text: str) -> str:
    """`advice`, `says_safe`, `names_harm` or `silent`: the first of these that fits."""
    text = text.strip().lower()
    if _ADVICE.search(text):
        return ADVICE
    if _SAFE.search(text):
        return SAYS_SAFE
    return NAMES_HARM if _HARMS.search(text) else SILENT
