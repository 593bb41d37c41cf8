"""The living style page: every component, shown from the templates that readers' pages use."""

from types import SimpleNamespace as Example

from django.http import JsonResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_safe

from claims.models import Claim
from editorial.freshness import shows
from therapies.body_systems import PICTURES
from therapies.models import Assessment

from .context import SITE_NAME

COLOURS = (
    ("paper", gettext_lazy("the page")),
    ("sheet", gettext_lazy("what lies on it")),
    ("tint", gettext_lazy("set apart")),
    ("line", gettext_lazy("between things")),
    ("line-strong", gettext_lazy("edges of what can be used")),
    ("ink", gettext_lazy("text")),
    ("ink-soft", gettext_lazy("text beside the text")),
    ("link", gettext_lazy("what leads on")),
    ("accent", gettext_lazy("what is done")),
    ("mark", gettext_lazy("found, changed, aimed at")),
    ("high", gettext_lazy("high certainty")),
    ("moderate", gettext_lazy("moderate certainty")),
    ("low", gettext_lazy("low certainty, caution")),
    ("very-low", gettext_lazy("very low certainty")),
    ("bad", gettext_lazy("retracted, wrong, past due")),
    ("care-now", gettext_lazy("call 999")),
    ("care-today", gettext_lazy("call 111")),
    ("care-soon", gettext_lazy("see a GP")),
)
SPACES = ("s1", "s2", "s3", "s4", "s5", "s6", "s7", "s8")
NOWHERE = "#components"


def _claim(state) -> Example:
    label = Claim.State(state).label
    return Example(pk=0, state=state, get_state_display=label, get_absolute_url=NOWHERE)


def _assessment(certainty) -> Example:
    page = Example(title=gettext("An example therapy"), get_absolute_url=NOWHERE)
    return Example(
        certainty=certainty,
        stage="in trials",
        footing="sound",
        summary=gettext("Two or three plain sentences say what is known. This one is an example."),
        note="",
        therapy=page,
        condition=Example(title="an example condition", get_absolute_url=NOWHERE),
        get_absolute_url=NOWHERE,
        get_certainty_display=certainty,
    )


def _source(**facts) -> Example:
    return Example(
        label=gettext("Example A, 2020"), get_absolute_url=NOWHERE, is_retracted=False, **facts
    )


@require_safe
def style_page(request):
    """Every component with example words; not for search engines. No query."""
    context = {
        "colours": COLOURS,
        "spaces": SPACES,
        "levels": Assessment.Certainty.values,
        "directions": Assessment.Direction.choices,
        "stages": Assessment.Stage.values,
        "claims": [_claim(state) for state in Claim.State.values],
        "claim": _claim("supported"),
        "claim_sources": [Example(source=_source(), confirmed_at=True)],
        "assessments": [_assessment(level) for level in Assessment.Certainty.values],
        "text": Example(
            headings=[
                Example(id="components", text=gettext("Heading %(n)s") % {"n": n}) for n in "ABC"
            ],
            minutes=2,
            parts={
                "key_messages": gettext(
                    "One message, with how sure anyone can be (low certainty)."
                ),
                "help_now": gettext("something cannot wait"),
                "help_today": gettext("something cannot wait until tomorrow"),
                "help_soon": gettext("something has gone on for weeks"),
            },
        ),
        "tags": [Example(name="tiredness", slug="tiredness")],
        "systems": PICTURES,
    }
    return shows(render(request, "site/style.html", context))


@require_safe
def manifest(request):
    """The application manifest: name, colours, icons. The site works as a page all the same."""
    icons = [
        {"src": static(f"img/icon-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"}
        for n in (192, 512)
    ]
    answer = JsonResponse(
        {
            "name": SITE_NAME,
            "short_name": "Evidence",
            "lang": "en-GB",
            "start_url": "/",
            "display": "browser",
            "background_color": "#fbf7f0",
            "theme_color": "#123f39",
            "icons": icons,
        },
        content_type="application/manifest+json",
    )
    return shows(answer)
