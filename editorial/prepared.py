"""Queries that are built and compiled once, and then only filled in.

To build a queryset and turn it into SQL costs several times what the database needs to answer it,
so the few queries behind every reader's page are kept as SQL. Their rows become objects by
Django's own code. docs/decisions/0033 says what was measured.
"""

import copy
from collections.abc import Callable, Iterable
from itertools import count

from django.db import connections, router

from .models import Page

_number = count(1)
# What an empty list asks for: neither a key nor a text that is ever stored.
_NO_NUMBER, _NO_TEXT = -1, ""


class Prepared:
    """`build(**values)` answers a queryset; calling this with values answers its rows as a list.

    A value is a text, a number, or a list of either for `__in`; which of these must be the same at
    every call. `build` must use each value only as a parameter, never to decide anything.
    """

    def __init__(self, build: Callable):
        self.build = build
        self._known: dict[tuple, _Compiled] = {}

    def __call__(self, **values) -> list:
        """The rows for these values; one query. A list may be empty: it matches nothing."""
        shape, flat = [], []
        for name, value in values.items():
            if isinstance(value, str | int):
                shape.append((name, type(value), None))
                flat.append(value)
            else:
                kind, filled = _filled(value)
                shape.append((name, kind, len(filled)))
                flat.extend(filled)
        # Where a reader's request reads from a replica, it is another database each time.
        key = (router.db_for_read(Page), *shape)
        compiled = self._known.get(key)
        if compiled is None:
            compiled = self._known[key] = _Compiled(self.build, shape)
        return compiled.rows(flat)


def _filled(values: Iterable) -> tuple[type, list]:
    """A list as long as the next power of two, so that few lengths are compiled; repeating a value
    changes nothing for `__in`."""
    given = list(values)
    kind = type(given[0]) if given else int
    last = given[-1] if given else _NO_NUMBER
    size = 1 << (len(given) - 1).bit_length() if given else 1
    return kind, given + [last] * (size - len(given))


class _Compiled:
    """One queryset as SQL, with the places of its values."""

    def __init__(self, build, shape):
        stand_ins, arguments = [], {}
        for name, kind, size in shape:
            made = [_stand_in(kind) for _ in range(size or 1)]
            stand_ins += made
            arguments[name] = made[0] if size is None else made
        queryset = build(**arguments)
        self.alias = queryset.db
        self.queryset = queryset
        self.compiler = queryset.query.get_compiler(self.alias)
        self.sql, self.params = self.compiler.as_sql()
        self.converters: dict | None = None
        # As text: a field of text makes one of the number that stands for an empty list.
        places = {str(value): place for place, value in enumerate(stand_ins)}
        self.places = [places.get(str(v)) if _is_plain(v) else None for v in self.params]
        if missing := set(places.values()) - set(self.places):
            raise TypeError(f"Values {sorted(missing)} of a prepared query are not in its SQL.")

    def rows(self, flat: list) -> list:
        pairs = zip(self.params, self.places, strict=True)
        params = tuple(
            value if place is None else _NO_TEXT if _is_nothing(value, flat[place]) else flat[place]
            for value, place in pairs
        )
        compiler = copy.copy(self.compiler)
        compiler.connection = connections[self.alias]  # this thread's
        compiler.as_sql = lambda *args, **options: (self.sql, params)
        compiler.get_converters = self._converters
        return list(self.queryset._iterable_class(_Bound(self.queryset, compiler)))

    def _converters(self, expressions) -> dict:
        """How the columns become values; the same each time."""
        if self.converters is None:
            self.converters = self.compiler.get_converters(expressions)
        return self.converters


class _Bound:
    """What Django's iterables ask of a queryset, with a compiler that is done already."""

    _known_related_objects: dict = {}

    def __init__(self, queryset, compiler):
        self.db, self._fields = queryset.db, queryset._fields
        self.query = _Query(queryset.query, compiler)


class _Query:
    def __init__(self, query, compiler):
        self._query, self._compiler = query, compiler

    def __getattr__(self, name):
        return getattr(self._query, name)

    def get_compiler(self, *args, **options):
        """The one that is done already."""
        return self._compiler


def _stand_in(kind: type):
    number = 8_000_000_000_000 + next(_number)
    return f"stand-in-{number}" if issubclass(kind, str) else number


def _is_nothing(stand_in, value) -> bool:
    """Whether an empty list stands where the database expects text."""
    return value == _NO_NUMBER and isinstance(stand_in, str)


def _is_plain(value) -> bool:
    return isinstance(value, str | int)
