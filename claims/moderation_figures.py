"""How the moderators do, in the admin."""

from django.utils.translation import gettext

from .figures import chart, figures
from .moderation import require, show
from .reasons import REASONS


def figures_context() -> dict:
    """Figures and their chart."""
    found = figures()
    return {"figures": found, "chart": chart(found.weeks)}


def figures_page(request):
    """Questions against answers, ages, shares within target, dismissals by rule."""
    require(request, "claim.view")
    reasons = [(reason.label, row) for reason, row in REASONS.items()]
    values = {"title": gettext("How we are doing"), "reasons": reasons, **figures_context()}
    return show(request, "admin/moderation/figures.html", values)
