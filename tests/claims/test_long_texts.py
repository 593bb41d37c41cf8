"""What a long text costs, counted and not timed: four times the text costs some four times as much,
where looking at everything for each sentence would cost sixteen times as much."""

import pytest

from claims.models import Claim
from claims.passages import Passages
from editorial import comments
from editorial.text import Block, Cited, Document
from tests import factories

pytestmark = pytest.mark.django_db

BOLD = "Stem cell therapy is a proven, guaranteed cure for lupus."
TOO_MUCH = 8  # times, for four times the text: between four and the square of four


def body(*sentences):
    return "".join(f"<p>{sentence}</p>" for sentence in sentences)


class Counter:
    """How often something was looked at."""

    def __init__(self):
        self.count = 0

    def during(self, function, *given) -> int:
        """The same while this function runs."""
        before = self.count
        function(*given)
        return self.count - before


@pytest.fixture
def looks():
    return Counter()


def test_the_checker_beside_the_writer_looks_at_each_block_a_few_times(client, monkeypatch, looks):
    class Seen(Block):
        @property
        def start(self):
            looks.count += 1
            return self._start

        @start.setter
        def start(self, value):
            self._start = value

    def check(size: int):
        texts = {"title": "", "summary": "", "body": body(*[BOLD] * size)}
        answer = client.post("/admin/claims/check/", texts).json()
        assert answer["blocking"] == size
        assert {stop["field"] for stop in answer["stops"]} == {"body"}

    client.force_login(factories.people().author)
    monkeypatch.setattr("editorial.text.Block", Seen)
    short, long = (looks.during(check, size) for size in (50, 200))
    assert 50 < long < TOO_MUCH * short


def test_saving_a_cited_text_holds_each_citation_against_few_sentences(people, monkeypatch, looks):
    class Position(int):
        def __lt__(self, other):
            looks.count += 1
            return int(self) < other

        def __gt__(self, other):
            looks.count += 1
            return int(self) > other

    def cited(position, source, element=None):
        return Cited(Position(position), source, element)

    def save(size: int):
        sentence = f'Rest helps many people with lupus.<cite data-source="{source.key}"></cite>'
        revision = factories.draft(body=body(*[sentence] * size))
        claims = Claim.objects.standing_on(revision).filter(claim_sources__source=source)
        assert claims.count() == size

    source = factories.source()
    monkeypatch.setattr("editorial.text.Cited", cited)
    short, long = (looks.during(save, size) for size in (50, 200))
    assert 50 < long < TOO_MUCH * short


def test_claims_that_are_replaced_again_are_each_looked_for_once(people, monkeypatch, looks):
    real = Claim.__eq__

    def same(self, other):
        looks.count += 1
        return real(self, other)

    def written(days: int, size: int) -> str:
        herbs = (f"{'bcdfghjkmn'[n % 10]}o{'lprt'[n // 10]}ium" for n in range(size))
        return body(*(f"The herb {herb} cures lupus in {days} days." for herb in herbs))

    def edit(size: int) -> int:
        page = factories.draft(body=written(10, size)).page
        factories.draft(page=page, body=written(20, size))
        assert page.claims.filter(became__isnull=False).count() == size
        return looks.during(lambda: factories.draft(page=page, body=written(30, size)))

    monkeypatch.setattr(Claim, "__eq__", same)
    short, long = edit(10), edit(40)
    assert long < TOO_MUCH * max(short, 10)


def test_comments_are_carried_along_without_a_look_at_every_sentence_for_each(
    people, monkeypatch, looks
):
    class Seen(list):
        def __iter__(self):
            for item in super().__iter__():
                looks.count += 1
                yield item

        def __getitem__(self, place):
            looks.count += 1
            return super().__getitem__(place)

    def edit(size: int) -> int:
        sentences = [f"Rest number {n} is taken at noon." for n in range(size)]
        revision = factories.draft(body=body(*sentences))
        for sentence in sentences:
            comments.add(revision, text="When?", quote=sentence, by=people.reviewer)
        edited = body("A new beginning.", *sentences)
        cost = looks.during(lambda: factories.draft(page=revision.page, body=edited))
        newest = revision.page.latest_revision()
        assert newest.comment_places.filter(fate="same").count() == size
        return cost

    cut = Passages.sentences
    monkeypatch.setattr(Passages, "sentences", lambda self, document: Seen(cut(self, document)))
    short, long = edit(10), edit(40)
    assert 40 < long < TOO_MUCH * short


def test_a_text_finds_the_block_of_an_offset_whatever_stands_before_it():
    document = Document("Title", "", "<p>One.</p><ul><li>Two.</li></ul><p>Three.</p>")
    found = [document.block_at(at) for at in range(-1, len(document.text) + 1)]
    for at, block in enumerate(found, -1):
        holding = [b for b in document.blocks if b.start <= at < b.end]
        assert ([block] if block else []) == holding
