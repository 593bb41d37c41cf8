"""Plain text as it is saved from web pages becomes clean articles."""

import pytest

from articles.importers.article import Unreadable
from articles.importers.mending import mend
from articles.importers.reading import read

LEAD = "Joint pain can begin slowly and spread over many months before anybody names it."
MORE = "A rheumatologist asks about stiffness in the morning and looks at each joint in turn."


def text(*lines, name="page.txt"):
    return read("\n".join(lines).encode(), name)


def body(*lines):
    return text("A title about joint pain", *lines).body_html


def test_the_first_line_is_the_title_and_gives_the_slug():
    article = text("When joint pain needs a doctor", LEAD)
    assert (article.title, article.slug) == (
        "When joint pain needs a doctor",
        "when-joint-pain-needs-a-doctor",
    )
    assert article.body_html == f"<p>{LEAD}</p>"


@pytest.mark.parametrize(
    "second",
    [
        "When joint pain needs a doctor",
        f"When joint pain needs a doctor {LEAD}",
        f"When Joint Pain Needs A Doctor: {LEAD}",
        f"When joint pain needs a doctor March 5, 2024 {LEAD}",
        f"When joint pain needs a doctor When joint pain needs a doctor {LEAD}",
    ],
)
def test_a_title_repeated_in_the_first_lines_is_removed(second):
    article = text("When joint pain needs a doctor", second, LEAD)
    assert "needs a doctor" not in article.body_html.lower()
    assert article.body_html.startswith(f"<p>{LEAD}</p>")


def test_a_sentence_that_only_begins_like_the_title_stays_whole():
    line = "Joint pain at night is often a sign of inflammation and should be looked at."
    assert text("Joint pain at night", line).body_html == f"<p>{line}</p>"


def test_the_name_of_the_site_behind_the_title_goes_when_the_title_is_repeated_without_it():
    article = text(
        "When joint pain needs a doctor - Daily Health", "When joint pain needs a doctor", LEAD
    )
    assert article.title == "When joint pain needs a doctor"


def test_a_text_without_a_title_is_named_after_its_file():
    long = f"{LEAD} {MORE} {LEAD}"
    article = text(long, name="folder/joint_pain-guide.txt")
    assert article.title == "Joint pain guide"
    assert article.body_html == f"<p>{long}</p>"


@pytest.mark.parametrize(
    "line",
    [
        "March 5, 2024",
        "Published: 5 March 2024 | By Ann Example",
        "By Dr. Ann Example, MD",
        "Posted by admin on 2024-03-05",
        "Last updated on Tuesday, March 5th, 2024 at 10:30 am",
        "3 weeks ago",
        "5 min read",
        "Reading time: 4 minutes",
        "Facebook Twitter Pinterest WhatsApp",
        "Share this article",
        "Share on Facebook",
        "0 Comments",
        "Home » Health » Joints",
        "Skip to content",
        "Advertisement",
        "© 2024 Daily Health. All rights reserved.",
        "Photo by Ann Example",
        "Leave a comment",
        "Table of Contents",
        "Check Also: Ten Foods For Sore Joints",
        "Read also: How to sleep with sore joints",
        "Related: Is it gout?",
        "You may also like: Swimming for beginners",
        "Tags: joints, pain",
    ],
)
def test_what_stands_around_an_article_is_dropped(line):
    assert body(LEAD, line, MORE) == f"<p>{LEAD}</p>\n<p>{MORE}</p>"


@pytest.mark.parametrize(
    "line",
    [
        "Related conditions include gout, and they are treated in quite another way.",
        "Share decisions with your doctor, and bring somebody along if you can.",
        "Read also what the leaflet says before you take the first tablet of the day.",
        "By 2024 several trials had been registered, but none of them had reported yet.",
        "In March 2024 a trial began in people whose joints had been swollen for a year.",
        "Print out the list of your medicines, and take it with you to every visit.",
    ],
)
def test_sentences_that_look_a_little_like_furniture_stay(line):
    assert f"<p>{line}</p>" in body(LEAD, line, MORE)


