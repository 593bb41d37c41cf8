"""The lists behind the numbers on the desk's first page."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext

from . import dashboard, roles

PER_PAGE = 50


def page_list(request, name):
    """The whole of one list: exactly the rows that its number counts."""
    if not roles.can(request.user, "page.view"):
        raise PermissionDenied
    wanted = dashboard.list_for(name, request.user)
    if wanted is None:
        raise Http404(gettext("There is no such list on the desk."))
    pages = Paginator(wanted.rows(request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        **admin.site.each_context(request),
        "title": wanted.title,
        "list": wanted,
        "pages": pages,
        "rows": dashboard.rows_of(wanted, pages),
    }
    return render(request, "admin/desk/page_list.html", context)


def urls(wrap) -> list:
    """The addresses of the lists, for the admin site; `wrap` is its admin_view."""
    return [path("desk/<slug:name>/", wrap(page_list), name="desk-list")]
