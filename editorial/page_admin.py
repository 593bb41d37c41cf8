"""The editors' desk for every kind of page: stock admin, with the workflow's buttons.

The form edits the latest revision, never the live row; saving calls `actions.save_draft`.
"""

from functools import partial

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Prefetch, Subquery
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext, gettext_lazy
from js_asset import Media

from . import actions, autosave, comment_desk, review, roles, steps
from .admin_roles import RoleAdmin
from .bulk_admin import PageBulk
from .errors import Refused, Stale
from .forms import thawed
from .models import Page, Revision
from .page_autosave import PageAutosave, tab_in
from .page_comments import PageComments
from .page_history import PageHistory, basis
from .page_preview import PagePreview


class PageAdmin(
    PageAutosave, PageComments, PageHistory, PagePreview, PageBulk, RoleAdmin, admin.ModelAdmin
):
    """Base of the admin of articles, conditions and therapies."""

    add_action = "page.add"
    change_form_template = "admin/editorial/page/change_form.html"
    list_display = [
        "title",
        "public_status",
        "review_status",
        "whose_turn",
        "working_on_it",
        "review_due",
        "review_link",
    ]
    list_filter = ["status"]
    search_fields = ["title", "slug"]
    list_per_page = 50
    ordering = ["-pk"]
    save_on_top = False
    export_columns = [
        "id",
        "kind",
        "title",
        "slug",
        "public_status",
        "review_status",
        "working_on_it",
        "first_published_at",
        "published_at",
        "reviewed_at",
        "reviewed_by_name",
    ]

    # Who may

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return any(roles.can(request.user, a) for a in ("page.add", "page.publish"))
        return roles.can(request.user, "page.edit", obj)

    # The list

    def get_queryset(self, request):
        newest = Revision.objects.filter(page=OuterRef("pk")).order_by("-number")
        at_work = Revision.objects.at_work().defer("content").select_related("reviewer")
        return (
            super()
            .get_queryset(request)
            .annotate(
                newest_state=Subquery(newest.values("state")[:1]),
                newest_author=Subquery(newest.values("author_name")[:1]),
            )
            .prefetch_related(
                Prefetch(
                    "revisions",
                    queryset=at_work.prefetch_related("approvals"),
                    to_attr="revisions_at_work",
                )
            )
        )

    @admin.display(description=gettext_lazy("Readers see"), ordering="status")
    def public_status(self, page):
        return page.get_status_display()

    @admin.display(description=gettext_lazy("Review"), ordering="newest_state")
    def review_status(self, page):
        return Revision.State(page.newest_state).label if page.newest_state else "–"

    @admin.display(description=gettext_lazy("Whose turn"))
    def whose_turn(self, page):
        return page.revisions_at_work[0].whose_turn if page.revisions_at_work else "–"

    @admin.display(description=gettext_lazy("Last written by"), ordering="newest_author")
    def working_on_it(self, page):
        return page.newest_author or "–"

    @admin.display(description=gettext_lazy("Open"))
    def review_link(self, page):
        return format_html(
            '<a href="{}">Read and review<span class="visually-hidden"> {}</span></a>',
            self.address("review", page.pk),
            page.title,
        )

    # The form

    def get_form(self, request, obj=None, change=False, **kwargs):
        base = super().get_form(request, obj, change, **kwargs)
        revision, unsaved = self._opened(request, obj), self.restored_text(request, obj)
        if not revision and not unsaved:
            return base
        opened = thawed(revision.content) if revision else {}
        if unsaved:
            opened |= autosave.initial_of(base, unsaved)

        class LatestRevisionForm(base):
            """Opens with what the latest revision says, or with text that was not saved."""

            def __init__(self, *args, **kwargs):
                kwargs["initial"] = opened
                super().__init__(*args, **kwargs)

        return LatestRevisionForm

    def save_form(self, request, form, change):
        return form.instance

    def save_model(self, request, obj, form, change):
        page, tab = Page.objects.get(pk=obj.pk) if change else None, tab_in(request)
        based_on = autosave.basis_of(request.user, tab, lock=True) if change else None
        try:
            revision = actions.save_draft(
                kind=form.kind, content=form.frozen(), by=request.user, page=page, based_on=based_on
            )
        except Stale as stale:  # raised further it would undo the keeping of the text
            request.stale = stale
            autosave.kept_by_hand(request.user, tab)
            return
        autosave.saved_by_hand(revision, request.user, tab)
        obj.__dict__.update(type(obj).objects.get(pk=revision.page_id).__dict__)
        if "_submit" in request.POST:
            self._try(request, partial(actions.submit, revision, by=request.user))

    def construct_change_message(self, request, form, formsets, add=False):
        """What changed is told by the revisions, word by word."""
        return [{"added": {}}] if add else [{"changed": {}}]

    def log_change(self, request, obj, message):
        """Nothing where nothing was changed."""
        return None if hasattr(request, "stale") else super().log_change(request, obj, message)

    def response_change(self, request, obj):
        """Who came too late is shown both texts."""
        if stale := getattr(request, "stale", None):
            messages.warning(request, str(stale))
            return redirect(self.address("stale", obj.pk, stale.kept.number))
        return super().response_change(request, obj)

    def save_related(self, request, form, formsets, change):
        """Relations live in the revision until it is published."""

    def changeform_view(self, request, object_id=None, form_url="", extra_context=None):
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except Refused as refusal:
            messages.error(request, str(refusal))
            self.keep_refused(request, object_id)
            return redirect(request.path)

    def change_view(self, request, object_id, form_url="", extra_context=None):
        """Those who may not edit get the reading view."""
        page = self.get_object(request, object_id)
        if page and not self.has_change_permission(request, page):
            return redirect(self.address("review", page.pk))
        revision = self._opened(request, page)
        context = review.context(request, revision) if revision else {}
        context["basis"] = self._basis(request, page, revision)
        if page:
            context |= self.writing_context(request, page)
            context |= comment_desk.beside_form(request.user, revision) if revision else {}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def _opened(self, request, page) -> Revision | None:
        """The revision that this request shows, read once: the text and its name are of one
        moment, whoever saves in between."""
        if not hasattr(request, "opened_revision"):
            request.opened_revision = page.latest_revision() if page else None
        return request.opened_revision

    def _basis(self, request, page, revision) -> str:
        """A form shown again with its errors was still opened from where it was opened."""
        if request.POST:
            return "{}:{}".format(*autosave.basis_of(request.user, tab_in(request)))
        unsaved = self.restored_text(request, page)
        return autosave.basis_text(unsaved) if unsaved else basis(revision)

    def render_change_form(self, request, context, *args, **kwargs):
        """The editor's import map is an inline script; it needs the policy's nonce."""
        context["media"] = Media.from_media(context["media"], nonce=request.csp_nonce)
        return super().render_change_form(request, context, *args, **kwargs)

    def response_post_save_add(self, request, obj):
        return redirect(self.address("change", obj.pk))

    response_post_save_change = response_post_save_add

    def get_view_on_site_url(self, obj=None):
        """Only where readers find something."""
        return super().get_view_on_site_url(obj) if obj and obj.is_published else None

    # The workflow

    def get_urls(self):
        wrap = self.admin_site.admin_view
        own = [
            path("<int:pk>/review/", wrap(self.review_view), name=self._name("review")),
            path("<int:pk>/step/<str:step>/", wrap(self.step_view), name=self._name("step")),
        ]
        own += self.autosave_urls(wrap) + self.comment_urls(wrap)
        own += self.history_urls(wrap) + self.preview_urls(wrap)
        return own + super().get_urls()

    def review_view(self, request, pk):
        """The revision as readers will see it, what stands in its way, and the next steps; with
        `?live` the one that readers see now, though a newer one is at work."""
        page = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        live = page.live_revision if "live" in request.GET else None
        return self._review(request, page, live or page.latest_revision())

    def _review(self, request, page, revision, posted=None):
        context = {
            **self.admin_site.each_context(request),
            **review.context(request, revision, posted),
            **comment_desk.reading(request.user, revision),
            "comment_draft": getattr(request, "comment_draft", None),
            "reply_draft": getattr(request, "reply_draft", None),
            "opts": self.opts,
            "original": page,
            "title": gettext("Review: %(title)s") % {"title": revision.content["title"]},
            "can_edit": self.has_change_permission(request, page),
            "change_url": self.address("change", page.pk),
        }
        return review.render_page(request, context)

    def step_view(self, request, pk, step):
        """POST only: take one step of the workflow with exactly the revision that was shown. What
        is refused is shown again with all that was written in it."""
        page = get_object_or_404(self.model, pk=pk)
        if request.method != "POST" or step not in steps.STEPS:
            return redirect(self.address("review", pk))
        form = steps.posted_form(step, page, request)
        try:
            messages.success(request, steps.take(step, form, request.user))
        except Refused as refusal:
            messages.error(request, str(refusal))
            if not self.has_view_permission(request, page):
                raise PermissionDenied from refusal
            return self._review(request, page, page.latest_revision(), {step: form})
        return redirect(self.address("review", pk))

    def _try(self, request, step, prefix="") -> bool:
        try:
            step()
        except Refused as refusal:
            messages.error(request, prefix + str(refusal))
            return False
        return True

    # Addresses

    def _name(self, view):
        return f"{self.opts.app_label}_{self.opts.model_name}_{view}"

    def address(self, view, *args) -> str:
        """The address of one of this admin's views of a page."""
        return reverse(f"admin:{self._name(view)}", args=args)
