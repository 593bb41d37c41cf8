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
        observational=sourced and watching >= 2 and not trying and not beasts,
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


def set_article(reading: Reading, article: Article, subject: str) -> None:
    """Note on a sentence what its article is and what its own subject is."""
    bits = 0 if subject else _NO_SUBJECT
    bits |= _SUBJECT.get(subject, 0)
    for name, bit in _TRAITS:
        if getattr(article, name):
            bits |= bit
    reading.properties |= bits
