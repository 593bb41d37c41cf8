"""The reading age shown to editors, and the sentences marked as hard."""

import pytest
from django.urls import reverse

from claims.reading_age import measure, syllables
from tests import factories

EASY = ["Many people plan their days around how they feel.", "You can ask your nurse about it."] * 4
HARD = (
    "Immunomodulatory pharmacotherapy necessitates individualised multidisciplinary consideration "
    "of contraindications, comorbidities and administration before initiation."
)


@pytest.mark.parametrize(
    "word,count",
    [
        ("cell", 1),
        ("trial", 2),
        ("placebo", 3),
        ("remission", 3),
        ("immune", 2),
        ("treated", 2),
        ("causes", 2),
        ("people", 2),
        ("disease", 2),
        ("helped", 1),
    ],
)
def test_syllables_are_counted_as_they_are_spoken(word, count):
    assert syllables(word) == count


def test_plain_words_in_short_sentences_can_be_read_early():
    reading = measure(EASY)
    assert reading.age <= 12 and reading.hard == [] and not reading.is_above_aim


def test_a_sentence_of_long_words_is_marked_and_raises_the_age():
    reading = measure([*EASY, HARD, HARD])
    assert [hard.text for hard in reading.hard] == [HARD, HARD]
    assert reading.hard[0].why == "many long words" and reading.age > measure(EASY).age


def test_a_long_sentence_says_how_many_words_it_has():
    assert measure(["We met and we sat and we ate " * 4 + "."]).hard[0].why == "32 words"


def test_a_text_of_a_few_words_has_no_age():
    assert measure(["It is so."]).age is None


def test_editors_see_the_reading_age_beside_the_text(client, db):
    people = factories.people()
    page = factories.draft(body=f"<p>{' '.join(EASY)} {HARD}</p>").page
    client.force_login(people.editor)
    shown = client.get(reverse("admin:articles_article_review", args=[page.pk])).content.decode()
    assert "Reading age" in shown and "we write for 14" in shown
    assert f"<mark>{HARD}</mark> (many long words)" in shown
