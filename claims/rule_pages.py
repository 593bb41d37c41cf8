"""What the checker looks for, for readers and for whoever wants to know why it stopped."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from claims.checker.catalogue import ABOUT, catalogue
from editorial.freshness import shows

KEY = "list:rule"


def address_of(rule: str) -> str:
    """The public page of a rule."""
    return reverse("rule-detail", args=[rule])


@require_safe
def rule_list(request):
    """Everything that the checker looks for, by category."""
    groups = [
        (category.capitalize(), ABOUT[category], list(entries))
        for category, entries in groupby(catalogue(), key=lambda entry: entry.category)
    ]
    return shows(render(request, "claims/rule_list.html", {"groups": groups}), KEY)


@require_safe
def rule_detail(request, rule):
    """One rule: why it matters, what settles it, what it stops at and what it leaves alone."""
    entry = next((entry for entry in catalogue() if entry.id == rule), None)
    if entry is None:
        raise Http404("The checker has no such rule.")
    context = {"entry": entry, "about": ABOUT[entry.category]}
    return shows(render(request, "claims/rule_detail.html", context), KEY)
