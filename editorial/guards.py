"""Rules that the database itself keeps, by triggers, on SQLite and on PostgreSQL.

They hold even against direct SQL and against code that forgets `actions.py`:

- an event is never changed or deleted;
- the content of a revision never changes once it has left the draft state or somebody has
  commented on it;
- nor once somebody outside was shown it by a link;
- a page is published only with a revision of its own that was approved (or overridden by an
  administrator), and shows exactly that revision's title and body;
- an approval is never changed or deleted, and never the author's own; a revision becomes approved
  only with as many as the rules for its kind of page demand;
- no page stands at an address that leads elsewhere, and no address leads elsewhere where a page
  stands.
"""

from dataclasses import dataclass

from django.db import connections


@dataclass(frozen=True)
class Guard:
    """One trigger. `when` is the SQL condition under which the write is refused."""

    name: str
    table: str
    on: str
    when: dict[str, str]
    message: str


ALWAYS = {"sqlite": "1", "postgresql": "true"}
TRUNCATE = "TRUNCATE"

_LIVE = """NEW.status = 'published' AND NOT EXISTS (
    SELECT 1 FROM editorial_revision r
    WHERE r.id = NEW.live_revision_id AND r.page_id = NEW.id AND r.state = 'published'
      AND (r.override_reason <> '' OR r.approved_at IS NOT NULL AND EXISTS (
          SELECT 1 FROM editorial_approval a WHERE a.revision_id = r.id))
      AND {title} = NEW.title AND {body} = NEW.body)"""
_LIVE_WHEN = {
    "sqlite": _LIVE.format(
        title="json_extract(r.content, '$.title')", body="json_extract(r.content, '$.body')"
    ),
    "postgresql": _LIVE.format(title="r.content->>'title'", body="r.content->>'body'"),
}
_LIVE_MESSAGE = "a page is published only as an approved revision says"

_CHANGED = (
    "(OLD.state <> 'draft' "
    "OR EXISTS (SELECT 1 FROM editorial_comment c WHERE c.revision_id = OLD.id)) "
    "AND (NEW.content {differs} OLD.content "
    "OR NEW.page_id <> OLD.page_id OR NEW.number <> OLD.number)"
)

_SHOWN = (
    "NEW.content {differs} OLD.content "
    "AND EXISTS (SELECT 1 FROM editorial_previewlink p WHERE p.revision_id = OLD.id)"
)

_TOO_FEW = """NEW.state = 'approved' AND OLD.state <> 'approved' AND NEW.approved_at IS NOT NULL
    AND (SELECT count(*) FROM editorial_approval a WHERE a.revision_id = NEW.id)
      < COALESCE((SELECT k.approvals_needed FROM editorial_kindpolicy k
                  JOIN editorial_page p ON p.kind = k.kind WHERE p.id = NEW.page_id), 1)"""
_APPROVAL_CHANGED = (
    "NEW.revision_id <> OLD.revision_id OR NEW.by_name <> OLD.by_name OR NEW.title <> OLD.title "
    "OR NEW.interests <> OLD.interests OR NEW.checked <> OLD.checked OR NEW.at <> OLD.at "
    "OR (NEW.by_id IS NOT NULL AND (OLD.by_id IS NULL OR NEW.by_id <> OLD.by_id))"
)
_OWN_WORDS = (
    "EXISTS (SELECT 1 FROM editorial_revision r "
    "WHERE r.id = NEW.revision_id AND r.author_id = NEW.by_id)"
)
_PAGE_THERE = (
    "EXISTS (SELECT 1 FROM editorial_page p WHERE p.kind = NEW.kind AND p.slug = NEW.slug)"
)
_LEADS_ELSEWHERE = (
    "EXISTS (SELECT 1 FROM editorial_redirect d WHERE d.kind = NEW.kind AND d.slug = NEW.slug)"
)


def _both(when: str) -> dict[str, str]:
    """A condition that both databases read alike."""
    return {"sqlite": when, "postgresql": when}


def append_only(table: str, name: str, message: str) -> list[Guard]:
    """Guards that let rows of a table be added and nothing else."""
    return [
        Guard(f"{name}_no_update", table, "UPDATE", ALWAYS, message),
        Guard(f"{name}_no_delete", table, "DELETE", ALWAYS, message),
        Guard(f"{name}_no_truncate", table, TRUNCATE, ALWAYS, message),
    ]


_KEPT_MESSAGE = "an approval is never changed or deleted"
_THERE_MESSAGE = "a page stands at that old address"
_ELSEWHERE_MESSAGE = "that address leads to another page"

