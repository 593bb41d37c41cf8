"""The live text of a page as HTML, with its claims marked and its citations numbered.

The text is cut only at tree nodes that `editorial.text` names, so nothing is escaped twice and
no tag is torn. A claim whose exact words do not stand at its offsets is left unmarked.
"""

from bisect import bisect_right
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from threading import Lock
from typing import NamedTuple

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from lxml.html import builder

from editorial import figures, prose
from editorial.marking import put_behind, put_in_place
from editorial.models import Revision
from editorial.prepared import Prepared
from editorial.text import Document, cited_keys, take_parts
from evidence.citations import on_purpose
from evidence.models import Source

from .explaining import explain_terms
from .headings import Heading, minutes_to_read, name_headings
from .models import Anchor, Claim, Flag

LABEL_WORDS = 7  # words of the sentence in the name of its link
TEXTS_KEPT = 64  # drawn texts that a process keeps, some 50 kB each
_texts: OrderedDict[tuple, "_Drawn"] = OrderedDict()
_guard = Lock()


@dataclass(frozen=True)
class Reference:
    """One cited source: its number, the ids of the places that cite it, and, for a retracted one
    that the page cites on purpose, the moderator's reason."""

    number: int
    source: Source
    mentions: list[str]
    on_purpose: str = ""


@dataclass(frozen=True)
class RenderedBody:
    """The text as readers see it: safe HTML, numbered sources, and the claims in it."""

    html: SafeString
    title: SafeString
    summary: SafeString
    references: list[Reference]
    claims: list[Claim]
    parts: dict[str, SafeString]
    headings: list[Heading]
    minutes: int


@dataclass
class _Cut:
    """A stretch of one piece of text that belongs to a claim; offsets within the piece."""

    start: int
    end: int
    claim: Claim
    is_first: bool
    is_last: bool = False


@dataclass
class _Marked:
    """A piece of text with its cuts, and the part of the page that it stands in."""

    piece: object
    field: str
    cuts: list[_Cut] = field(default_factory=list)


@dataclass(frozen=True)
class _Drawn:
    """What a text came to: `placed` are the places of its claims among the anchors, `cited` the
    key of each numbered source with the ids of the places that cite it."""

    parts: dict[str, SafeString]
    title: SafeString
    summary: SafeString
    placed: list[int]
    cited: list[tuple[str, list[str]]]
    headings: list[Heading]
    minutes: int


def render_body(page, revision=None) -> RenderedBody:
    """The live text of the page with its claims and citations; two queries, one where the page
    comes with the sources that it may cite, and one more where a source is retracted. Of another
    `revision` that is named, the text and citations: its claims may not be public any more.

    Raises AttributeError when the page has no live revision.
    """
    anchors = [] if revision is not None else list(ANCHORS(revision=page.live_revision.pk))
    revision = revision or page.live_revision
    for anchor in anchors:
        anchor.claim.questions = anchor.questions
        anchor.claim.live_sentence = anchor.exact
    sources = getattr(page, "sources_at_hand", None)
    if sources is None:
        sources = Source.objects.lines_by_key(cited_keys(revision.content))
    retracted = any(source.is_retracted for source in sources.values())
    meant = on_purpose([page.pk]).get(page.pk, {}) if retracted else {}
    given = _Given(revision, anchors, sources, meant)
    drawn = _kept(given.said(), partial(_draw, given))
    return RenderedBody(
        html=drawn.parts.get("body", mark_safe("")),
        title=drawn.title,
        summary=drawn.summary,
        references=[
            Reference(number, sources[key], mentions, meant.get(sources[key].pk, ""))
            for number, (key, mentions) in enumerate(drawn.cited, 1)
        ],
        claims=[anchors[place].claim for place in drawn.placed],
        parts={name: html for name, html in drawn.parts.items() if name != "body"},
        headings=drawn.headings,
        minutes=drawn.minutes,
    )


class _Given(NamedTuple):
    """All that a text is drawn from."""

    revision: Revision
    anchors: list[Anchor]
    sources: dict[str, Source]
    meant: dict[int, str]

    def said(self) -> tuple | None:
        """The same as values that can be compared: what says the same is drawn the same. None for
        a text with pictures, which are described elsewhere."""
        content = self.revision.content
        if any("<figure" in text for text in content.values() if isinstance(text, str)):
            return None
        claims = [
            (a.claim_id, a.claim.state, a.questions, a.start, a.end, a.exact) for a in self.anchors
        ]
        sources = [
            (key, source.pk, source.is_retracted, self.meant.get(source.pk))
            for key, source in self.sources.items()
        ]
        return self.revision.digest, get_language(), tuple(claims), tuple(sources)


