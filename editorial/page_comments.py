"""The desk's views of comments: made and answered from the reading view and beside the form that
edits the text. Part of PageAdmin."""

from functools import partial

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpResponseNotAllowed
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext, gettext_lazy

from . import comments
from .errors import Refused
from .models import Comment, Revision

DONE = {
    "reply": gettext_lazy("Answered."),
    "resolve": gettext_lazy("Resolved."),
    "reopen": gettext_lazy("Open again."),
    "settle": gettext_lazy("It must be resolved before the page can be published."),
    "unsettle": gettext_lazy("It no longer stops publication."),
}


class PageComments:
    """Part of PageAdmin. Reading is for all who may view the page. Who came from the form returns
    to it; what is refused is shown in the reading view, with all that was written."""

    def comment_urls(self, wrap) -> list:
        """Addresses of this part."""
        return [
            path("<int:pk>/comment/", wrap(self.comment_view), name=self._name("comment")),
            path(
                "<int:pk>/comment/<int:number>/<str:step>/",
                wrap(self.comment_step_view),
                name=self._name("comment_step"),
            ),
        ]

    def comment_view(self, request, pk):
        """POST only: comment on words of exactly the revision that was shown."""
        page = self._commented_page(request, pk)
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        revision = get_object_or_404(Revision, page=page, pk=_number(request.POST.get("revision")))
        try:
            comment = comments.add(revision, by=request.user, **_said(request.POST))
        except Refused as refusal:  # shown again, so that what was written is not lost
            messages.error(request, str(refusal))
            request.comment_draft = request.POST
            return self.review_view(request, pk)
        messages.success(request, gettext("Your comment stands beside the text."))
        return redirect(self._where_comments_are(request, comment))

    def comment_step_view(self, request, pk, number, step):
        """POST only: answer, resolve, reopen a comment, or say whether it stops publication."""
        page = self._commented_page(request, pk)
        comment = get_object_or_404(Comment, page=page, pk=number)
        steps = {
            "reply": partial(comments.reply, text=request.POST.get("text", "")),
            "resolve": comments.resolve,
            "reopen": comments.reopen,
            "settle": partial(comments.settle, must_resolve=True),
            "unsettle": partial(comments.settle, must_resolve=False),
        }
        if request.method != "POST" or step not in steps:
            return redirect(comments.address(comment))
        try:
            steps[step](comment, by=request.user)
        except Refused as refusal:
            messages.error(request, str(refusal))
            request.reply_draft = (comment.pk, request.POST.get("text", ""))
            return self.review_view(request, pk)
        messages.success(request, DONE[step])
        return redirect(self._where_comments_are(request, comment))

    def _where_comments_are(self, request, comment) -> str:
        """The view that this was sent from, at the comment."""
        if "beside_form" not in request.POST:
            return comments.address(comment)
        thread = comment.parent_id or comment.pk
        return f"{self.address('change', comment.page_id)}#comment-{thread}"

    def _commented_page(self, request, pk):
        page = get_object_or_404(self.model, pk=pk)
        if not self.has_view_permission(request, page):
            raise PermissionDenied
        return page


def _said(post) -> dict:
    """What a comment's form says: of which words it speaks, and what."""
    start, _, end = post.get("sentence", "").partition(":")
    quote = post.get("quote", "")
    is_span = not quote and start.isdecimal() and end.isdecimal() and len(start + end) < 15
    return {
        "text": post.get("text", ""),
        "quote": quote,
        "prefix": post.get("prefix", ""),
        "suffix": post.get("suffix", ""),
        "span": (int(start), int(end)) if is_span else None,
        "digest": post.get("digest", ""),
        "must_resolve": "must_resolve" in post,
    }


def _number(text) -> int:
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0
