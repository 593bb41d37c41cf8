"""A text as readings, sentence by sentence.

A text of ordinary length is read whole. A very long one is read in parts, so that what is held
of it does not grow with all its cues; what kind of article it is shows in the first part.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from claims.checker.article import Article, Course, article_traits
from claims.checker.blocks import derive_blocks, sentences_of
from claims.checker.citing import attach, attach_mentions
from claims.checker.lexicon import Hit, Lexicon, standard_lexicon
from claims.checker.model import Block, Citation, Sentence
from claims.checker.names import Names
from claims.checker.normal import Folded
from claims.checker.reading import Reading, Topics, mark_absolute, read_sentence, set_properties
from claims.checker.strength import strength_of
from claims.checker.subject import Subjects

PART = 100_000  # characters read at once; longer than any article

Part = tuple[list[Reading], Folded]


def read_text(text, blocks, citations, names, lexicon=None) -> Part:
    """Every sentence of a text of ordinary length, read; and the folded text of its hits."""
    for part in read_parts(text, blocks, citations, names, lexicon):
        return part
    return [], Folded("")


def read_parts(
    text: str,
    blocks: Iterable[Block] | None,
    citations: Iterable[Citation],
    names: Names | None,
    lexicon: Lexicon | None = None,
) -> Iterator[Part]:
    """The sentences of a text in order, a part at a time, with the folded text of each part."""
    lexicon = lexicon or standard_lexicon()
    sentences = list(_sentences(text, blocks))
    attach(sentences, citations)
    state: _State | None = None
    for part in _parts(text, sentences):
        whole = len(part) == len(sentences)
        start = 0 if whole else part[0].start
        folded = Folded(text if whole else text[start : part[-1].end], start)
        readings = _read(part, folded, names, lexicon)
        state = state or _State(article_traits(readings, lexicon), lexicon)
        mark_absolute(readings, lexicon)
        for reading in readings:
            state.mark(reading, folded)
            reading.sentence.strength = strength_of(reading, lexicon, folded.words)
        yield readings, folded


class _State:
    """What is carried from sentence to sentence."""

    def __init__(self, article: Article, lexicon: Lexicon):
        self._sourced = article.sourced
        self._lexicon = lexicon
        self._topics = Topics(lexicon)
        self._subjects = Subjects(lexicon)
        self._course = Course(article, lexicon)

    def mark(self, reading: Reading, folded: Folded) -> None:
        """Note on the next sentence how it speaks, what it is about and where it stands."""
        set_properties(reading, self._lexicon, self._sourced, self._topics.of(reading))
        self._course.mark(reading, self._subjects.of(reading, folded.plain))


def _sentences(text: str, blocks: Iterable[Block] | None) -> Iterable[Sentence]:
    size = len(text)
    for block in derive_blocks(text) if blocks is None else blocks:
        start, end = max(0, block.start), min(size, block.end)
        if start >= end:
            continue
        for a, b in sentences_of(text, Block(start, end, block.kind)):
            yield Sentence(a, b, text[a:b], block.kind)


def _parts(text: str, sentences: list[Sentence]) -> Iterator[list[Sentence]]:
    """The sentences in stretches of about PART characters; all at once where they overlap."""
    in_order = len(text) > PART and all(
        a.end <= b.start for a, b in zip(sentences, sentences[1:], strict=False)
    )
    if not sentences or not in_order:
        yield sentences
        return
    begin = 0
    for index, sentence in enumerate(sentences):
        if sentence.end - sentences[begin].start >= PART:
            yield sentences[begin : index + 1]
            begin = index + 1
    if begin < len(sentences):
        yield sentences[begin:]


def _read(part: list[Sentence], folded: Folded, names: Names | None, lexicon: Lexicon):
    hits = lexicon.find(folded)
    mentions = names.find_folded(folded) if names else []
    attach_mentions(part, mentions)
    return _cut(part, _with_mentions(hits, mentions, folded, lexicon), folded, lexicon)


def _with_mentions(hits: list[Hit], mentions, folded: Folded, lexicon: Lexicon) -> list[Hit]:
    if not mentions:
        return hits
    bits = {
        "therapy": lexicon.bit("named_therapy") | lexicon.bit("therapy"),
        "condition": lexicon.bit("named_condition") | lexicon.bit("condition"),
    }
    named = [Hit(folded.into(m.start), folded.into(m.end - 1) + 1, bits[m.kind]) for m in mentions]
    return sorted(hits + named)


def _cut(sentences, hits: list[Hit], folded: Folded, lexicon: Lexicon) -> list[Reading]:
    starts = [h.start for h in hits]
    readings = []
    for sentence in sentences:
        start, end = folded.into(sentence.start), folded.into(sentence.end)
        mine = hits[bisect_left(starts, start) : bisect_left(starts, end)]
        mine = [h for h in mine if h.end <= end]
        readings.append(read_sentence(sentence, start, end, mine, folded.words, lexicon))
    return readings
