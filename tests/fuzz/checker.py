"""Odd texts for the claim checker: it must answer each, with offsets that hold.

    python -m tests.fuzz.checker [ROUNDS] [SEED]

Texts are grown from sentences of every kind by cutting, repeating, joining, hiding characters
inside words and swapping letters for look-alikes, so that they stay near what people write.
"""

import random
import sys

from claims.checker import Block, Citation, Name, Names, check

SENTENCES = (
    "Stem cells can cure lupus.",
    "Does it help? Nobody knows, e.g. because trials (n = 24) were small.",
    "“It gave me my life back,” she said; 9.5% of 1,000 people agreed.[1–3]",
    "Unlike conventional drugs, this groundbreaking therapy resets the immune system!",
    "No treatment has been shown to reverse multiple sclerosis",
    "Call us today for a free consultation, from €2,900…",
    "Dr. Lee et al. (2019) found no difference vs. placebo, p = 0.03.",
    "- better balance;\n- less pain;\n- fewer tablets",
    "المناعة 🧬 免疫 иммунитет",
    "<p>Markup &amp; entities&nbsp;</p>",
)
ODD = (
    "\u200b", "\u00ad", "\u202e", "\u0301", "\ufeff", "\u00a0", "\ud800", "\x00", "\n", "\r\n",
    "\u2028", "“", "”", "(", "[", "…",
    ".", "?", "!", "«", "ﬁ", "İ", "ß", "\t", "  ", "🎗️", "%", "1,", "1.",
)  # fmt: skip
LOOKALIKES = str.maketrans("aceopxyi", "асеорхуі")
NAMES = Names([Name("lupus", "condition", "lupus"), Name("Stem cells", "therapy", "cells")])


def odd_text(chance: random.Random) -> str:
    """One text, grown by a handful of random steps."""
    text = " ".join(chance.choices(SENTENCES, k=chance.randint(0, 6)))
    for _ in range(chance.randint(0, 8)):
        at = chance.randint(0, len(text))
        step = chance.randrange(6)
        if step == 0:
            text = text[:at] + chance.choice(ODD) * chance.choice((1, 1, 2, 50)) + text[at:]
        elif step == 1:
            text = text[:at] + text[at + chance.randint(0, 12) :]
        elif step == 2:
            text += text[at : at + 200] * chance.randint(1, 5)
        elif step == 3:
            text = text[:at] + text[at:].translate(LOOKALIKES)
        elif step == 4:
            text = text[:at] + text[at:].replace(" ", chance.choice(("", "\u00a0", "\n")))
        else:
            text = text[:at] + chr(chance.choice((chance.randrange(0x3000), 0x1F600))) + text[at:]
    return text


def hold(text: str, chance: random.Random) -> None:
    """Check one text, with blocks and citations at random, and its answer; AssertionError."""
    size = len(text)
    spots = sorted(chance.randint(-3, size + 3) for _ in range(chance.choice((0, 2, 6))))
    blocks = [Block(a, b, "item") for a, b in zip(spots[::2], spots[1::2], strict=True)] or None
    cited = [Citation(s, "Doe", s % 2 == 0, year=chance.choice((None, 1999))) for s in spots]
    report = check(text, blocks=blocks, citations=cited, names=NAMES,
                   assessments={("cells", "lupus"): "low"}, this_year=2030)  # fmt: skip
    for sentence in report.sentences:
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.text
    for finding in report.findings:
        assert report.sentences[finding.sentence].start == finding.start
        assert all(finding.start <= a < b <= finding.end for a, b in finding.triggers)
        assert finding.reason and finding.remedy
    assert 0 <= report.strength <= 3


def run(rounds: int, seed: int) -> None:
    """Check that many texts; AssertionError names the first that is answered wrongly."""
    chance = random.Random(seed)
    for number in range(rounds):
        text = odd_text(chance)
        try:
            hold(text, chance)
        except Exception as error:
            raise AssertionError(f"seed {seed}, round {number}: {text!r}") from error


if __name__ == "__main__":
    given = [int(argument) for argument in sys.argv[1:]]
    rounds, seed = (given + [20_000, random.randrange(1 << 30)][len(given) :])[:2]
    print(f"{rounds} texts, seed {seed}")
    run(rounds, seed)
