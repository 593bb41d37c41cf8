"""What goes into the checker and what comes out. All offsets count characters of `text`."""

from dataclasses import dataclass, field
from typing import NamedTuple

BLOCK_KINDS = frozenset({"title", "summary", "heading", "paragraph", "item", "cell", "quote"})
HEADING_KINDS = frozenset({"title", "heading"})
NONE = "none"
ADVISE = "advise"
BLOCK = "block"


class Block(NamedTuple):
    """One stretch of text with a role in the page; a sentence never crosses its edges."""

    start: int
    end: int
    kind: str = "paragraph"


class Name(NamedTuple):
    """One way of writing a therapy or a condition; `kind` says which of the two."""

    text: str
    kind: str
    slug: str


class Mention(NamedTuple):
    """A name found in the text."""

    start: int
    end: int
    kind: str
    slug: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A reference standing at `position`, with what is known of its source.

    `therapies` and `conditions` hold slugs, `design` the study design in words, `year` the
    year of publication; each may be left out, and then nothing is held against it.
    """

    position: int
    source: str
    retracted: bool = False
    therapies: frozenset[str] = frozenset()
    conditions: frozenset[str] = frozenset()
    design: str = ""
    year: int | None = None


@dataclass(slots=True)
class Sentence:
    """One sentence, heading, item or cell, and how it speaks.

    `strength`: 0 no relation, 1 correlational, 2 conditional causal, 3 direct causal.
    `cited` holds the citations inside it or right after it.
    """

    start: int
    end: int
    text: str
    kind: str = "paragraph"
    strength: int = 0
    hedged: bool = False
    negated: bool = False
    question: bool = False
    quotation: bool = False
    attributed: bool = False
    mentions: list[Mention] = field(default_factory=list)
    cited: list[Citation] = field(default_factory=list)


@dataclass(slots=True)
class Finding:
    """One thing a careful medical editor would stop at, and why.

    `sentence` is an index into the report's sentences, `triggers` the spans of the words
    that set the rule off, `remedy` what would settle it, `rewording` a whole sentence that
    fits the evidence, or None where none can be made safely.
    """

    start: int
    end: int
    sentence: int
    rule: str
    category: str
    severity: str
    reason: str
    triggers: list[tuple[int, int]] = field(default_factory=list)
    remedy: str = ""
    rewording: str | None = None
    cited: bool = False
    therapy: str | None = None
    condition: str | None = None


@dataclass(slots=True)
class Report:
    """The answer for one text; the three figures are for the text as a whole.

    `notes` are findings of severity "none": what is claimed in a way that may pass.
    """

    sentences: list[Sentence] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    notes: list[Finding] = field(default_factory=list)

    @property
    def strength(self) -> int:
        """The strongest sentence, 0 to 3."""
        return max((s.strength for s in self.sentences), default=0)

    @property
    def hedged(self) -> bool:
        """Whether any sentence hedges."""
        return any(s.hedged for s in self.sentences)

    @property
    def negated(self) -> bool:
        """Whether any sentence denies something."""
        return any(s.negated for s in self.sentences)
