"""What somebody outside sees who follows a preview link: one revision, and a form for remarks.

No account, no cookie; kept by no cache and no search engine.
"""

from functools import wraps

from django import forms
from django.core.cache import cache
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import render
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from claims import report_guards
from claims.report_forms import PlainText
from claims.report_views import FROM_ELSEWHERE, OLD_TOKEN, TOO_LARGE, TOO_OFTEN, UNKNOWN_TOKEN
from editorial import comments, previewing, reading
from editorial.errors import Refused

LIMITS = ((3600, 60), (24 * 3600, 200))  # (seconds, remarks from one neighbourhood)


class RemarkForm(forms.Form):
    """A remark of an outside expert, on words of the text or on all of it."""

    name = PlainText(
        label=gettext_lazy("Your name"),
        max_length=100,
        error_messages={
            "required": gettext_lazy("Say who you are, so that the editors know who speaks.")
        },
    )
    quote = PlainText(
        label=gettext_lazy("The words that you mean"),
        required=False,
        max_length=1000,
        help_text=gettext_lazy(
            "Copy them from the text. Leave this empty to speak of the whole text."
        ),
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    text = PlainText(
        label=gettext_lazy("Your remark"),
        max_length=comments.LONGEST,
        widget=forms.Textarea(attrs={"rows": 5}),
        error_messages={"required": gettext_lazy("Write your remark, then send it.")},
    )
    # Hidden from people. Programs that fill in forms fill it in, too.
    website = forms.CharField(
        required=False,
        label=gettext_lazy("Leave this empty"),
        widget=forms.TextInput(attrs={"tabindex": "-1", "autocomplete": "off"}),
    )

    def clean_website(self):
        """Empty, as people leave what they do not see."""
        if self.cleaned_data["website"]:
            raise forms.ValidationError(
                gettext(
                    "A field that people cannot see was filled in, as programs do. If you are"
                    " a person, your browser may have done it: send the form once more."
                )
            )
        return ""


def _for_one_person(view):
    """Keep an answer out of caches and search engines."""

    @wraps(view)
    def answer(request, *args, **kwargs):
        response = view(request, *args, **kwargs)
        response["Cache-Control"] = "no-store"
        response["X-Robots-Tag"] = "noindex, nofollow"
        return response

    return answer


# Without Django's CSRF cookie; report_guards says why that is sound, and takes its place.
@csrf_exempt
@_for_one_person
@require_http_methods(["GET", "HEAD", "POST"])
def preview(request, token):
    """The revision of this link; 410 with whom to ask when the link does not open any more."""
    link = previewing.link_of(token)
    if link is None:
        raise Http404(gettext("There is no such preview."))
    if not previewing.shows(link):
        return render(request, "preview/gone.html", {"link": link}, status=410)
    if request.method == "POST":
        return _receive(request, link)
    if request.method == "GET":
        previewing.note_opened(link)
    return _show(request, link, RemarkForm(label_suffix="", initial={"name": link.for_whom}))


def _receive(request, link):
    """Take a remark, or show the form again saying why it was not taken."""
    empty = RemarkForm(label_suffix="")
    if report_guards.is_too_large(request):
        return _show(request, link, empty, TOO_LARGE, status=413)
    if not report_guards.came_from_here(request):
        return _show(request, link, empty, FROM_ELSEWHERE, status=403)
    form = RemarkForm(request.POST, label_suffix="")
    token = report_guards.read_token(request.POST.get("token", ""), link.revision.page)
    if token is None or not token.is_fresh:
        return _show(request, link, form, UNKNOWN_TOKEN if token is None else OLD_TOKEN)
    if not form.is_valid():
        return _show(request, link, form)
    if not report_guards.may_ask(request, "preview", LIMITS):
        return _show(request, link, form, TOO_OFTEN, status=429)
    if cache.add(f"remark-{token.key}", 1, report_guards.TOKEN_SECONDS):  # one form, one remark
        try:
            said = form.cleaned_data
            previewing.remark(link, text=said["text"], quote=said["quote"], name=said["name"])
        except Refused as refusal:
            cache.delete(f"remark-{token.key}")
            return _show(request, link, form, str(refusal))
    response = HttpResponseRedirect(f"{request.path}?thanks=1#remarks")
    response.status_code = 303
    return response


def _show(request, link, form, message="", status=200):
    page = previewing.as_page(link.revision)
    page.preview = {
        "link": link,
        "form": form,
        "message": message,
        "token": report_guards.new_token(link.revision.page),
        "is_thanked": request.method != "POST" and "thanks" in request.GET,
        "newest": link.revision.page.latest_revision(),
        "path": request.path,
    }
    response = reading.show_unpublished(request, page)
    response.status_code = status
    return response
