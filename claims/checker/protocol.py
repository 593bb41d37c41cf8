"""The JSON Lines protocol: {"id", "text"} lines in, one line of flags for each out."""

import json
from collections.abc import Callable, Iterable

from claims.checker.model import Report


def answer(identifier, report: Report) -> dict:
    """The answer line for one text, as a plain dictionary."""
    return {
        "id": identifier,
        "flags": [
            {
                "start": f.start,
                "end": f.end,
                "category": f.category,
                "severity": f.severity,
                "reason": f.reason,
            }
            for f in report.findings + report.notes
        ],
        "strength": report.strength,
        "hedged": report.hedged,
        "negated": report.negated,
    }


def answer_lines(
    lines: Iterable[bytes], check: Callable[[str], Report], write: Callable[[str], object]
) -> bool:
    """Answer each line through `write`; False if any line could not be read.

    A bad line gets a line {"id": null, "error": ...} and the rest go on. Blank lines are
    passed over. Lines come as bytes, so that one in a wrong encoding spoils only itself.
    """
    good = True
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            identifier, text = _read(line)
        except ValueError as error:
            good = False
            write(json.dumps({"id": None, "error": f"Line {number}: {error}"}) + "\n")
            continue
        write(json.dumps(answer(identifier, check(text))) + "\n")
    return good


def _read(line: bytes) -> tuple[object, str]:
    try:
        item = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError("this is not UTF-8; save it as UTF-8.") from error
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError("this is not JSON; write one object to a line.") from error
    if not isinstance(item, dict) or "id" not in item or not isinstance(item.get("text"), str):
        raise ValueError('this needs an "id" and a "text" in quotation marks.')
    return item["id"], item["text"]
