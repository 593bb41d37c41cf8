"""The shipped content: read from the rooms' content folders, through everybody's own actions."""

import hashlib
import json
from datetime import date
from pathlib import Path

from django.conf import settings
from django.db import transaction

from articles.importers.markdown_file import html_of_markdown, read_markdown
from claims.actions import recheck_site
from editorial import actions, audit, roles
from editorial.models import Event, Page, Revision, User
from evidence.actions import record_notice, save_source
from evidence.models import Source
from therapies.actions import approve as approve_assessment
from therapies.actions import assess
from therapies.models import AssessmentVersion, Condition, Therapy

from .demo_accounts import REVIEW_TITLE

BASE = Path(settings.BASE_DIR)
FILES = {
    "sources": BASE / "evidence/content/sources.json",
    "conditions": BASE / "therapies/content/conditions.json",
    "therapies": BASE / "therapies/content/therapies.json",
    "assessments": BASE / "therapies/content/assessments.json",
}
ARTICLES = BASE / "articles/content"
ASSESSED_HOW = "One reader's cautious judgement of the sources named here, not a formal appraisal."
SEARCHED_ON = date(2026, 11, 22)
SEARCHED_WHERE = "a reading list drawn up for this site; not a systematic search"


def load(say=lambda text: None) -> bool:
    """Load or bring up to date all shipped content; False when nothing had changed.

    Pages that somebody has edited here since are left alone. Raises editorial.errors.Refused
    when the gate refuses a shipped page.
    """
    digest = content_digest()
    loaded = Event.objects.filter(verb="demo.loaded").first()
    if loaded and loaded.data.get("digest") == digest:
        return False
    team = _team()
    _load_sources(team, say)
    drafts = _save_named_pages(team, say)
    _load_subjects(team)
    _load_assessments(team, say)
    _publish_all(drafts, team, say)
    say("Checking every sentence against the assessments")
    recheck_site()
    _load_articles(team, say)
    with transaction.atomic():
        audit.record("demo.loaded", by=team["editor"], subject="shipped content", digest=digest)
    return True


def content_digest() -> str:
    """SHA-256 over every shipped file."""
    digest = hashlib.sha256()
    for path in [*FILES.values(), *sorted(ARTICLES.glob("*.md"))]:
        digest.update(path.name.encode() + path.read_bytes())
    return digest.hexdigest()


def _team() -> dict[str, User]:
    """The people in whose name content ships. They have no password and cannot sign in."""
    team = {}
    for role in ("author", "reviewer", "editor"):
        user, is_new = User.objects.get_or_create(
            username=f"shipped-content-{role}",
            defaults={
                "first_name": "Shipped content",
                "last_name": f"({role})",
                "title": REVIEW_TITLE if role == "reviewer" else "",
                "is_staff": True,
            },
        )
        if is_new:
            user.set_unusable_password()
            user.save()
            roles.grant(user, role)
        team[role] = user
    return team


def _read(name: str) -> list[dict]:
    return json.loads(FILES[name].read_text(encoding="utf-8"))


def _load_sources(team, say) -> None:
    rows = _read("sources")
    say(f"Loading {len(rows)} sources")
    merged = set(Source.objects.exclude(merged_into=None).values_list("key", flat=True))
    for row in rows:
        if row["key"] in merged:  # somebody here found that it is another record's paper
            continue
        source = save_source(
            by=team["editor"],
            key=row["key"],
            title=row["title"],
            title_is_description=row["title_is_description"],
            authors=row["authors"] or "",
            journal=row["journal"] or "",
            year=row["year"],
            citation=row["citation"] or "",
            doi=row["doi"],
            pmid=row["pmid"],
            nct=row["nct"],
            other_ids=row["other_ids"],
            url=row["url"] or "",
            design=row["study_design"] or "",
            participants=row["n"],
            finding=row["finding"] or "",
            direction=row["direction"] or "",
            confidence=row["confidence"],
            checked_by=row["checked_by"] or "",
            identifier_checks=row["id_check"],
        )
        if row["retraction"]:
            _record_retraction(source, row["retraction"], team)


def _load_subjects(team) -> None:
    """What each source is about, once those pages are there."""
    pages = {(p.kind, p.slug): p for p in Page.objects.filter(kind__in=["condition", "therapy"])}
    rows = _read("sources")
    sources = Source.objects.by_key(row["key"] for row in rows)
    for row in rows:
        if sources[row["key"]].key != row["key"]:
            continue
        about = [("condition", slug) for slug in row["conditions"]]
        about += [("therapy", slug) for slug in row["therapies"]]
        save_source(by=team["editor"], key=row["key"], about=[pages[name] for name in about])


def _record_retraction(source, retraction, team) -> None:
    text = retraction["date"] or ""
    record_notice(
        source,
        by=team["editor"],
        kind="retraction",
        date=date.fromisoformat(text) if len(text) == 10 else None,
        date_text=text,
        doi=retraction["notice_doi"],
        reason=retraction["reason"] or "",
        checked=retraction["notice_check"] or "",
    )


