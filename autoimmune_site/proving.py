"""What somebody must have proved again, in the last ten minutes, who is signed in already.

Acts that hand out power or take people's data: a desk left open in a corridor must not do.
"""

import time
from functools import wraps
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext_lazy

from .sessions import STARTED

# Names of the admin's addresses.
DANGEROUS = {
    "editorial_user_add",
    "editorial_user_change",
    "editorial_user_export",
    "editorial_user_export_jsonl",
    "editorial_user_take_factors",
    "auth_user_password_change",
    "editorial_kindpolicy_change",
    "moderation-settings",
}
DANGEROUS_STEPS = {"override"}  # of a page's workflow
ASKED = gettext_lazy(
    "This needs to be certain: prove once more that it is you, then go on where you were."
)


def is_fresh(request) -> bool:
    """Whether the person signed in, or proved who they are, within the last ten minutes."""
    records = get_authentication_records(request, request.user)
    times = [request.session.get(STARTED, 0), *(record.get("at", 0) for record in records)]
    return time.time() - max(times) < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def asked_first(view):
    """The admin's view, behind the question if its address is dangerous."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        if not request.user.is_authenticated or not _is_dangerous(request) or is_fresh(request):
            return view(request, *args, **kwargs)
        messages.warning(request, ASKED)
        query = urlencode({"next": _way_back(request)})
        return HttpResponseRedirect(f"{reverse('account_reauthenticate')}?{query}")

    return answer


def _is_dangerous(request) -> bool:
    match = request.resolver_match
    name = match.url_name or ""
    return name in DANGEROUS or (
        name.endswith("_step") and match.kwargs.get("step") in DANGEROUS_STEPS
    )


def _way_back(request) -> str:
    """Where the person stands afterwards: the same form, as a POST is not kept (it may hold a
    password)."""
    if request.method == "GET" and not request.resolver_match.url_name.endswith("_step"):
        return request.get_full_path()
    if request.resolver_match.url_name.endswith("_step"):
        return request.path.split("step/")[0] + "review/"
    if request.resolver_match.url_name == "moderation-settings":
        return reverse("admin:moderation")
    return request.path