def test_a_teaser_takes_its_titles_dates_and_excerpts_with_it():
    html = body(
        LEAD,
        "Check Also",
        "Close",
        "Ten Foods For Sore Joints",
        "January 2, 2023",
        "Food may matter more than you think, and here are the first …",
        "",
        MORE,
    )
    assert html == f"<p>{LEAD}</p>\n<p>{MORE}</p>"


def test_a_teaser_in_the_middle_of_a_sentence_leaves_the_sentence_whole():
    html = body(
        "Swelling of the joints may come back after the treatment has been",
        "Check Also: Ten Foods For Sore Joints",
        "stopped, so visits go on for a year.",
    )
    assert html == (
        "<p>Swelling of the joints may come back after the treatment has been "
        "stopped, so visits go on for a year.</p>"
    )


def test_a_teaser_never_swallows_a_broken_sentence():
    start = "Doctors may try a second medicine if the swelling of the joints"
    html = body(
        LEAD,
        "Check Also",
        "Ten Foods For Sore Joints",
        start,
        "goes on for more than three months in a row.",
    )
    assert f"<p>{start} goes on for more than three months in a row.</p>" in html


def test_a_teaser_stuck_to_a_paragraph_is_cut_off():
    assert body(f"{LEAD} Check Also Ten Foods For Sore Joints", MORE).startswith(f"<p>{LEAD}</p>")


def test_what_follows_the_article_is_left_out():
    html = body(LEAD, MORE, LEAD + " Really.", "Related Posts", "Ten foods", "Walking shoes")
    assert "foods" not in html
    assert html.endswith("Really.</p>")


def test_tags_and_date_are_kept_as_facts():
    article = text(
        "A title about joint pain", "March 5, 2024", LEAD, "Tags: joints, long-term pain"
    )
    assert article.tags == ("joints", "long-term pain")
    assert article.published_at.isoformat() == "2024-03-05T00:00:00+00:00"


BROKEN = [
    ("it replaces the worn parts with he", "althy tissue after some weeks.", "healthy tissue"),
    ("The medicine works against the inflam", "mation of the joints for most.", "inflammation of"),
    ("it is still looked at as an experi", "mental way to treat sore joints.", "experimental way"),
    ("for people who have had long and painful dise", "ases of the joints.", "diseases of"),
    ("the doctor looks at the swelling of", "the joints and at the skin.", "of the joints"),
    (
        "people who have lived for years with",
        "inflammation of the joints know.",
        "with inflammation of",
    ),
    (
        "the swelling goes down (in most people)",
        "after a week or two of rest.",
        "(in most people) after",
    ),
    (
        "some people need help with buttons, and",
        "Crohn's disease adds to it.",
        "and Crohn's disease",
    ),
]
FILLER = (
    "Healing and health differ. Inflammation of the joints hurts. A disease is not a verdict. "
    "An experiment needs a plan."
)


@pytest.mark.parametrize("gap", [0, 1, 3])
@pytest.mark.parametrize(("before", "after", "wanted"), BROKEN)
def test_broken_words_and_sentences_are_mended(before, after, wanted, gap):
    start = f"Nobody knows yet how well this does, and {before}"
    mended = mend([FILLER, "", start, *[""] * gap, after, "", MORE])
    joined = next(line for line in mended if line.startswith("Nobody"))
    assert wanted in joined
    assert [line for line in mended if line] == [FILLER, joined, MORE]


def test_a_hyphen_at_the_end_of_a_line_goes_if_the_word_stands_elsewhere_without():
    assert "the treatment of sore joints" in mend(
        ["This is a long line about the treat-", "ment of sore joints.", "Every treatment helps."]
    )[0].replace("This is a long line about ", "")
    assert (
        "anti-inflammatory"
        in mend(["This is a long line about an anti-", "inflammatory medicine.", "The end of it."])[
            0
        ]
    )


