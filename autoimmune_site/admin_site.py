"""The stock admin, behind the site's own sign-in."""

from urllib.parse import urlencode

from django.conf import settings
from django.contrib import messages
from django.contrib.admin import AdminSite
from django.contrib.contenttypes.models import ContentType
from django.contrib.contenttypes.views import shortcut
from django.db.models.base import ModelBase
from django.http import Http404, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.i18n import JavaScriptCatalog

from claims import moderation, rule_desk, writing_views
from editorial import (
    calendar_views,
    clock_views,
    dashboard,
    desk_views,
    profile_views,
    queue_views,
)

from . import proving

# Apps whose stock admin would write past our actions and their log, or show keys: second factors,
# addresses, groups (roles are given to people), tags (they are part of a page's text).
LEFT_OUT = {"account", "auth", "mfa", "taggit"}
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


class _Words(JavaScriptCatalog):
    def get_paths(self, packages):
        """Also where the project's own translations lie; they belong to no app."""
        return [*super().get_paths(packages), *settings.LOCALE_PATHS]


class EvidenceAdminSite(AdminSite):
    """One door: /accounts/login/. Without the second factor that STAFF_MFA asks for, nobody is
    signed in as far as this site knows (sessions.py)."""

    site_header = gettext_lazy("Autoimmune Evidence")
    site_title = gettext_lazy("Autoimmune Evidence")
    index_title = gettext_lazy("Editorial desk")
    enable_nav_sidebar = True

    def register(self, model_or_iterable, admin_class=None, **options):
        """As the stock admin does, without the apps in LEFT_OUT."""
        models = (
            [model_or_iterable] if isinstance(model_or_iterable, ModelBase) else model_or_iterable
        )
        ours = [model for model in models if model._meta.app_label not in LEFT_OUT]
        super().register(ours, admin_class, **options)

    def i18n_javascript(self, request, extra_context=None):
        """The words of the stock scripts and of ours."""
        return _Words.as_view(packages=["django.contrib.admin"])(request)

    def admin_view(self, view, cacheable=False):
        """The stock guard, and the question who one is before what is dangerous."""
        return super().admin_view(proving.asked_first(view), cacheable)

    def password_change(self, request, extra_context=None):
        """People change their own password where their account is, and nowhere else."""
        return HttpResponseRedirect(reverse("account_change_password"))

    def get_urls(self):
        """The stock addresses, and those of the desk's own pages."""
        own = [address for desk in DESKS for address in desk.urls(self.admin_view)]
        on_site = path(
            "r/<path:content_type_id>/<path:object_id>/",
            self.admin_view(self.view_on_site),
            name="view_on_site",
        )
        # Before the stock list, which has an address like it and ends with one that takes all.
        return [*own, on_site, *super().get_urls()]

    def view_on_site(self, request, content_type_id, object_id):
        """Lead to where readers find a thing; 404 where they find nothing yet, as its address
        would tell what is being written, and to those who may not see it on the desk."""
        try:
            model = ContentType.objects.get_for_id(content_type_id).model_class()
        except (ValueError, ContentType.DoesNotExist):
            raise Http404("There is no such kind of thing.") from None
        desk = self._registry.get(model)
        thing = desk and desk.get_object(request, object_id)
        if not thing or not desk.has_view_permission(request, thing):
            raise Http404("There is nothing here that you may see.")
        if not desk.get_view_on_site_url(thing):
            raise Http404("Readers find nothing here yet.")
        return shortcut(request, content_type_id, object_id)

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

    def login(self, request, extra_context=None):
        """Send people to the site's sign-in, or to set up their second factor (see sessions.py)."""
        if getattr(request, "lacks_second_factor", False):
            messages.warning(
                request, gettext("Set up a second factor first; staff need one to sign in.")
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        query = urlencode({"next": request.GET.get("next") or reverse("admin:index")})
        return HttpResponseRedirect(f"{reverse('account_login')}?{query}")
