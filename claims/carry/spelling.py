"""One spelling for words that are written in several ways, British or American, old or new.

`uniform` is for comparing only: what it returns need not be a word. A rule stands here only when
no two words of different meaning become one by it.
"""

import re
from functools import lru_cache

_OUR = "behavi|col|fav|hon|lab|tum|hum|neighb|vap|rum|od|vig|rig|harb|flav"
_ELL = "label|travel|model|signal|counsel|cancel|channel|level|fuel|enrol"
_RE = "cent|fib|lit|met|theat|calib|tit|goit|millilit|centimet|millimet|kilomet"
_PARTS = (
    (
        re.compile(r"(behavi|col|fav|hon|lab|tum|hum|neighb|vap|rum|od|vig|rig|harb|flav)our"),
        r"\1or",
    ),
    (re.compile(r"haem"), "hem"),
    (re.compile(r"anaem"), "anem"),
    (re.compile(r"aemi"), "emi"),
    (re.compile(r"paenia"), "penia"),
    (re.compile(r"paed"), "ped"),
    (re.compile(r"oedem"), "edem"),
    (re.compile(r"oesoph"), "esoph"),
    (re.compile(r"oestr"), "estr"),
    (re.compile(r"foet"), "fet"),
    (re.compile(r"faec"), "fec"),
    (re.compile(r"gynaec"), "gynec"),
    (re.compile(r"anaesth"), "anesth"),
    (re.compile(r"rrhoe"), "rrhe"),
    (re.compile(r"pnoe"), "pne"),
    (re.compile(r"coeli"), "celi"),
    (re.compile(r"caec"), "cec"),
    (re.compile(r"aetiol"), "etiol"),
    (re.compile(r"caesar"), "cesar"),
    (re.compile(r"amoeb"), "ameb"),
    (re.compile(r"homoeo"), "homeo"),
    (re.compile(r"naev"), "nev"),
    (re.compile(r"manoeuv(?:re|er)"), "maneuver"),
    (re.compile(r"sulph"), "sulf"),
    (re.compile(r"leuco"), "leuko"),
    (re.compile(r"leucaem|leucem"), "leukem"),
    (re.compile(r"c[iy]closporine?"), "cyclosporin"),
    (
        re.compile(
            r"(label|travel|model|signal|counsel|cancel|channel|level|fuel|enrol)l(?=ed|ing|er)"
        ),
        r"\1",
    ),
    (re.compile(r"(enrol|fulfil|instal|skil|wil)l?(?=ment|ful)"), r"\1"),
    (
        re.compile(
            r"^(cent|fib|lit|met|theat|calib|tit|goit|millilit|centimet|millimet|kilomet)re(s|d)?$"
        ),
        r"\1er\2",
    ),
    (re.compile(r"(anal|catal|dial)ogue"), r"\1og"),
    (re.compile(r"(paral|anal|catal|dial|hydrol)ys(?=e|ing)"), r"\1yz"),
    (re.compile(r"(?<=[a-z]{3})is(?=ation|ations|e$|ed$|es$|er$|ers$|ing$)"), "iz"),
    (re.compile(r"(def|lic|off|pret)ence"), r"\1ense"),
    (re.compile(r"practis"), "practic"),
    (re.compile(r"judgement"), "judgment"),
    (re.compile(r"ageing"), "aging"),
    (re.compile(r"sceptic"), "skeptic"),
)
_WHOLE = {
    "grey": "gray",
    "programme": "program",
    "programmes": "programs",
    "mould": "mold",
    "aluminium": "aluminum",
    "whilst": "while",
    "amongst": "among",
    "towards": "toward",
    "afterwards": "afterward",
    "learnt": "learned",
    "burnt": "burned",
    "orientated": "oriented",
    "fulfil": "fulfill",
    "enrol": "enroll",
    "enrols": "enrolls",
    "alfa": "alpha",
    "crohns": "crohn",
    "hashimotos": "hashimoto",
    "sjogrens": "sjogren",
    "behcets": "behcet",
    "raynauds": "raynaud",
    "versus": "vs",
    "approx": "approximately",
    "milligram": "mg",
    "milligrams": "mg",
    "microgram": "mcg",
    "micrograms": "mcg",
    "μg": "mcg",
    "ug": "mcg",
    "gramme": "gram",
    "grammes": "grams",
    "kilogram": "kg",
    "kilograms": "kg",
    "millilitre": "ml",
    "millilitres": "ml",
    "milliliter": "ml",
    "milliliters": "ml",
    "hr": "hour",
    "hrs": "hours",
    "yr": "year",
    "yrs": "years",
    "wk": "week",
    "wks": "weeks",
}


@lru_cache(maxsize=20_000)
def uniform(word: str) -> str:
    """The one spelling that stands for all ways to write this word (small letters in and out)."""
    if len(word) > 40:
        return word
    known = _WHOLE.get(word)
    if known:
        return known
    for pattern, other in _PARTS:
        word = pattern.sub(other, word)
    return word