def test_text_wrapped_at_a_margin_becomes_paragraphs():
    words = (f"{LEAD} {MORE} " * 2).split()
    lines, line = [], ""
    for word in words:
        if len(line) + len(word) > 60:
            lines, line = [*lines, line.strip()], ""
        line += f"{word} "
    article = text("A title about joint pain", "", *lines, line.strip(), "", "A last one is here.")
    assert article.body_html.count("<p>") == 2
    assert LEAD in article.body_html


def test_finished_paragraphs_are_never_joined():
    assert mend([LEAD, "", MORE, LEAD]) == [LEAD, "", MORE, LEAD]


@pytest.mark.parametrize(
    ("lines", "html"),
    [
        (
            ["- rest", "- warmth", "- movement"],
            "<ul><li>rest</li><li>warmth</li><li>movement</li></ul>",
        ),
        (["• rest", "", "• warmth"], "<ul><li>rest</li><li>warmth</li></ul>"),
        (["1. Rest", "2) Move"], "<ol><li>Rest</li><li>Move</li></ol>"),
        (
            ["Examples: - rest - warmth - movement"],
            "<p>Examples:</p>\n<ul><li>rest</li><li>warmth</li><li>movement</li></ul>",
        ),
        (
            ["Helpful things: • rest • warmth. Ask a nurse about them."],
            "<p>Helpful things:</p>\n<ul><li>rest</li><li>warmth.</li></ul>\n"
            "<p>Ask a nurse about them.</p>",
        ),
        (
            ["The steps are: 1. rest 2. warmth 3. movement"],
            "<p>The steps are:</p>\n<ol><li>rest</li><li>warmth</li><li>movement</li></ol>",
        ),
        (
            ["Things that may help are:", "rest", "warmth", "movement"],
            "<p>Things that may help are:</p>\n"
            "<ul><li>rest</li><li>warmth</li><li>movement</li></ul>",
        ),
    ],
)
def test_lists_become_lists(lines, html):
    assert body(LEAD, *lines, MORE) == f"<p>{LEAD}</p>\n{html}\n<p>{MORE}</p>"


@pytest.mark.parametrize(
    "line",
    [
        "People with type 1 diabetes - a disease of the pancreas - were not part of it at all.",
        "In phase 2. trials are larger, and in phase 3. trials are larger still by far.",
        "Doses of 5 - 10 mg were given to most of them for the first weeks of the trial.",
    ],
)
def test_dashes_and_numbers_in_a_sentence_make_no_list(line):
    assert "<li>" not in body(LEAD, line)


def test_short_lines_over_text_are_headings_and_a_last_one_is_dropped():
    html = body(LEAD, "What can be done?", MORE, "Living with it", LEAD, "Daily Health")
    assert html == (
        f"<p>{LEAD}</p>\n<h2>What can be done?</h2>\n<p>{MORE}</p>\n"
        f"<h2>Living with it</h2>\n<p>{LEAD}</p>"
    )


def test_numbered_lines_over_paragraphs_are_headings():
    html = body(LEAD, "1. Rest first", MORE, "2. Then move", LEAD)
    assert "<h2>1. Rest first</h2>" in html and "<ol>" not in html


def test_the_summary_is_the_first_sentences_within_its_length():
    article = text("A title about joint pain", f"{LEAD} {MORE} {LEAD}")
    assert article.summary == f"{LEAD} {MORE}"
    long = text("A title about joint pain", "word " * 100 + "end.")
    assert len(long.summary) <= 240 and long.summary.endswith("…")


def test_markup_in_plain_text_is_text():
    assert body("Somebody wrote <script>alert(1)</script> here & went away again.") == (
        "<p>Somebody wrote &lt;script&gt;alert(1)&lt;/script&gt; here &amp; went away again.</p>"
    )


def test_a_page_of_furniture_alone_is_refused():
    with pytest.raises(Unreadable, match="no readable text"):
        text("Share this article", "Facebook Twitter", "March 5, 2024")
