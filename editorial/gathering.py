"""Rows that belong to a row, gathered in the query that finds it: one query instead of two."""

from datetime import UTC, datetime

from django.db.models import JSONField, Subquery


class Gathered(Subquery):
    """`Gathered(queryset.values_list("title", "slug"))` annotates a list of lists of these values.

    Moments come as text; `moment` reads them. Sort the rows again: only a slice decides by order.
    """

    output_field = JSONField()

    def as_sqlite(self, compiler, connection, **extra):
        """The list, as SQLite makes it."""
        return self._as_list(compiler, connection, "json_group_array(json_array({}))", extra)

    def as_postgresql(self, compiler, connection, **extra):
        """The list, as PostgreSQL makes it."""
        rows = "coalesce(jsonb_agg(jsonb_build_array({})), '[]')"
        return self._as_list(compiler, connection, rows, extra)

    def _as_list(self, compiler, connection, rows: str, extra):
        columns = ", ".join(connection.ops.quote_name(name) for name in self.query.values_select)
        template = f"(SELECT {rows.format(columns)} FROM (%(subquery)s) gathered)"
        return super().as_sql(compiler, connection, template=template, **extra)


def moment(text: str | None) -> datetime | None:
    """A moment among gathered values. SQLite keeps moments without their zone, which is UTC."""
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    return found if found.tzinfo else found.replace(tzinfo=UTC)
