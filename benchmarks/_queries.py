"""How many queries each address of a Django site asks, counted where Django sends them.

    python benchmarks/_queries.py MODULE:APPLICATION ADDRESS…

Asks each address twice in this process, through the WSGI application, and prints the queries of the
second time as JSON. Runs in the virtual environment of the site that is asked.
"""

import json
import os
import sys
from importlib import import_module
from wsgiref.util import setup_testing_defaults


def asked(application, address: str) -> int:
    """The queries that one answer took."""
    from django.db import connections

    sent = []

    def count(execute, sql, params, many, context):
        sent.append(sql)
        return execute(sql, params, many, context)

    path, _, query = address.partition("?")
    environ = {"PATH_INFO": path, "QUERY_STRING": query, "HTTP_HOST": "127.0.0.1"}
    environ["REMOTE_ADDR"] = "127.0.0.1"
    setup_testing_defaults(environ)
    statuses = []
    wrappers = [connection.execute_wrappers for connection in connections.all()]
    for wrapper in wrappers:
        wrapper.append(count)
    answer = application(environ, lambda status, headers, *_: statuses.append(status))
    b"".join(answer)
    if hasattr(answer, "close"):
        answer.close()
    for wrapper in wrappers:
        wrapper.remove(count)
    if not statuses[-1].startswith("200"):
        raise SystemExit(f"{address} answered {statuses[-1]}.")
    return len(sent)


def main() -> None:
    """Load the application, ask, print."""
    sys.path.insert(0, os.getcwd())
    module, _, name = sys.argv[1].partition(":")
    application = getattr(import_module(module), name.removesuffix("()"))
    if name.endswith("()"):
        application = application()
    counted = {}
    for address in sys.argv[2:]:
        asked(application, address)
        counted[address] = asked(application, address)
    print(json.dumps(counted))


if __name__ == "__main__":
    main()