GUARDS = [
    *append_only("editorial_event", "event", "events are append-only"),
    Guard(
        "revision_frozen",
        "editorial_revision",
        "UPDATE",
        {
            "sqlite": _CHANGED.format(differs="<>"),
            "postgresql": _CHANGED.format(differs="IS DISTINCT FROM"),
        },
        "a submitted revision, or one commented on, cannot be changed",
    ),
    Guard(
        "revision_shown_frozen",
        "editorial_revision",
        "UPDATE",
        {
            "sqlite": _SHOWN.format(differs="<>"),
            "postgresql": _SHOWN.format(differs="IS DISTINCT FROM"),
        },
        "a revision shown to somebody outside cannot be changed",
    ),
    Guard("page_live_insert", "editorial_page", "INSERT", _LIVE_WHEN, _LIVE_MESSAGE),
    Guard("page_live_update", "editorial_page", "UPDATE", _LIVE_WHEN, _LIVE_MESSAGE),
    Guard(
        "revision_approved_by_enough",
        "editorial_revision",
        "UPDATE",
        _both(_TOO_FEW),
        "a revision is approved only by as many reviewers as its kind demands",
    ),
    Guard(
        "approval_no_update",
        "editorial_approval",
        "UPDATE",
        _both(_APPROVAL_CHANGED),
        _KEPT_MESSAGE,
    ),
    Guard("approval_no_delete", "editorial_approval", "DELETE", ALWAYS, _KEPT_MESSAGE),
    Guard(
        "approval_not_of_own_words",
        "editorial_approval",
        "INSERT",
        _both(_OWN_WORDS),
        "nobody approves their own words",
    ),
    Guard("redirect_insert", "editorial_redirect", "INSERT", _both(_PAGE_THERE), _THERE_MESSAGE),
    Guard("redirect_update", "editorial_redirect", "UPDATE", _both(_PAGE_THERE), _THERE_MESSAGE),
    Guard(
        "page_slug_insert", "editorial_page", "INSERT", _both(_LEADS_ELSEWHERE), _ELSEWHERE_MESSAGE
    ),
    Guard(
        "page_slug_update", "editorial_page", "UPDATE", _both(_LEADS_ELSEWHERE), _ELSEWHERE_MESSAGE
    ),
]


def add(*guards: Guard) -> None:
    """Let a room above put up guards of its own, from its `AppConfig.ready()`."""
    GUARDS.extend(guard for guard in guards if guard not in GUARDS)


def _create_sql(guard: Guard, vendor: str) -> str:
    if vendor == "sqlite":
        return (
            f"CREATE TRIGGER {guard.name} BEFORE {guard.on} ON {guard.table} FOR EACH ROW "
            f"WHEN {guard.when[vendor]} BEGIN SELECT RAISE(ABORT, '{guard.message}'); END"
        )
    row = "OLD" if guard.on == "DELETE" else "NEW"
    each = "STATEMENT" if guard.on == TRUNCATE else "ROW"
    return (
        f"CREATE OR REPLACE FUNCTION {guard.name}() RETURNS trigger LANGUAGE plpgsql AS $guard$ "
        f"BEGIN IF {guard.when[vendor]} THEN RAISE EXCEPTION '{guard.message}' "
        f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $guard$; "
        f"CREATE TRIGGER {guard.name} BEFORE {guard.on} ON {guard.table} "
        f"FOR EACH {each} EXECUTE FUNCTION {guard.name}()"
    )


def _drop_sql(guard: Guard, vendor: str) -> str:
    on = f" ON {guard.table}" if vendor == "postgresql" else ""
    return f"DROP TRIGGER IF EXISTS {guard.name}{on}"


def _is_known(guard: Guard, vendor: str) -> bool:
    """SQLite has no TRUNCATE, so there is nothing to guard."""
    return vendor == "postgresql" or guard.on != TRUNCATE


def install(connection) -> None:
    """Put up every guard whose table exists; replaces those that stand."""
    remove(connection)
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table in tables and _is_known(guard, connection.vendor):
                cursor.execute(_create_sql(guard, connection.vendor))


def remove(connection) -> None:
    """Take every guard down whose table exists."""
    tables = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for guard in GUARDS:
            if guard.table in tables:
                cursor.execute(_drop_sql(guard, connection.vendor))


def before_migrate(*, using, **kwargs) -> None:
    """Free the tables for the migrations."""
    remove(connections[using])


def after_migrate(*, using, **kwargs) -> None:
    """Guard the tables again, once all of them exist."""
    connection = connections[using]
    if {"editorial_event", "editorial_revision"} <= set(connection.introspection.table_names()):
        install(connection)
