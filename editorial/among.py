"""A condition for queries about thousands of keys, which an import asks by the dozen."""

import json

from django.db.models import Lookup


class Among(Lookup):
    """Whether a column is one of these whole numbers: `filter(Among(F("claim"), keys))`.

    As `__in`, which prepares each key by itself and gives each a parameter of its own; here all
    are one parameter, so the statement is the same for any number of them.
    """

    lookup_name = "among"
    prepare_rhs = False

    def __init__(self, lhs, keys):
        super().__init__(lhs, tuple(keys))

    def as_sql(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        return f"{column} = ANY(%s)", [*params, list(self.rhs)]

    def as_sqlite(self, compiler, connection):
        column, params = self.process_lhs(compiler, connection)
        sql = f"{column} IN (SELECT value FROM json_each(%s))"
        return sql, [*params, json.dumps(self.rhs)]
