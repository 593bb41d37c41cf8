"""What the learned part sees of a sentence: its phrases, its cue groups, how the rules read it.

Phrases are one to three words as they stand in `Folded.words`, never across a mark. Cue
groups are asked for by name and passed over where the cue files do not have them, so the cue
files may change freely; the weights are then made anew.
"""

from claims.checker.inflect import FORMS
from claims.checker.lexicon import Lexicon
from claims.checker.pattern import PROPERTIES, property_bit
from claims.checker.reading import Reading

LONGEST = 3
# Groups of which the presence tells something, before denials have silenced any of their cues.
HEARD = (
    "causal", "causal:s", "causal:past", "causal:base", "causal:ing", "link", "comparison_found",
    "possible", "not_a_result", "participle", "negation", "hedge", "may", "can", "probably",
    "enquiry", "aim", "caution_on_evidence", "stated_limit", "caution", "numeral", "percent",
    "year", "study", "study_shows", "attribution", "named_source", "consult_advice", "animals",
    "patients", "condition", "therapy", "harms_told", "definition", "denial", "hearsay",
    "hearsay_by", "third_party", "promise_warned", "no_subject", "research_to_come", "sober",
    "caution_plain",
)  # fmt: skip
# Properties that say where a sentence stands rather than what it says, or that no training
# text has.
_LEFT_OUT = frozenset({"cited", "short", "title", "paragraph", "about_unproven", "about_standard"})
ALWAYS = "always"
# Beginnings of words, in letters: "heali*" knows a form of "healing" that no training text has.
STEMS = (4, 6)
STEM = "*"
# Words that join others and mean nothing alone; what a model made of them would be chance.
_JOINING = frozenset(
    "a an the of to in on at by for with from as and or but nor so yet than then that this these "
    "those it its they them their he she his her him we us our you your i my me is are was were "
    "be been being am do does did have has had having can will would should may might could must "
    "shall not no there here who whom whose which what when where why how all any both each few "
    "more most other some such only own same too very just also into onto over under up down out "
    "off again once while if because until about between during before after above below through "
    "against one two three four five six seven eight nine ten first many much every still even "
    "per via".split()
)


class Bits:
    """Which feature each bit of a reading stands for, for one lexicon."""

    def __init__(self, lexicon: Lexicon):
        self.heard = [(lexicon.bit(n), f"heard:{n}") for n in HEARD if lexicon.knows(n)]
        # What is left once denials, aims and questions are heard: any group, in any form.
        names = [*lexicon.groups, *(f"{n}:{form}" for n in lexicon.groups for form in FORMS)]
        self.live = [(lexicon.bit(n), f"live:{n}") for n in names if lexicon.knows(n)]
        kept = [n for n in PROPERTIES if n not in _LEFT_OUT]
        self.properties = [(property_bit(n), f"is:{n}") for n in kept]

    def of(self, reading: Reading) -> list[str]:
        """The names of all features of a reading that are not phrases."""
        out = [ALWAYS]
        out += [name for bit, name in self.heard if bit & reading.heard]
        out += [name for bit, name in self.live if bit & reading.present]
        out += [name for bit, name in self.properties if bit & reading.properties]
        return out


def phrases_of(words: str) -> set[str]:
    """Every phrase worth learning from in a stretch of `Folded.words`."""
    out = set()
    for run in words.split("  "):
        parts = run.split()
        for size in range(1, LONGEST + 1):
            for at in range(len(parts) - size + 1):
                if _tells(parts[at : at + size]):
                    out.add(" ".join(parts[at : at + size]))
        out.update(word[:size] + STEM for word in parts for size in STEMS if len(word) > size)
    return out


def _tells(parts: list[str]) -> bool:
    if len(parts) == 1:
        return len(parts[0]) > 2 and parts[0] not in _JOINING
    return any(part not in _JOINING for part in parts)
