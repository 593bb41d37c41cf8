"""Pages, people and sources for tests, made only through the project's own actions."""

from dataclasses import dataclass
from functools import partial
from itertools import count

from claims import actions as claim_actions
from editorial import actions, roles
from editorial.models import Page, Revision, User
from evidence import actions as evidence_actions
from evidence.models import Source
from therapies import actions as therapy_actions

_number = count(1)


@dataclass(frozen=True)
class People:
    """One person for each role, and one staff member without any."""

    author: User
    editor: User
    reviewer: User
    moderator: User
    admin: User
    outsider: User


def person(name: str, *role_names: str) -> User:
    """A member of staff with these roles; the same person when asked again."""
    user, is_new = User.objects.get_or_create(
        username=name, defaults={"email": f"{name}@example.org", "is_staff": True}
    )
    if is_new:
        user.set_password("correct horse battery")
        user.save()
    roles.grant(user, *role_names)
    return user


CAST = {
    "author": ["author"],
    "editor": ["editor"],
    "reviewer": ["reviewer"],
    "moderator": ["moderator"],
    "admin": ["administrator"],
    "outsider": [],
}


def people() -> People:
    """The cast of every test, made when first asked for."""
    there = {user.username: user for user in User.objects.filter(username__in=CAST)}
    return People(
        **{name: there.get(name) or person(name, *roles_) for name, roles_ in CAST.items()}
    )


def content(kind: str = "article", **changes) -> dict:
    """Content that passes the kind's form."""
    number = next(_number)
    base = {
        "title": f"Living with arthritis, part {number}",
        "slug": "",
        "summary": "What daily life can look like.",
        "body": "<p>Many people plan their days around how they feel.</p>",
        "tags": [],
    }
    if kind == "therapy":
        base |= {"harms": ["No harm is known."], "form": "procedure"}
    return base | changes


def draft(kind: str = "article", *, by=None, page=None, **changes) -> Revision:
    """A saved draft by the author."""
    by = by or people().author
    return actions.save_draft(kind=kind, content=content(kind, **changes), by=by, page=page)


def submitted(kind: str = "article", **changes) -> Revision:
    """A draft that waits for review."""
    return actions.submit(draft(kind, **changes), by=people().author)


def approved(kind: str = "article", **changes) -> Revision:
    """A revision that a reviewer approved."""
    return actions.approve(submitted(kind, **changes), by=people().reviewer)


def published_page(kind: str = "article", **changes) -> Page:
    """A page that went the whole way; its flags, if any, are decided “not a claim” on the way."""
    revision = submitted(kind, **changes)
    decide_all(revision)
    revision = actions.approve(revision, by=people().reviewer)
    return actions.publish(revision, by=people().editor)


def decide_all(revision, outcome="not_a_claim", **answer) -> None:
    """Answer every open flag on a revision."""
    for claim in revision.anchors.select_related("claim"):
        if claim.claim.flags.open().exists():
            claim_actions.decide(
                claim.claim,
                by=people().moderator,
                outcome=outcome,
                reason="It describes, it does not promise.",
                **answer,
            )


def source(**fields) -> Source:
    """A source that can be found by its address."""
    number = next(_number)
    defaults = {
        "key": f"study-{number}",
        "title": f"A trial of something {number}",
        "authors": "Example A, et al.",
        "journal": "Journal of Examples",
        "year": 2020,
        "url": f"https://example.org/{number}",
        "design": "RCT",
        "confidence": "high",
    }
    return evidence_actions.save_source(by=people().editor, **(defaults | fields))


# Reasons from which each certainty follows.
ACCOUNTS = {
    "high": {},
    "moderate": {"imprecision": -1},
    "low": {"imprecision": -2},
    "very low": {"imprecision": -2, "risk_of_bias": -1},
}


def assessment_draft(therapy, condition, certainty="low", sources=None, by=None, **words):
    """A version of what the evidence says of a pair, by an editor; nobody has approved it."""
    points = ACCOUNTS[certainty]
    account = points | {f"{name}_why": "The studies are few." for name in points}
    return therapy_actions.assess(
        by=by or people().editor,
        therapy=therapy,
        condition=condition,
        sources=sources or [source()],
        **(
            {
                "start": "randomised",
                "direction": "benefit",
                "stage": "in trials",
                "summary": "It may help some people.",
                "note": "",
            }
            | account
            | words
        ),
    )


def assessment(therapy, condition, certainty="low", sources=None, **words):
    """What the evidence says of a pair, approved by a reviewer."""
    version = assessment_draft(therapy, condition, certainty, sources, **words)
    if version.state == "approved":
        return version.live_as
    return therapy_actions.approve(version, by=people().reviewer)


condition = partial(published_page, "condition")
therapy = partial(published_page, "therapy")
