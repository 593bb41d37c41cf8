"""What differs between two wordings of a sentence, by name, for people who must judge the change.

It explains and decides nothing: whether a change is harmless is `meaning.py`'s to say, and what
fits none of the names is “words”.
"""

from .typos import is_medicine_like
from .wording import read

_NAMES = {
    "negation": """not no never none nor neither without cannot nobody nothing hardly barely
        scarcely fail fails failed lack lacks absence unable non""",
    "unit": """mg mcg g gram grams kg ml l iu unit units % / second seconds minute minutes hour
        hours day days week weeks month months year years point points mmol percentage daily weekly
        monthly hourly yearly nightly fortnightly cm mm litre liter liters drop drops tablet
        tablets dose doses ‰ $ £ €""",
    "direction": """increase increases increased increasing decrease decreases decreased decreasing
        reduce reduces reduced reducing raise raises raised raising lower lowers lowered lowering
        improve improves improved improving worsen worsens worsened worsening better worse higher
        fewer more less cause causes caused prevent prevents prevented help helps helped harm harms
        harmed benefit benefits harmful beneficial safe unsafe effective ineffective up down rise
        rises rose fall falls fell start starts stop stops begin avoid take above below over under
        > < ≥ ≤ superior inferior protect protects trigger triggers treat treats cure cures ease
        eases aggravate aggravates slow slows speed speeds""",
    "population": """adult adults child children infant infants baby babies adolescent adolescents
        teenager teenagers women woman men man female male girls boys pregnant breastfeeding older
        younger elderly people patient patients volunteers mice mouse rats rat animals animal human
        humans mild moderate severe early late active inactive newly untreated healthy smokers
        population""",
    "hedge": """may might can could would should possibly perhaps probably likely unlikely seem
        seems appear appears suggest suggests suggested indicate indicates sometimes often usually
        rarely occasionally generally typically potentially apparently tend tends think thought
        believed early preliminary some""",
    "certainty": """prove proves proved proven show shows showed shown confirm confirms confirmed
        establish established certain certainly definite definitely always will must sure surely
        guarantee guaranteed clear clearly undoubtedly known unknown evidence demonstrate
        demonstrates demonstrated conclusive strong weak high low unproven uncertain""",
    "quantifier": """all every each any most many few a-few several half majority minority both
        only mainly mostly alone solely exclusively entirely partly nearly almost about roughly
        a-lot a-little a-number-of much little least just exactly approximately up-to""",
    "comparator": """placebo than versus vs compared comparison alone with plus instead rather
        usual standard care sham control alternative""",
    "timing": """before after during until since while when once twice first second last then
        within immediately later earlier already still previously former latter long-term""",
    "route": """oral orally mouth injection injected injections intravenous intravenously infusion
        infusions subcutaneous subcutaneously intramuscular topical topically inhaled nasal rectal
        rectally vein skin muscle cream tablet drip swallowed epidural intrathecal""",
    "question": "?",
}  # fmt: skip
_CLASS_OF: dict[str, list[str]] = {}
for _name, _listed in _NAMES.items():
    for _word in _listed.split():
        _CLASS_OF.setdefault(_word, []).append(_name)

# The order in which they are told, the gravest first.
ORDER = (
    "negation",
    "direction",
    "number",
    "unit",
    "drug",
    "population",
    "certainty",
    "hedge",
    "quantifier",
    "comparator",
    "route",
    "timing",
    "question",
    "order",
    "words",
)


def what_changed(before: str, after: str) -> list[str]:
    """The names of what differs, gravest first; empty where only harmless marks do."""
    from rapidfuzz.distance import (
        Levenshtein,
    )  # not before it is needed: a reader's worker never does

    old, new = read(before), read(after)
    if old.keys == new.keys:
        return []
    if sorted(old.keys) == sorted(new.keys):
        return ["order"]
    touched: set[str] = set()
    for code in Levenshtein.opcodes(old.keys, new.keys):
        if code.tag == "equal":
            continue
        gone = old.keys[code.src_start : code.src_end]
        came = new.keys[code.dest_start : code.dest_end]
        for word in {*gone} ^ {*came}:
            touched.update(_classes(word))
    named = touched - {"words"}
    return [name for name in ORDER if name in (named or touched)]


def _classes(word: str) -> list[str]:
    if word[0].isdecimal():
        return ["number"]
    if word.startswith("^"):
        return ["number"]
    return _CLASS_OF.get(word) or (["drug"] if is_medicine_like(word) else ["words"])
