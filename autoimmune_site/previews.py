"""What somebody outside sees who follows a preview link: exactly one revision.

No account, no cookie; kept by no cache and no search engine.
"""

from functools import wraps

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from editorial import previewing, reading


def _for_one_person(view):
    """Keep an answer out of caches and search engines."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


@_for_one_person
@require_safe
def preview(request, token):
    """The revision of this link; 410 with whom to ask when the link does not open any more."""
    link = previewing.link_of(token)
    if link is None:
        raise Http404("There is no such preview.")
    if not previewing.shows(link):
        return render(request, "preview/gone.html", {"link": link}, status=410)
    if request.method == "GET":
        previewing.note_opened(link)
    page = previewing.as_page(link.revision)
    page.preview = {"link": link, "newest": link.revision.page.latest_revision()}
    return reading.show_unpublished(request, page)