def _kept(said: tuple | None, draw: Callable[[], _Drawn]) -> _Drawn:
    """What was drawn before from the same, or what is drawn now."""
    if said is None:
        return draw()
    with _guard:
        if said in _texts:
            _texts.move_to_end(said)
            return _texts[said]
    drawn = draw()
    with _guard:
        _texts[said] = drawn
        while len(_texts) > TEXTS_KEPT:
            _texts.popitem(last=False)
    return drawn


def _draw(given: _Given) -> _Drawn:
    content = given.revision.content
    document = Document.of(prose.as_allowed_now(content))
    places = _places(document, given.anchors)
    marked = _cut_up(document, [given.anchors[place] for place in places])
    headings = name_headings(document)
    _mark_pieces([m for m in marked if m.field == "body"])
    cited = _number_citations(document, given.sources, given.meant)
    explain_terms(document.root)
    _frame_tables(document.root)
    figures.draw(document.root)
    # Sanitised when saved; see editorial.prose.
    return _Drawn(
        parts={name: mark_safe(html) for name, html in take_parts(document.root).items()},
        title=_plain_field("title", content.get("title", ""), marked),
        summary=_plain_field("summary", content.get("summary", ""), marked),
        placed=places,
        cited=cited,
        headings=headings,
        minutes=minutes_to_read(document.text),
    )


def _anchors(revision):
    """The claims of a revision in order, each with the number of its open questions."""
    open_flags = Flag.objects.told().filter(claim=OuterRef("claim")).order_by()
    anchors = Anchor.objects.filter(revision=revision).select_related("claim").order_by("start")
    anchors = anchors.only("start", "end", "exact", "claim__page", "claim__state")
    questions = Subquery(open_flags.values("claim").annotate(n=Count("pk")).values("n"))
    return anchors.annotate(questions=Coalesce(questions, 0))


ANCHORS = Prepared(_anchors)


def _places(document, anchors) -> list[int]:
    """Which of the anchors stand exactly where their words are, in order, none over another."""
    placed, reached = [], 0
    for place, anchor in enumerate(anchors):
        stands = document.text[anchor.start : anchor.end] == anchor.exact
        if stands and anchor.start >= reached:
            placed.append(place)
            reached = anchor.end
    return placed


def _cut_up(document, anchors) -> list[_Marked]:
    """Every piece of text that a claim touches, with the stretches of it that do."""
    pieces = [_Marked(p, b.field) for b in document.blocks for p in b.pieces if _can_hold(p, b)]
    starts = [m.piece.start for m in pieces]
    for anchor in anchors:
        claim, start, end = anchor.claim, anchor.start, anchor.end
        last = None
        index = max(bisect_right(starts, start) - 1, 0)
        while index < len(pieces) and pieces[index].piece.start < end:
            marked = pieces[index]
            low = max(start - marked.piece.start, 0)
            high = min(end - marked.piece.start, len(marked.piece.text))
            if low < high:
                cut = _Cut(low, high, claim, is_first=last is None)
                marked.cuts.append(cut)
                last = cut
            index += 1
        if last:
            last.is_last = True
    return [m for m in pieces if m.cuts]


def _can_hold(piece, block) -> bool:
    """A line break stands for a blank of the text and cannot be marked."""
    return piece.node is not None or block.field != "body"


def _mark_pieces(marked: list[_Marked]) -> None:
    """Wrap the cuts of each piece in the tree, and put the link after the last of a claim."""
    for item in marked:
        node, is_tail = item.piece.node, item.piece.is_tail
        text = node.tail if is_tail else node.text
        spans, reached = [], 0
        before = text[: item.cuts[0].start]
        for cut, following in zip(item.cuts, [*item.cuts[1:], None], strict=True):
            span = _span(cut, text[cut.start : cut.end])
            reached = following.start if following else len(text)
            span.tail = text[cut.end : reached]
            spans.append(span)
        put_in_place(item.piece, before, spans)
        for cut, span in zip(item.cuts, spans, strict=True):
            if cut.is_last and cut.claim.state != Claim.State.NOT_A_CLAIM:
                put_behind(span, _link(cut.claim))


def _span(cut: _Cut, text: str):
    attributes = {"class": _classes(cut.claim)}
    if cut.is_first:
        attributes["id"] = f"claim-{cut.claim.pk}"
    return builder.SPAN(text, attributes)