def _save_named_pages(team, say) -> list[Revision]:
    """Drafts of every condition and therapy page; those that people changed are left out."""
    about = _sources_by_subject()
    pages = [("condition", row, about["conditions"]) for row in _read("conditions")]
    pages += [("therapy", row, about["therapies"]) for row in _read("therapies")]
    say(f"Writing {len(pages)} condition and therapy pages")
    drafts = []
    for kind, row, sources in pages:
        content = {**_shared_content(row, sources.get(row["slug"], [])), **_own_content(kind, row)}
        drafts.append(_save(kind, content, team))
    return [revision for revision in drafts if revision]


def _shared_content(row, source_pks) -> dict:
    return {
        "title": row["name"],
        "slug": row["slug"],
        "summary": row["summary"],
        "body": html_of_markdown(row["body"]),
        "tags": [],
        "other_names": row["other_names"],
        "loose_names": row["loose_names"],
        "sources": source_pks,
        **{name: html_of_markdown(text) for name, text in row["parts"].items()},
    }


def _own_content(kind, row) -> dict:
    if kind == "therapy":
        return {"form": row["kind"], "harms": row["harms"], "regulatory": row["regulatory"]}
    names = ("mesh_id", "mesh_name", "icd10", "snomed_ct")
    codes = {name: row["codes"][name] or "" for name in names}
    return {
        "body_system": row["body_system"],
        "symptoms": row["symptoms"],
        "icd10_also": row["codes"]["icd10_also"] or [],
        **codes,
    }


def _sources_by_subject() -> dict[str, dict[str, list[int]]]:
    """Primary keys of the sources about each condition and each therapy, by slug."""
    rows = _read("sources")
    sources = Source.objects.by_key(row["key"] for row in rows)
    about = {"conditions": {}, "therapies": {}}
    for row in rows:
        for subject, slugs in about.items():
            for slug in row[subject]:
                slugs.setdefault(slug, []).append(sources[row["key"]].pk)
    return about


def _save(kind, content, team) -> Revision | None:
    """The shipped draft of a page, or None when somebody else has worked on the page."""
    page = Page.objects.filter(kind=kind, slug=content["slug"]).first()
    if page and page.revisions.exclude(author=team["author"]).exists():
        return None
    return actions.save_draft(kind=kind, content=content, by=team["author"], page=page)


def _load_assessments(team, say) -> None:
    rows = _read("assessments")
    say(f"Loading {len(rows)} assessments")
    sources = Source.objects.by_key(key for row in rows for key in row["source_keys"])
    therapies = {t.slug: t for t in Therapy.objects.all()}
    conditions = {c.slug: c for c in Condition.objects.all()}
    others = AssessmentVersion.objects.exclude(author=team["editor"])
    worked_on = set(others.values_list("therapy__slug", "condition__slug"))
    for row in rows:
        if (row["therapy"], row["condition"]) in worked_on:
            continue  # somebody here has judged the pair since
        version = assess(
            by=team["editor"],
            therapy=therapies[row["therapy"]],
            condition=conditions[row["condition"]],
            sources=[sources[key] for key in row["source_keys"]],
            outcomes=[_outcome(outcome, sources) for outcome in row["outcomes"]],
            **_words_of(row),
        )
        if version.state == version.State.DRAFT:
            approve_assessment(version, by=team["reviewer"])


def _outcome(row, sources) -> dict:
    return {**row, "source": sources[row["source"]] if row.get("source") else None}


def _words_of(row) -> dict:
    """An assessment's words; the reading list it was made from is its only search."""
    names = ("start", "certainty", "direction", "stage", "summary", "would_change")
    reasons = {}
    for domain, (points, why) in row["reasons"].items():
        reasons |= {domain: points, f"{domain}_why": why}
    return {
        **{name: row[name] for name in names},
        **reasons,
        "note": row["note"] or "",
        "basis": ASSESSED_HOW,
        "searched_on": SEARCHED_ON,
        "searched_where": SEARCHED_WHERE,
    }


def _publish_all(revisions, team, say) -> None:
    say(f"Publishing {len(revisions)} pages")
    for revision in revisions:
        if revision.state == Revision.State.DRAFT:
            revision = actions.submit(revision, by=team["author"])
            revision = actions.approve(revision, by=team["reviewer"])
            actions.publish(revision, by=team["editor"])


def _load_articles(team, say) -> None:
    revisions = []
    for path in sorted(ARTICLES.glob("*.md")):
        article = read_markdown(path.read_bytes(), path.name)
        conditions = Condition.objects.filter(slug__in=article.conditions)
        therapies = Therapy.objects.filter(slug__in=article.therapies)
        content = {
            "title": article.title,
            "slug": article.slug,
            "summary": article.summary,
            "body": article.body_html,
            "tags": article.tags,
            "conditions": sorted(conditions.values_list("pk", flat=True)),
            "therapies": sorted(therapies.values_list("pk", flat=True)),
        }
        revisions.append(_save("article", content, team))
    _publish_all([r for r in revisions if r], team, say)
