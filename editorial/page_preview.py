"""The desk's preview of a page: at the width of a phone and of a desk, and links for outsiders."""

from csp.constants import SELF
from csp.decorators import csp_replace, csp_update
from django.contrib import messages
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path, reverse
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.views.decorators.clickjacking import xframe_options_sameorigin

from . import previewing, reading, roles
from .errors import Refused
from .models import PreviewLink

DAYS = 14


class PagePreview:
    """Part of PageAdmin. Looking is for all who may view the page."""

    def preview_urls(self, wrap) -> list:
        """Addresses of this part; numbers of revisions are those of the page."""
        return [
            path("<int:pk>/preview/", wrap(self.preview_view), name=self._name("preview")),
            path(
                "<int:pk>/preview/<int:number>/page/",
                wrap(self.preview_page_view),
                name=self._name("preview_page"),
            ),
            path(
                "<int:pk>/preview/<int:number>/link/",
                wrap(self.make_link_view),
                name=self._name("preview_link"),
            ),
            path(
                "<int:pk>/preview/revoke/<int:link>/",
                wrap(self.revoke_link_view),
                name=self._name("revoke_link"),
            ),
        ]

    @method_decorator(csp_update({"frame-src": [SELF]}))
    def preview_view(self, request, pk, made=None):
        """Both widths side by side, and the links; `made` is the address of a new one."""
        page = self._readable(request, pk)
        number = request.GET.get("revision", "")
        is_number = number.isascii() and number.isdigit() and len(number) < 10
        revision = self._revision(page, int(number)) if is_number else page.latest_revision()
        if revision is None:
            raise Http404(gettext("Nothing has been written yet."))
        links = PreviewLink.objects.filter(revision__page=page).select_related("revision")
        context = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": page,
            "revision": revision,
            "title": gettext("Preview: %(title)s") % {"title": revision.content["title"]},
            "page_url": self.address("preview_page", pk, revision.number),
            "links": links,
            "now": timezone.now(),
            "made": made,
            "days": DAYS,
            "longest": previewing.LONGEST_DAYS,
            "may_show": roles.can(request.user, "page.show_outside", page),
        }
        return render(request, "admin/editorial/page/preview.html", context)

    @method_decorator(csp_replace({"frame-ancestors": [SELF]}))
    @method_decorator(xframe_options_sameorigin)
    def preview_page_view(self, request, pk, number):
        """The revision alone, exactly as readers would see it."""
        revision = self._revision(self._readable(request, pk), number)
        page = previewing.as_page(revision)
        return reading.show_unpublished(request, page)

    def make_link_view(self, request, pk, number):
        """POST only: a new link, whose address is shown this once."""
        revision = self._revision(self._readable(request, pk), number)
        if request.method != "POST":
            return redirect(self.address("preview", pk))
        days = request.POST.get("days", "")
        try:
            _, token = previewing.make_link(
                revision,
                by=request.user,
                for_whom=request.POST.get("for_whom", ""),
                days=int(days) if days.isascii() and days.isdigit() and len(days) < 5 else 0,
            )
        except Refused as refusal:
            messages.error(request, str(refusal))
            return redirect(self.address("preview", pk))
        made = request.build_absolute_uri(reverse("preview", args=[token]))
        request.GET = request.GET.copy()
        request.GET["revision"] = str(number)
        return self.preview_view(request, pk, made=made)

    def revoke_link_view(self, request, pk, link):
        """POST only: close a link."""
        page = self._readable(request, pk)
        link = get_object_or_404(PreviewLink, pk=link, revision__page=page)
        if request.method == "POST":
            try:
                previewing.revoke(link, by=request.user)
            except Refused as refusal:
                messages.error(request, str(refusal))
            else:
                messages.success(
                    request,
                    gettext("Revoked. %(for_whom)s is told whom to ask.")
                    % {"for_whom": link.for_whom},
                )
        return redirect(self.address("preview", pk))
