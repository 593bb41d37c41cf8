"""What an article is as a whole: news of a named study, work in animals, a seller's page."""

from typing import NamedTuple

from claims.checker.lexicon import Lexicon
from claims.checker.pattern import property_bit
from claims.checker.reading import Reading

_ENOUGH_SELLING = 2  # sentences that sell before the whole page is a seller's
_ENOUGH_ANIMALS = 2


class Article(NamedTuple):
    """Traits that change how every sentence of the text is read."""

    sourced: bool = False
    animals: bool = False
    observational: bool = False
    seller: bool = False


def article_traits(readings: list[Reading], lexicon: Lexicon) -> Article:
    """The traits of one text, from the cues of all its sentences."""
    bit = lexicon.bit
    publication, source = bit("publication"), bit("named_source")
    sell = bit("sell") | bit("seller_voice")
    animals, watched, tried = bit("animals_told"), bit("observed_only"), bit("put_to_trial")
    signs = published = selling = beasts = watching = trying = 0
    for reading in readings:
        heard = reading.heard
        published += bool(heard & publication)
        selling += bool(heard & sell)
        beasts += bool(heard & animals)
        watching += bool(heard & watched)
        trying += bool(heard & tried)
        if heard & (source | publication):
            signs += sum(bool(h.bits & (source | publication)) for h in reading.spoken)
    sourced = bool(published) and signs >= 2
    return Article(
        sourced=sourced,
        animals=sourced and beasts >= _ENOUGH_ANIMALS,
        observational=sourced and watching >= 2 and trying < 2 and not beasts,
        seller=selling >= _ENOUGH_SELLING and not sourced,
    )


_SUBJECT = {
    kind: property_bit(f"subject_{kind}")
    for kind in ("therapy", "lifestyle", "standard", "patients", "condition")
}
_NO_SUBJECT = property_bit("subject_none")
_TRAITS = (
    ("animals", property_bit("about_animals")),
    ("observational", property_bit("observational")),
    ("seller", property_bit("seller")),
)


_TOPIC = property_bit("topic_therapy")
_UNDER = property_bit("under_benefits")
_LONGEST_ITEM = 160  # characters of a line that may be an item of a list


class Course:
    """What was said before each sentence: the therapy spoken of, the list it stands in."""

    def __init__(self, article: Article, lexicon: Lexicon):
        self._traits = 0
        for name, bit in _TRAITS:
            if getattr(article, name):
                self._traits |= bit
        self._therapy = lexicon.bit("unproven") | lexicon.bit("lifestyle")
        self._gains = lexicon.bit("lists_gains")
        self._harms = lexicon.bit("harms_told") | lexicon.bit("harm_claim")
        self._topic = 0
        self._listing = self._colon = False

    def mark(self, reading: Reading, subject: str) -> None:
        """Note on the next sentence what its article is, what it is about, where it stands."""
        bits = self._traits | _SUBJECT.get(subject, 0) | (0 if subject else _NO_SUBJECT)
        if reading.heard & self._therapy:
            self._topic = _TOPIC
        bits |= self._topic
        text = reading.sentence.text
        if self._listing and len(text) <= _LONGEST_ITEM and _is_item(reading, self._colon):
            bits |= _UNDER
        else:
            self._colon = text.endswith(":")
            self._listing = (
                bool(self._topic)
                and subject not in ("standard", "condition")
                and (self._colon or reading.sentence.kind == "heading")
                and bool(reading.present & self._gains)
                and not reading.heard & self._harms
            )
        reading.properties |= bits


def _is_item(reading: Reading, after_colon: bool) -> bool:
    kind, text = reading.sentence.kind, reading.sentence.text
    if kind in ("item", "cell"):
        return True
    return after_colon and (kind == "heading" or text[-1] in ";," or text[:1].islower())
