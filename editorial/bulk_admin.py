"""Part of PageAdmin: the bulk actions of the list. Asked, tried out, then done; never in one go."""

from functools import partial

from django.contrib import messages
from django.contrib.admin.options import IS_POPUP_VAR
from django.template.response import TemplateResponse
from django.utils.translation import gettext

from . import bulk, roles


class PageBulk:
    """Offers the bulk actions that the rooms registered and this person may do to some page."""

    def get_actions(self, request):
        """The registered actions in place of the stock ones."""
        if IS_POPUP_VAR in request.GET:
            return {}
        return {
            action.name: (partial(_offer, action=action), action.name, action.label)
            for action in bulk.known.values()
            if roles.can_sometimes(request.user, action.permission)
        }


def _offer(model_admin, request, queryset, *, action):
    """Ask what the action needs, show what would happen, do it: the form says which is next."""
    if queryset.count() > bulk.MOST_AT_ONCE:
        messages.error(
            request,
            gettext("Choose at most %(MOST_AT_ONCE)s pages at once; nothing was done.")
            % {"MOST_AT_ONCE": bulk.MOST_AT_ONCE},
        )
        return None
    pages = list(queryset.order_by("pk"))
    step = request.POST.get("step", "")
    form = action.form(request.POST if step else None, label_suffix="") if action.form else None
    is_answered = form is None or bool(step and form.is_valid())
    data = form.cleaned_data if form and is_answered else {}
    is_done, report = step == "run" and is_answered, None
    if is_done:
        report = bulk.run(action, pages, by=request.user, data=data, shown=_shown(request, pages))
    elif is_answered:
        report = bulk.try_out(action, pages, by=request.user, data=data)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": action.label.rstrip("…"),
        "opts": model_admin.opts,
        "action": action,
        "form": form,
        "pages": pages,
        "report": report,
        "is_done": is_done,
        "values": [(name, request.POST.get(name, "")) for name in form.fields] if form else [],
    }
    return TemplateResponse(request, "admin/editorial/page/bulk.html", context)


def _shown(request, pages) -> dict[int, int]:
    """Which revision of each page the trial showed, as the form sent it back."""
    found = {}
    for page in pages:
        value = request.POST.get(f"revision-{page.pk}", "")
        if value.isascii() and value.isdigit() and len(value) < 19:
            found[page.pk] = int(value)
    return found
