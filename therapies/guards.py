"""What the database itself keeps of assessments; see `editorial.guards`."""

from editorial.guards import Guard

from .versions import AssessmentVersion

_MOVES = {"id", "state", "author", "author_name", "approved_by", "approved_by_name", "approved_at"}
_MAY_BE_EMPTY = {"searched_on"}


def _written() -> str:
    """The SQL condition that any word of a version differs from what was written."""
    fields = [f for f in AssessmentVersion._meta.concrete_fields if f.name not in _MOVES]
    return " OR ".join(
        f"COALESCE(CAST(NEW.{f.column} AS TEXT), '') <> COALESCE(CAST(OLD.{f.column} AS TEXT), '')"
        if f.name in _MAY_BE_EMPTY
        else f"NEW.{f.column} <> OLD.{f.column}"
        for f in fields
    )


VERSION_FROZEN = Guard(
    "assessment_version_frozen",
    AssessmentVersion._meta.db_table,
    "UPDATE",
    {"sqlite": _written(), "postgresql": _written()},
    "a version of an assessment cannot be changed",
)
