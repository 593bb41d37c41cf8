"""What a page says, in schema.org's words. Each value is one that the page shows.

There is no ClaimReview here: that is for reviews of somebody else's claim, and no kind of page of
this site is one. A claim of our own is a Claim.
"""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from therapies.models import Assessment, Therapy

from .context import SITE_NAME
from .demo_accounts import REVIEW_TITLE

CONTEXT = "https://schema.org"
_MEDICINES = (Therapy.Form.SMALL_MOLECULE, Therapy.Form.BIOLOGIC)
_SYSTEMS = (("icd10", "ICD-10"), ("mesh_id", "MeSH"), ("snomed_ct", "SNOMED CT"))
_IN_USE = (Assessment.Stage.STANDARD, Assessment.Stage.SELECTED)


def of_home() -> dict:
    """The site itself, and how to search it."""
    search = f"{settings.SITE_URL}{reverse('search')}?q={{search_term_string}}"
    return {
        "@context": CONTEXT,
        "@type": "WebSite",
        "name": SITE_NAME,
        "url": f"{settings.SITE_URL}/",
        "inLanguage": "en-GB",
        "potentialAction": {
            "@type": "SearchAction",
            "target": {"@type": "EntryPoint", "urlTemplate": search},
            "query-input": "required name=search_term_string",
        },
    }


def of_page(page, references, corrections, subjects=(), assessments=()) -> dict:
    """An article, condition or therapy. `subjects`: published pages that an article is about;
    `assessments`: of a condition's treatments."""
    data = _web_page(page) | {
        "datePublished": page.first_published_at.isoformat(),
        "dateModified": page.published_at.isoformat(),
        "citation": [source(r.source) for r in references],
        "correction": [_correction(page, c) for c in corrections],
        "about": [_subject(page, assessments)]
        if page.kind != "article"
        else [_named(subject) for subject in subjects],
    }
    if page.reviewed_at:
        data["lastReviewed"] = timezone.localdate(page.reviewed_at).isoformat()
        data |= _reviewer(page)
    return _without_nothing(data)


def of_assessment(assessment, sources) -> dict:
    """What the evidence says of a pair: its certainty stands in the abstract, as on the page."""
    data = {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "name": f"{assessment.therapy.title} for {assessment.condition.title}",
        "abstract": f"{assessment.certainty.capitalize()} certainty. {assessment.summary}",
        "url": _address(assessment),
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "publisher": _publisher(),
        "about": [_named(assessment.therapy), _named(assessment.condition)],
        "citation": [source(s) for s in sources],
    }
    return _without_nothing(data)


def of_claim(claim, sentence: str, page, claim_sources) -> dict:
    """One sentence of ours that asserts something, where it stands and what it rests on."""
    data = {
        "@context": CONTEXT,
        "@type": "Claim",
        "text": sentence,
        "url": _address(claim),
        "appearance": {"@type": "MedicalWebPage", "name": page.title, "url": _address(page)},
        "citation": [source(row.source) for row in claim_sources],
    }
    return _without_nothing(data)


def of_source(row) -> dict:
    """A bibliographic record on its own page."""
    return {"@context": CONTEXT} | source(row)


def source(row) -> dict:
    """A paper as ScholarlyArticle; a regulator's statement or registration as CreativeWork."""
    is_paper = bool(row.doi or row.pmid)
    ids = [("DOI", row.doi), ("PMID", row.pmid), ("NCT", row.nct)]
    data = {
        "@type": "ScholarlyArticle" if is_paper else "CreativeWork",
        "description" if row.title_is_description else "name": row.title,
        "url": row.link,
        "mainEntityOfPage": _address(row),
        "identifier": [
            {"@type": "PropertyValue", "propertyID": name, "value": str(value)}
            for name, value in ids
            if value
        ],
        "datePublished": str(row.year) if row.year else "",
        "creditText": row.authors,
        "isPartOf": {"@type": "Periodical", "name": row.journal}
        if is_paper and row.journal
        else "",
        "creativeWorkStatus": row.get_standing_display() if row.standing != "sound" else "",
    }
    return _without_nothing(data)


def _periodical(row) -> dict | str:
    return {"@type": "Periodical", "name": row.journal} if row.journal else ""


def _web_page(page) -> dict:
    return {
        "@context": CONTEXT,
        "@type": "MedicalWebPage",
        "name": page.title,
        "description": page.summary,
        "url": _address(page),
        "inLanguage": "en-GB",
        "isAccessibleForFree": True,
        "publisher": _publisher(),
    }


def _publisher() -> dict:
    return {"@type": "Organization", "name": SITE_NAME, "url": f"{settings.SITE_URL}/"}


def _reviewer(page) -> dict:
    """Whoever reviewed this text, if that is a person: the shipped text's reviewer is not one."""
    if not page.reviewed_by_name or page.reviewed_by_title == REVIEW_TITLE:
        return {}
    person = {"@type": "Person", "name": page.reviewed_by_name}
    title = {"jobTitle": page.reviewed_by_title} if page.reviewed_by_title else {}
    return {"reviewedBy": person | title}


def _subject(page, assessments) -> dict:
    data = _named(page) | {"alternateName": page.other_names}
    if page.kind == "condition":
        data |= {
            "code": [
                {"@type": "MedicalCode", "codeValue": getattr(page, name), "codingSystem": system}
                for name, system in _SYSTEMS
                if getattr(page, name)
            ],
            "signOrSymptom": [{"@type": "MedicalSymptom", "name": s} for s in page.symptoms],
            "possibleTreatment": [_named(a.therapy) for a in assessments if _is_in_use(a)],
        }
    return _without_nothing(data)


def _is_in_use(assessment) -> bool:
    """A treatment is named as one only where it is in use and the finding points to benefit."""
    is_good = assessment.direction == Assessment.Direction.BENEFIT
    is_sound = assessment.footing == Assessment.Footing.SOUND
    return assessment.stage in _IN_USE and is_good and is_sound


def _named(page) -> dict:
    """A condition or therapy as a thing of its own, by name."""
    kind = "MedicalCondition"
    if page.kind == "therapy":
        kind = "Drug" if getattr(page, "form", "") in _MEDICINES else "MedicalTherapy"
    return {"@type": kind, "name": page.title, "url": _address(page)}


def _correction(page, correction) -> dict:
    now = f"It now says: “{correction.after}”" if correction.after else "It was taken out."
    return {
        "@type": "CorrectionComment",
        "text": f"It said: “{correction.before}” {now} Why: {correction.reason}",
        "datePublished": correction.made_at.isoformat(),
        "url": f"{_address(page)}#correction-{correction.pk}",
    }


def _address(thing) -> str:
    return f"{settings.SITE_URL}{thing.get_absolute_url()}"


def _without_nothing(data: dict) -> dict:
    return {name: value for name, value in data.items() if value not in ("", [], None)}