def _link(claim: Claim):
    """What leads from a claim's last words to what is known about it."""
    return builder.A(
        {
            "class": _link_classes(claim),
            "href": claim.get_absolute_url(),
            "aria-label": _link_name(claim),
        }
    )


def _classes(claim: Claim) -> str:
    questioned = " claim-questioned" if claim.questions else ""
    return f"claim claim-{claim.state.replace('_', '-')}{questioned}"


def _link_classes(claim: Claim) -> str:
    return f"claim-link sign-{'questioned' if claim.questions else claim.state}"


def _link_name(claim: Claim) -> str:
    words = claim.live_sentence.split()
    start = " ".join(words[:LABEL_WORDS]) + ("…" if len(words) > LABEL_WORDS else "")
    return gettext("About “%(start)s”: %(state)s") % {
        "start": start,
        "state": Claim.State(claim.state).label,
    }


def _plain_field(name: str, text: str, marked: list[_Marked]) -> SafeString:
    """Title or summary as HTML with its claims marked; a heading holds no links."""
    item = next((m for m in marked if m.field == name), None)
    if item is None:
        return escape(text)
    parts, reached = [], 0
    for cut in item.cuts:
        parts.append(escape(text[reached : cut.start]))
        words = escape(text[cut.start : cut.end])
        link = ""
        if name != "title" and cut.claim.state != Claim.State.NOT_A_CLAIM:
            link = (
                f'<a class="{_link_classes(cut.claim)}" href="{cut.claim.get_absolute_url()}" '
                f'aria-label="{escape(_link_name(cut.claim))}"></a>'
            )
        parts.append(
            f'<span class="{_classes(cut.claim)}" id="claim-{cut.claim.pk}">{words}</span>{link}'
        )
        reached = cut.end
    parts.append(escape(text[reached:]))
    return mark_safe("".join(parts))


def _number_citations(document, sources, meant) -> list[tuple[str, list[str]]]:
    """Replace each citation by its number, counted by first mention.

    A citation of a source that does not exist is taken out: there is nothing to show.
    """
    references: dict[int, Reference] = {}
    keys: dict[int, str] = {}
    for cited in document.citations:
        source = sources.get(cited.source)
        if source is None:
            _replace(cited.element, None)
            continue
        keys.setdefault(source.pk, cited.source)
        reference = references.setdefault(
            source.pk, Reference(len(references) + 1, source, [], meant.get(source.pk, ""))
        )
        reference.mentions.append(f"ref-{reference.number}-{len(reference.mentions) + 1}")
        _replace(cited.element, _mark_of(reference))
    return [(keys[pk], reference.mentions) for pk, reference in references.items()]


def _mark_of(reference: Reference):
    """`<sup>` with the link to the reference; a retracted source says so where it is cited."""
    number = reference.number
    warning = gettext(", retracted") if reference.source.is_retracted else ""
    if reference.on_purpose:
        warning += gettext(" and cited on purpose")
    link = builder.A(
        builder.SPAN(gettext("Source") + " ", {"class": "unseen"}),
        {"href": f"#ref-{number}", "id": reference.mentions[-1]},
    )
    link[0].tail = f"[{number}{warning}]"
    return builder.SUP(link, {"class": "ref ref-retracted" if warning else "ref"})


def _replace(element, new) -> None:
    """Put `new` in the element's place; the blank before a reference mark goes."""
    parent, tail = element.getparent(), element.tail
    if new is None:
        index = parent.index(element)
        if index:
            parent[index - 1].tail = (parent[index - 1].tail or "") + (tail or "")
        else:
            parent.text = (parent.text or "") + (tail or "")
        element.tail = None
        parent.remove(element)
        return
    _trim_before(element)
    new.tail = tail
    parent.replace(element, new)


def _trim_before(element) -> None:
    previous = element.getprevious()
    if previous is None:
        parent = element.getparent()
        parent.text = (parent.text or "").rstrip() or None
    elif previous.tail:
        previous.tail = previous.tail.rstrip() or None
    elif previous.tag == "span" and previous.text and not len(previous):
        previous.text = previous.text.rstrip()


def _frame_tables(root) -> None:
    """Let wide tables scroll in a region of their own that a keyboard reaches."""
    for number, table in enumerate(list(root.iter("table")), 1):
        frame = builder.DIV(
            {
                "class": "scroll",
                "role": "region",
                "tabindex": "0",
                "aria-label": gettext("Table %(number)s") % {"number": number},
            }
        )
        frame.tail, table.tail = table.tail, None
        table.getparent().replace(table, frame)
        frame.append(table)
