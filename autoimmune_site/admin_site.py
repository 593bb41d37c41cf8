"""The stock admin, behind the site's own sign-in."""

from urllib.parse import urlencode

from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import HttpResponseRedirect
from django.urls import reverse

from claims import moderation, rule_desk, writing_views
from editorial import (
    calendar_views,
    clock_views,
    dashboard,
    desk_views,
    profile_views,
    queue_views,
)

DESKS = [
    moderation,
    writing_views,
    rule_desk,
    desk_views,
    queue_views,
    calendar_views,
    clock_views,
    profile_views,
]


class EvidenceAdminSite(AdminSite):
    """One door: /accounts/login/, with a second factor where STAFF_MFA asks for one."""

    site_header = "Autoimmune Evidence"
    site_title = "Autoimmune Evidence"
    index_title = "Editorial desk"
    enable_nav_sidebar = True

    def get_urls(self):
        """The stock addresses, and those of the desk's own pages."""
        own = [address for desk in DESKS for address in desk.urls(self.admin_view)]
        return [*own, *super().get_urls()]

    def index(self, request, extra_context=None):
        """The first page: what waits for this person, and the stock list below."""
        desk = dashboard.first_page(request.user)
        return super().index(request, {"desk": desk, **(extra_context or {})})

    def get_app_list(self, request, app_label=None):
        """The stock list, the moderators' desk and the editors' lists first."""
        rooms = super().get_app_list(request, app_label)
        if app_label is not None:
            return rooms
        entries = [desk.menu_entry(request.user) for desk in (moderation, queue_views)]
        return [*filter(None, entries), *rooms]

    def has_permission(self, request) -> bool:
        """Staff only, and with a second factor if that is required."""
        user = request.user
        if not (user.is_active and user.is_staff):
            return False
        return settings.STAFF_MFA == "optional" or is_mfa_enabled(user)

    def login(self, request, extra_context=None):
        """Send people to the site's sign-in, or to set up their second factor."""
        user = request.user
        if user.is_authenticated and user.is_staff and not self.has_permission(request):
            messages.warning(request, "Set up a second factor first; staff need one to sign in.")
            return HttpResponseRedirect(reverse("mfa_index"))
        query = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
