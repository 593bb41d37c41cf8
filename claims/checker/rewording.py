"""A sentence that goes beyond its assessment, with its verb brought down to what fits.

A rewording is offered only where the whole sentence is of a known plain shape: a name, right
behind it a verb that "may" can soften, and nothing else that claims too much. All else gets none.
"""

import re

from claims.checker.inflect import verb_forms
from claims.checker.lexicon import Hit, bits_of
from claims.checker.normal import Folded
from claims.checker.reading import Reading, hits_of

# Verbs that "may" and "probably" can soften. No wording makes a cure, a reversal, healing or
# regeneration fit low certainty, and a figure of speech ("resets") is better said plainly.
_SOFT = """
    alleviate ameliorate calm decrease delay diminish ease enhance extend help improve increase
    induce lessen lower mitigate prevent prolong protect reduce relieve restore shrink slow
    stabilise stabilize strengthen suppress
""".split()
_BASES = frozenset([*_SOFT, "slow down"])
# "Reduces", and of more than one "reduce".
_BASE = {form: verb for verb in _BASES for form in (verb, verb_forms(verb)[1][0])}
# What is told before a verb in its base form; each gives way to a modal that fits.
_MODALS = {
    "can": "can probably",
    "is able to": "can probably",
    "are able to": "can probably",
    "will": "will probably",
    "is going to": "will probably",
    "are going to": "will probably",
}
_SHOWN_TO = re.compile(r"\b(?:has|have) been (?:shown|found|proven|demonstrated|reported) to\b")
# Groups whose cues would go on claiming too much once the verb is softened: certainty, hype,
# safety, comparison, and benefits beyond the one that the verb tells.
_STILL_WRONG = (
    "absolute", "absolute_mild", "certain_words", "proven", "known_shown", "study",
    "hype", "bright_words", "figure_of_cure", "future_cure",
    "safe", "is_safe", "few_harms", "harm_gone",
    "ranks", "contrast", "runs_down", "falls_short", "fewer_drugs", "drugs_dropped",
    "strong_benefit", "cure_claim", "mend_words", "result_phrase", "again",
)  # fmt: skip
# What may stand in the sentence besides names, the verbs, outcomes and conditions.
_SOBER = frozenset(
    """a an the this in of for from with among and or their its treatment therapy use infusion
    infusions injection injections people patients adults children women men some those
    active early newly diagnosed severe moderate mild acute chronic frequency number rate
    severity level levels chance progress throughout cells cell joint organ tissue nerve
    kidney lung liver blood damage loss activity physical daily long-term short-term""".split()
)
_JOINS = (" and ", " or ", ", ")  # what stands before a second verb of the same subject
_NEXT = re.compile(r" ([\w-]+)")
_NAME = "\0"  # stands for each letter of a name, and of what else has been looked at
_NAMED_AGAIN = re.compile(f" ?[(]{_NAME}+[)]")  # "systemic lupus erythematosus (SLE)"
# What may stand before the verb: "In people with lupus, treatment with MSC therapy ...".
_SUBJECT = re.compile(
    rf"(?:(?:in|for|among) (?:[\w'-]+ ){{0,4}}{_NAME}+,? )?"
    rf"(?:(?:an?|the|this|treatment|therapy|use|infusions?|injections?|of|with) ){{0,4}}"
    rf"{_NAME}+ (?:(?:treatment|therapy|cells?|infusions?|injections?|transplants?) )?"
    rf"(?:(?:in|for) (?:[\w'-]+ ){{0,4}}{_NAME}+ )?",
    re.IGNORECASE,
)


def rewording(reading: Reading, folded: Folded, certainty: str) -> str | None:
    """The sentence with its verb brought down, where its shape leaves no doubt how."""
    if certainty == "high" or reading.sentence.quotation:
        return None
    modals = _modals(reading, folded)
    verbs = _verbs(reading, folded, modals)
    if not (_fit(verbs, modals, folded) and _is_plain(reading, folded, modals + verbs)):
        return None
    if certainty == "very low":
        return _very_uncertain(reading)
    if not modals:
        return _replace(reading, folded, _with_verbs(verbs, folded, certainty))
    word = "may" if certainty == "low" else _MODALS.get(written(modals[0], folded))
    return word and _replace(reading, folded, [(modals[0], word)])


def _modals(reading: Reading, folded: Folded) -> list[Hit]:
    """ "Can", "will", "has been shown to" and the like."""
    shown = [
        Hit(found.start(), found.end(), 0)
        for found in _SHOWN_TO.finditer(folded.plain, reading.start, reading.end)
    ]
    return hits_of(reading, "can", "will_word") + shown


