"""What the checker looks for, for readers and for whoever wants to know why it stopped."""

from itertools import groupby

from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from claims.checker.catalogue import ABOUT, Entry
from editorial.freshness import shows

from .ruling import site_catalogue, site_rules

KEY = "list:rule"


def address_of(rule: str) -> str:
    """The public page of a rule."""
    return reverse("rule-detail", args=[rule])


def in_force() -> list[Entry]:
    """What the checker looks for on this site, with the severity that the editors gave it."""
    said = site_rules().severities
    return [
        entry._replace(
            severity=said.get(entry.id, entry.severity),
            sometimes_blocks=entry.sometimes_blocks and said.get(entry.id) != "advise",
        )
        for entry in site_catalogue()
        if said.get(entry.id) != "off"
    ]


@require_safe
def rule_list(request):
    """Everything that the checker looks for, by category."""
    groups = [
        (category.capitalize(), ABOUT[category], list(entries))
        for category, entries in groupby(in_force(), key=lambda entry: entry.category)
    ]
    return shows(render(request, "claims/rule_list.html", {"groups": groups}), KEY)


@require_safe
def rule_detail(request, rule):
    """One rule: why it matters, what settles it, what it stops at and what it leaves alone."""
    entry = next((entry for entry in in_force() if entry.id == rule), None)
    if entry is None:
        raise Http404(gettext("The checker has no such rule."))
    context = {"entry": entry, "about": ABOUT[entry.category]}
    return shows(render(request, "claims/rule_detail.html", context), KEY)
