"""`{% structured_data %}`: the page once more, for machines, from what its template was given.

The block is data: no browser runs it, and no policy on scripts applies to it.
"""

import json

from django import template
from django.utils.safestring import SafeString, mark_safe

from .. import structured

register = template.Library()
# As django.utils.html.json_script does: nothing in it can end the block or begin another.
_ESCAPES = {ord(c): f"\\u{ord(c):04x}" for c in "<>&\u2028\u2029"}


@register.simple_tag(takes_context=True)
def structured_data(context, what: str) -> SafeString:
    """A JSON-LD block for `what`: home, page, assessment, claim or source. Drafts have none."""
    page = context.get("page")
    if getattr(page, "preview", None) or getattr(page, "is_preview", False):
        return mark_safe("")
    text = json.dumps(_DATA[what](context), ensure_ascii=False, default=str).translate(_ESCAPES)
    block = f'<script type="application/ld+json">{text}</script>'
    return mark_safe(block)  # every character that HTML could read was escaped above


def _page(context) -> dict:
    return structured.of_page(
        context["page"],
        context["text"].references,
        context["corrections"],
        subjects=context.get("topics", ()),
        assessments=context.get("assessments", ()),
    )


_DATA = {
    "home": lambda context: structured.of_home(),
    "page": _page,
    "assessment": lambda c: structured.of_assessment(c["assessment"], c["sources"]),
    "claim": lambda c: structured.of_claim(
        c["claim"], c["quote"].sentence, c["page"], c["claim_sources"]
    ),
    "source": lambda c: structured.of_source(c["source"]),
}
