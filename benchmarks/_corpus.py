"""A seeded corpus of articles for the benchmarks: own sentences, the shipped names and sources.

An article has about 600 words in paragraphs under headings, a list and a table; about one
sentence in six asserts something about health, some of them with a citation.
"""

import json
import random
from pathlib import Path

HOME = Path(__file__).resolve().parent.parent
WORDS = 600
PLAIN = (
    "Many people with {condition} plan their days around how they feel.",
    "The doctor asks about sleep, work and the people at home.",
    "A blood test is taken before the appointment and again {number} weeks later.",
    "Nobody has to remember all of this at once.",
    "It helps to write down what changed since the last visit.",
    "The nurse explains what the letters in the report stand for.",
    "Some weeks are harder than others, and that is nobody's fault.",
    "Bring somebody along if you like, and ask for the notes.",
    "What was said on the telephone can be repeated in writing.",
    "The clinic opens at eight and closes at {number}.",
    "Families often have questions of their own.",
    "The first pages of the diary are usually the longest.",
    "Appointments are booked {number} months ahead.",
    "A pharmacist can look at the whole list of what you take.",
    "People describe it in very different words.",
)
ASSERTING = (
    "{therapy} may help some people with {condition}.",
    "{therapy} reduces flares of {condition} in many adults.",
    "In one trial {number} per cent of people with {condition} felt better after {therapy}.",
    "Studies suggest that {therapy} lowers the need for steroids in {condition}.",
    "{therapy} can cause infections and nausea.",
    "{therapy} is safe for most people with {condition}.",
    "Researchers found that {therapy} works better than doing nothing.",
    "{therapy} probably slows {condition}.",
)
HEADINGS = (
    "What people notice first",
    "At the clinic",
    "What is known about treatment",
    "Questions to ask",
    "Living with it",
)


class Corpus:
    """Article number n is the same whenever and wherever it is made."""

    def __init__(self):
        self.conditions = _shipped("therapies/content/conditions.json")
        self.therapies = _shipped("therapies/content/therapies.json")
        self.sources = _shipped("evidence/content/sources.json")

    def article(self, number: int) -> dict:
        """One line of an articles.jsonl."""
        chance = random.Random(number)
        condition, other = (chance.choice(self.conditions) for _ in range(2))
        therapy = chance.choice(self.therapies)
        names = {"condition": condition["name"], "therapy": therapy["name"]}
        parts, words = [], 0
        for heading in HEADINGS:
            parts.append(f"<h2>{heading}</h2>")
            while words < WORDS * (HEADINGS.index(heading) + 1) / len(HEADINGS):
                text = " ".join(self._sentence(chance, names) for _ in range(chance.randint(2, 5)))
                parts.append(f"<p>{text}</p>")
                words += len(text.split())
        items = "".join(f"<li>{self._plain(chance, names)}</li>" for _ in range(4))
        parts.insert(4, f"<ul>{items}</ul>")
        return {
            "slug": f"article-{number}",
            "title": f"{condition['name']} and {therapy['name']}, part {number}",
            "summary": f"What people with {condition['name']} ask, and what is known.",
            "body_html": "".join(parts),
            "tags": chance.sample(["sleep", "clinic", "family", "work", "medicines"], 2),
            "conditions": sorted({condition["slug"], other["slug"]}),
            "therapies": [therapy["slug"]],
            "published_at": "2020-05-01T08:00:00Z",
        }

    def _sentence(self, chance, names) -> str:
        if chance.random() > 1 / 6:
            return self._plain(chance, names)
        text = chance.choice(ASSERTING).format(number=chance.randint(5, 95), **names)
        if chance.random() < 0.5:
            key = chance.choice(self.sources)["key"]
            text = f'{text[:-1]} <cite data-source="{key}"></cite>.'
        return text

    def _plain(self, chance, names) -> str:
        return chance.choice(PLAIN).format(number=chance.randint(3, 12), **names)

    def write(self, path: Path, count: int, start: int = 0) -> Path:
        """`count` articles as an articles.jsonl."""
        with path.open("w", encoding="utf-8") as file:
            for number in range(start, start + count):
                file.write(json.dumps(self.article(number), ensure_ascii=False) + "\n")
        return path


def _shipped(name: str) -> list[dict]:
    return json.loads((HOME / name).read_text(encoding="utf-8"))
