"""Finding a source from the editor's citation dialog, and naming the sources that a text cites.

`?q=`      words, a DOI, a PMID, an NCT id or a key: at most 20 sources, retracted ones last
`?keys=`   keys with commas between them: those of them that exist, in the order asked
"""

import unicodedata

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Case, F, IntegerField, Q, Value, When
from django.http import JsonResponse
from django.views.decorators.http import require_GET

from editorial import roles

from . import identifiers
from .models import Source

MOST_RESULTS = 20
MOST_KEYS = 200
MOST_WORDS = 8
LONGEST_QUERY = 300
_PUNCTUATION = ",.;:()[]{}'\"“”‘’"


@require_GET
def find_sources(request):
    """JSON `{"results": [{"key", "label", "title", "year", "design", "retracted", …}]}`.

    For a question it also says which `identifier` it is, if any, and whether this person
    `can_add` a source and this site `can_look_up` one. For staff who may see sources (else 403).
    An empty question has no results.
    """
    if not roles.can(request.user, "source.view"):
        raise PermissionDenied
    if "keys" in request.GET:
        sources = sources_named(request.GET["keys"].split(","))
        return JsonResponse({"results": [summary(s) | {"key": key} for key, s in sources.items()]})
    question = request.GET.get("q", "")
    answer = {
        "results": [summary(source) for source in matching_sources(question)],
        "identifier": _identifier_in(question),
        "can_add": roles.can(request.user, "source.edit"),
        "can_look_up": settings.SOURCE_LOOKUP == "on",
    }
    return JsonResponse(answer)


def _identifier_in(question: str) -> str | None:
    try:
        found = identifiers.identifier_in(question[:LONGEST_QUERY])
    except ValidationError:
        return None
    return str(found) if found else None


def matching_sources(query: str) -> list[Source]:
    """Sources of this identifier or key, or that hold every word, the likeliest first.

    Retracted sources come after all others. At most MOST_RESULTS.
    """
    text = unicodedata.normalize("NFKC", query[:LONGEST_QUERY]).replace("\0", "").strip()
    words = [word for part in text.split() if (word := part.strip(_PUNCTUATION))][:MOST_WORDS]
    if not words:
        return []
    exact = _identified(text)
    every_word = Q()
    for word in words:
        every_word &= _holds(word)
    found = Source.objects.current().filter(exact | every_word)
    likeness = Case(
        When(exact, then=Value(0)),
        When(_named_first(words), then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return list(
        found.order_by(_retracted_last(), likeness, F("year").desc(nulls_last=True), "key")[
            :MOST_RESULTS
        ]
    )


def sources_named(keys: list[str]) -> dict[str, Source]:
    """The sources of these keys, in this order, each once; unknown keys are left out."""
    wanted = list(dict.fromkeys(key.strip() for key in keys))[:MOST_KEYS]
    found = Source.objects.by_key(wanted)
    return {key: found[key] for key in wanted if key in found}


def summary(source: Source) -> dict:
    """What the dialog shows of a source. `described`: its title describes it, it is not one."""
    return {
        "key": source.key,
        "label": source.label,
        "title": source.title,
        "described": source.title_is_description,
        "year": source.year,
        "design": source.design,
        "standing": source.get_standing_display(),
        "retracted": source.is_retracted,
    }


def _identified(text: str) -> Q:
    """Those whose key or identifier is the whole text."""
    found = Q(key__iexact=text)
    for name, normal in (
        ("doi", identifiers.normal_doi),
        ("pmid", identifiers.normal_pmid),
        ("nct", identifiers.normal_nct),
    ):
        try:
            value = normal(text)
        except ValidationError:
            continue
        if value:
            found |= Q(**{name: value})
    try:
        pmc = identifiers.normal_pmc(text)
    except ValidationError:
        pmc = None
    return found | Q(other_ids__icontains=f'"{pmc}"') if pmc else found


def _holds(word: str) -> Q:
    """Those that hold this word, or the beginning of one, where an editor would look for it."""
    found = Q()
    for name in ("authors", "title", "journal", "key", "design", "doi", "nct"):
        found |= Q(**{f"{name}__icontains": word})
    if word.isascii() and word.isdecimal() and len(word) <= 8:
        found |= Q(year=int(word)) | Q(pmid=int(word))
    return found


def _named_first(words: list[str]) -> Q:
    """Those whose first author, or key, begins with the first word."""
    return Q(authors__istartswith=words[0]) | Q(key__istartswith=words[0])


def _retracted_last() -> Case:
    return Case(
        When(standing=Source.Standing.RETRACTED, then=Value(1)),
        default=Value(0),
        output_field=IntegerField(),
    )