def _verbs(reading: Reading, folded: Folded, modals: list[Hit]) -> list[Hit]:
    """The verbs of benefit; behind a modal the next word too, which "to reduce" may mask."""
    verbs = _outermost(hits_of(reading, "benefit", "mends"))
    found = modals and _NEXT.match(folded.plain, modals[0].end, reading.end)
    if not found or (verbs and verbs[0].start == found.start(1)):
        return verbs
    return [Hit(found.start(1), found.end(1), 0), *verbs]


def _fit(verbs: list[Hit], modals: list[Hit], folded: Folded) -> bool:
    """Whether every verb can be softened and stands in the form that the words before it ask."""
    words = [written(verb, folded) for verb in verbs]
    if not modals:
        joined = all(folded.plain.endswith(_JOINS, 0, verb.start) for verb in verbs[1:])
        return bool(verbs) and joined and all(word in _BASE for word in words)
    if len(modals) > 1 or not verbs or modals[0].end + 1 != verbs[0].start:
        return False
    lead = written(modals[0], folded)
    known = lead in _MODALS or _SHOWN_TO.fullmatch(lead)
    return bool(known) and all(word in _BASES for word in words)


def _is_plain(reading: Reading, folded: Folded, said: list[Hit]) -> bool:
    """Whether a name stands right before what is said, and every other word is a sober one."""
    text = _without_names(reading, folded)
    if not _SUBJECT.fullmatch(text[: said[0].start - reading.start]):
        return False
    for hit in said:
        text = _blotted(text, hit.start - reading.start, hit.end - reading.start)
    known, wrong = bits_of("outcome", "target", "condition"), bits_of(*_STILL_WRONG)
    rest = text
    for hit in reading.spoken:
        start, end = hit.start - reading.start, hit.end - reading.start
        inside = text[start:end].strip(_NAME)
        if hit.bits & wrong and inside and inside != "remission":
            return False
        if hit.bits & known:
            rest = _blotted(rest, start, end)
    words = rest.replace(_NAME, " ").removesuffix(".").replace(",", " ").lower().split()
    return all(word in _SOBER for word in words)


def _without_names(reading: Reading, folded: Folded) -> str:
    """The folded sentence with each name blotted out, so that it keeps its length."""
    text, start = folded.plain[reading.start : reading.end], reading.start
    for named in reading.sentence.mentions:
        a, b = folded.into(named.start) - start, folded.into(named.end - 1) + 1 - start
        text = _blotted(text, a, b)
    return _NAMED_AGAIN.sub(lambda found: _NAME * len(found.group()), text)


def _blotted(text: str, start: int, end: int) -> str:
    return f"{text[:start]}{_NAME * (end - start)}{text[end:]}"


def _with_verbs(verbs: list[Hit], folded: Folded, certainty: str) -> list[tuple[Hit, str]]:
    """ "Reduces pain and improves function": the first verb is hedged, the others follow it."""
    words = [written(verb, folded) for verb in verbs]
    if certainty == "moderate":
        return [(verbs[0], f"probably {words[0]}")]
    bases = [_BASE[word] for word in words]
    return list(zip(verbs, [f"may {bases[0]}", *bases[1:]], strict=True))


def written(hit: Hit, folded: Folded) -> str:
    """A cue as the text writes it, folded."""
    return folded.plain[hit.start : hit.end]


def _outermost(hits: list[Hit]) -> list[Hit]:
    """Without the cues that lie inside a longer one ("slow" in "slow down")."""
    out: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.start, -h.end)):
        if not out or hit.start >= out[-1].end:
            out.append(hit)
    return out


def _replace(reading: Reading, folded: Folded, changes: list[tuple[Hit, str]]) -> str:
    """The sentence with each cue written anew."""
    text, start = reading.sentence.text, reading.sentence.start
    for hit, new in reversed(changes):
        a, b = folded.back(hit.start) - start, folded.back(hit.end - 1) + 1 - start
        text = f"{text[:a]}{new}{text[b:]}"
    return text


def _very_uncertain(reading: Reading) -> str | None:
    """ "We are very uncertain whether ..." before a simple statement that starts with a name."""
    sentence = reading.sentence
    begins = bool(sentence.mentions) and sentence.mentions[0].start == sentence.start
    if "," in sentence.text or reading.heard & bits_of("known_shown") or not begins:
        return None
    if not sentence.text.endswith("."):
        return None
    first = sentence.text.split(None, 1)[0]
    keeps_capital = not first[1:].islower() or sentence.mentions[0].kind == "condition"
    text = sentence.text if keeps_capital else sentence.text[0].lower() + sentence.text[1:]
    return f"We are very uncertain whether {text}"
