"""Adding a source from the editor's citation dialog or from the admin, by identifier or by hand."""

from functools import wraps

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext, gettext_lazy
from django.views.decorators.http import require_POST

from editorial import roles
from editorial.errors import Refused

from . import fetching, identifiers
from .importers.record import Broken, record
from .lookup import summary
from .outgoing import Unavailable

MOST_AT_ONCE = 20
HAND = "an editor, by hand"


class HandForm(forms.Form):
    """What is known of a paper where nobody can be asked."""

    title = forms.CharField(max_length=1000)
    authors = forms.CharField(max_length=300, required=False)
    journal = forms.CharField(max_length=200, required=False)
    year = forms.IntegerField(min_value=1600, max_value=2200, required=False)
    citation = forms.CharField(max_length=120, required=False)
    doi = forms.CharField(max_length=260, required=False)
    pmid = forms.CharField(max_length=80, required=False)
    nct = forms.CharField(max_length=80, required=False)
    url = forms.URLField(max_length=500, required=False, assume_scheme="https")

    def record(self):
        """As a Record. Raises ValidationError."""
        data = self.cleaned_data
        authors = [name.strip() for name in data["authors"].split(",") if name.strip()]
        given = {**data, "authors": authors, "year": str(data["year"] or "")}
        found = record(1, **given)
        if isinstance(found, Broken):
            raise ValidationError(found.reason)
        return found


def _answering(view):
    """For staff who may edit sources; a refusal becomes `{"error": sentence}`."""

    @require_POST
    @wraps(view)
    def answer(request):
        if not roles.can(request.user, "source.edit"):
            raise PermissionDenied
        try:
            return JsonResponse(view(request))
        except Unavailable as error:
            return JsonResponse({"error": str(error), "by_hand": True}, status=503)
        except ValidationError as error:
            return JsonResponse({"error": " ".join(error.messages)}, status=422)
        except Refused as error:
            return JsonResponse({"error": str(error)}, status=422)

    return answer


@_answering
def look_up_source(request):
    """JSON of the paper that `identifier` names, as its service describes it; nothing is kept.

    `{"here": source}` when it is among the sources already.
    """
    identifier = _required(request.POST.get("identifier", ""))
    if here := fetching.known(identifier):
        return {"here": summary(here)}
    answer = fetching.look_up(identifier)
    found = answer.record
    return {
        "identifier": str(identifier),
        "service": answer.service,
        "title": found.title,
        "authors": ", ".join(found.authors[:6]) + (", et al." if len(found.authors) > 6 else ""),
        "journal": found.journal,
        "year": found.year,
        "citation": found.citation,
        "notices": [notice.kind for notice in answer.notices],
    }


@_answering
def keep_source(request):
    """Keep the paper of `identifier`, looked up, or else the one of the fields filled in by hand.

    JSON `{"source", "is_new", "remarks"}`.
    """
    if text := request.POST.get("identifier", ""):
        kept = fetching.keep(_required(text), by=request.user)
    else:
        form = HandForm(request.POST)
        if not form.is_valid():
            says = [f"{form[name].label}: {' '.join(e)}" for name, e in form.errors.items()]
            raise ValidationError(says)
        kept = keep_by_hand(form.record(), by=request.user)
    return {"source": summary(kept.source), "is_new": kept.is_new, "remarks": kept.remarks}


def keep_by_hand(found, *, by) -> fetching.Kept:
    """Keep a record that somebody typed; its identifiers are looked up where that is possible.

    Raises ValidationError (with both titles, when an identifier is another paper's), NotAllowed.
    """
    remarks = fetching.require_one_paper(
        found.title,
        doi=identifiers.normal_doi(found.doi),
        pmid=identifiers.normal_pmid(found.pmid),
    )
    kept = fetching.keep_record(found, by=by, origin=HAND)
    kept.remarks.extend(remarks)
    return kept


def _required(text: str) -> identifiers.Identifier:
    identifier = identifiers.identifier_in(text[:300])
    if identifier is None:
        raise ValidationError(
            gettext(
                "“%(text)s” is no DOI, PMID, PMC number or trial registration. A DOI "
                "looks like 10.1000/xyz123, a registration like NCT01234567."
            )
            % {"text": text[:100]}
        )
    return identifier


# The admin's way: paste, one a line


class PasteForm(forms.Form):
    """Identifiers or their addresses."""

    identifiers = forms.CharField(
        label=gettext_lazy("Identifiers"),
        widget=forms.Textarea(attrs={"rows": 5, "autocomplete": "off", "spellcheck": "false"}),
        max_length=6000,
        help_text=gettext_lazy(
            "DOIs, PMIDs, PMC numbers or trial registrations (NCT), or their "
            "addresses; one a line, %(MOST_AT_ONCE)s at most."
        )
        % {"MOST_AT_ONCE": MOST_AT_ONCE},
    )

    def clean_identifiers(self):
        """The lines that hold something."""
        lines = [line.strip() for line in self.cleaned_data["identifiers"].splitlines()]
        lines = list(dict.fromkeys(filter(None, lines)))
        if len(lines) > MOST_AT_ONCE:
            raise ValidationError(
                gettext("These are %(count)s lines. Paste %(MOST_AT_ONCE)s at most.")
                % {"count": len(lines), "MOST_AT_ONCE": MOST_AT_ONCE}
            )
        return lines


def paste_sources(request):
    """Look every pasted identifier up and keep its paper; what cannot be kept stays in the box."""
    if not roles.can(request.user, "source.edit"):
        raise PermissionDenied
    form = PasteForm(request.POST or None, label_suffix="")
    if request.method == "POST" and form.is_valid():
        kept, left = [], []
        for line in form.cleaned_data["identifiers"]:
            source = _keep_line(request, line)
            (kept if source else left).append(source or line)
        if not left:
            return redirect(_after(kept))
        form = PasteForm(initial={"identifiers": "\n".join(left)}, label_suffix="")
    context = {
        **admin.site.each_context(request),
        "title": gettext("Add sources by identifier"),
        "form": form,
        "is_on": fetching.is_on(),
    }
    return render(request, "admin/evidence/paste.html", context)


def _keep_line(request, line: str):
    try:
        kept = fetching.keep(_required(line), by=request.user)
    except ValidationError as error:
        messages.error(request, f"{line[:80]}: {' '.join(error.messages)}")
    except Refused as error:
        messages.error(request, f"{line[:80]}: {error}")
    else:
        what = "was added" if kept.is_new else "is here already"
        messages.success(
            request,
            gettext("“%(title)s” %(what)s as %(key)s.")
            % {"title": kept.source.title, "what": what, "key": kept.source.key},
        )
        for remark in kept.remarks:
            messages.warning(request, f"{kept.source.label}: {remark}")
        return kept.source
    return None


def _after(kept) -> str:
    """One source is opened, to fill in what no service knows; several are a list."""
    if len(kept) == 1:
        return reverse("admin:evidence_source_change", args=[kept[0].pk])
    return reverse("admin:evidence_source_changelist")
