"""What readers will be told when a text is published, and the editors' words for it."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext

from editorial.errors import Refused
from editorial.models import Revision

from . import corrections
from .models import Seriousness
from .moderation import require, show


def planned_corrections(request, pk):
    """The corrections that publishing a revision brings; say why, and how serious each is."""
    require(request, "page.view")
    revision = get_object_or_404(Revision.objects.select_related("page"), pk=pk)
    if request.method == "POST":
        _word(request, revision)
        return redirect(request.path)
    page = revision.page.specific
    name = f"admin:{page._meta.app_label}_{page._meta.model_name}_review"
    is_ahead = revision.state in Revision.OPEN_STATES
    values = {
        "title": gettext("Corrections that will go out"),
        "revision": revision,
        "page": page,
        "planned": corrections.planned(revision) if is_ahead else [],
        "choices": Seriousness.choices,
        "back": reverse(name, args=[page.pk]),
    }
    return show(request, "admin/moderation/corrections.html", values)


def _word(request, revision) -> None:
    post = request.POST
    seriousness = post.get("seriousness", "")
    if seriousness not in Seriousness.values:
        messages.error(request, gettext("Choose how serious it is."))
        return
    try:
        corrections.word_correction(
            revision,
            by=request.user,
            before=post.get("before", ""),
            reason=post.get("reason", ""),
            seriousness=seriousness,
        )
        messages.success(request, gettext("Kept. Readers will see it with the correction."))
    except Refused as refusal:
        messages.error(request, str(refusal))
