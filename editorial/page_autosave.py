"""The desk's views that a form talks to while somebody writes: autosave, who else is here, and
text that could not be saved. Part of PageAdmin."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import (
    HttpResponseBadRequest,
    HttpResponseNotAllowed,
    HttpResponseRedirect,
    JsonResponse,
)
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext

from . import autosave, presence
from .page_history import basis, parse_basis


def tab_in(request) -> autosave.Tab:
    """What the sent form says of its tab. Sent without script, it has no token."""
    post = request.POST
    return autosave.Tab(
        token=post.get("tab", "")[: presence.LONGEST_TOKEN],
        number=_number(post.get("tab_number")),
        based_on=parse_basis(post.get("based_on")),
        restored=_number(post.get("unsaved")),
    )


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 10 else 0


class PageAutosave:
    """Part of PageAdmin. All of it is for those who may write the page."""

    def autosave_urls(self, wrap) -> list:
        """Addresses of this part; those without a number are for a page that is not made yet."""
        parts = {"autosave": self.autosave_view, "presence": self.presence_view}
        urls = []
        for name, view in parts.items():
            urls += [
                path(f"add/{name}/", wrap(view), name=self._name(f"add_{name}")),
                path(f"<int:pk>/{name}/", wrap(view), name=self._name(name)),
            ]
        discard = path(
            "unsaved/<int:number>/discard/", wrap(self.discard_view), name=self._name("discard")
        )
        return [*urls, discard]

    def autosave_view(self, request, pk=None):
        """POST only: keep what the form holds now; answers where it was kept, as JSON."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        page, tab = self._written_page(request, pk), tab_in(request)
        if not tab.token:
            return HttpResponseBadRequest(gettext("An autosave names the tab that it comes from."))
        form = self.get_form(request, page, change=page is not None)(
            request.POST, request.FILES, instance=page
        )
        is_valid = form.is_valid()
        outcome = autosave.autosave(
            kind=self.model.KIND,
            content=form.frozen() if is_valid else None,
            why_not="" if is_valid else _why_not(form),
            fields=autosave.typed_in(request.POST),
            by=request.user,
            page=page,
            tab=tab,
        )
        return JsonResponse(self._told(outcome))

    def presence_view(self, request, pk=None):
        """POST only: this tab is open (or left); answers who else is here, as JSON."""
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        token = request.POST.get("tab", "")[: presence.LONGEST_TOKEN]
        if request.POST.get("left"):
            presence.leave(by=request.user, token=token)
            return JsonResponse({"notes": []})
        page = self._written_page(request, pk)
        if token:
            presence.ping(by=request.user, token=token, kind=self.model.KIND, page=page)
        notes = presence.others(page, by=request.user, token=token) if page else []
        return JsonResponse({"notes": notes})

    def discard_view(self, request, number):
        """POST only: throw away a text of one's own that was never saved."""
        if request.method == "POST" and autosave.discard(number, by=request.user):
            messages.success(request, "Discarded.")
        pk = _number(request.POST.get("page"))
        return redirect(self.address("change", pk) if pk else self.address("add"))

    def add_view(self, request, form_url="", extra_context=None):
        """A form whose page was made by autosaving meanwhile goes on as that page's form."""
        made = autosave.page_made_by(request.user, request.POST.get("tab", ""))
        if made:
            return HttpResponseRedirect(self.address("change", made.pk), preserve_request=True)
        context = self.writing_context(request, None) | (extra_context or {})
        return super().add_view(request, form_url, context)

    def keep_refused(self, request, object_id) -> None:
        """A sent form that was refused is offered again when the form is opened anew."""
        autosave.keep_refused(
            kind=self.model.KIND,
            page_pk=_number(object_id) or None,
            fields=autosave.typed_in(request.POST),
            by=request.user,
            tab=tab_in(request),
        )

    def writing_context(self, request, page) -> dict:
        """What the form shows of other tabs and of text that was not saved; two queries."""
        name = "" if page else "add_"
        args = [page.pk] if page else []
        restored = self.restored_text(request, page)
        texts = autosave.unsaved_texts(request.user, self.model.KIND, page)
        return {
            "tab_notes": presence.others(page, by=request.user, own_tabs=False) if page else [],
            "autosave_url": self.address(f"{name}autosave", *args),
            "presence_url": self.address(f"{name}presence", *args),
            "restored": restored.pk if restored else request.POST.get("unsaved", ""),
            "unsaved_texts": [t for t in texts if restored is None or t.pk != restored.pk],
            "ping_every": presence.PING_EVERY,
        }

    def restored_text(self, request, page):
        """The unsaved text that this request wants the form opened with, read once; or None."""
        if not hasattr(request, "restored_text"):
            number = _number(request.GET.get("unsaved"))
            texts = autosave.unsaved_texts(request.user, self.model.KIND, page)
            request.restored_text = texts.filter(pk=number).first() if number else None
        return request.restored_text

    def _written_page(self, request, pk):
        """The page that a form writes, or None; PermissionDenied to those who may not."""
        if pk is None:
            if not self.has_add_permission(request):
                raise PermissionDenied
            made = autosave.page_made_by(request.user, request.POST.get("tab", ""))
            if made is None:
                return None
            pk = made.pk
        page = get_object_or_404(self.model, pk=pk)
        if not self.has_change_permission(request, page):
            raise PermissionDenied
        return page

    def _told(self, outcome) -> dict:
        """An outcome as the script reads it."""
        told = {"state": outcome.state, "message": outcome.message, "at": _now()}
        revision = outcome.revision
        if revision is None:
            return told
        pk = revision.page_id
        told |= {"revision": revision.number, "page": pk}
        if outcome.state == "stale":
            return told | {"url": self.address("stale", pk, revision.number)}
        return told | {
            "basis": basis(revision),
            "change_url": self.address("change", pk),
            "autosave_url": self.address("autosave", pk),
            "presence_url": self.address("presence", pk),
            "url": self.address("review", pk),
        }


def _now() -> str:
    return presence.clock(timezone.now())


def _why_not(form) -> str:
    """In one sentence, what keeps the form from being saved as a draft."""
    said = []
    for name, errors in form.errors.items():
        label = (form.fields[name].label or name) if name in form.fields else ""
        said.append(f"{label.capitalize()}: {' '.join(errors)}" if label else " ".join(errors))
    return get_text_list(said, "and")
