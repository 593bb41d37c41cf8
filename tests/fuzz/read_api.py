"""Odd requests to the read API, made by schemathesis from the API's own document, in-process.

    DATABASE_URL=sqlite:///var/db.sqlite3 python -m tests.fuzz.read_api [ROUNDS]

Each answer must be one that the document names: its status, its media type, its shape; and never
an error of the server.
"""

import os
import sys
from contextlib import suppress

import schemathesis
from django.core.wsgi import get_wsgi_application
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import not_a_server_error
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
DOCUMENT = "/api/v1/openapi.json"


def run(application, rounds: int, is_random: bool = False) -> int:
    """Ask every address `rounds` times as it is meant and as often as it is not; the number of
    requests. Raises on the first answer that is not as the document says. Unless `is_random`,
    the requests are the same each time."""
    schema = schemathesis.openapi.from_wsgi(DOCUMENT, application)
    asked = 0
    for found in schema.get_all_operations():
        for mode in GenerationMode:
            asked += _ask(found.ok(), mode, rounds, derandomize=not is_random)
    return asked


def _ask(operation, mode, rounds: int, derandomize: bool) -> int:
    asked = 0

    @given(case=operation.as_strategy(generation_mode=mode))
    @settings(
        max_examples=rounds,
        deadline=None,
        database=None,
        derandomize=derandomize,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def ask(case):
        nonlocal asked
        asked += 1
        case.call_and_validate(checks=CHECKS)

    with suppress(Unsatisfiable):  # where any text at all is a proper value, none is improper
        ask()
    return asked


def main() -> None:
    """Many rounds against the site's own database, which is only read."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "autoimmune_site.settings")
    rounds = int(sys.argv[1]) if len(sys.argv) > 1 else 200
    print(f"{run(get_wsgi_application(), rounds, is_random=True):,} requests, all answered well")


if __name__ == "__main__":
    main()
