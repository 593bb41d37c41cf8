"""docs/security.md: every row of the table of requirements names tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
NAMED = re.compile(r"`([\w/]+\.(?:py|txt))(?:::(\w+))?`")


def rows(text: str) -> list[list[str]]:
    """The cells of each row: chapter, what it asks for, met by, shown by."""
    table = text.split("## ASVS")[1].split("\n## ")[0]
    lines = [line.strip("| ") for line in table.splitlines() if line.startswith("| V")]
    return [[cell.strip() for cell in line.split("|")] for line in lines]


def wrong_with(row: list[str]) -> list[str]:
    """What is amiss in one row."""
    chapter, asked, met, *shown = row
    tests = NAMED.findall(" ".join(shown))
    if not tests:
        says_so = "does not apply" in asked or met.startswith("not met")
        return [] if says_so else [f"{chapter} {asked}: names no test"]
    problems = []
    for name, function in tests:
        path = ROOT / (name if "/" in name else f"tests/safety/{name}")
        if not path.exists():
            problems.append(f"{chapter} {asked}: there is no {name}")
        elif function and f"def {function}(" not in path.read_text():
            problems.append(f"{chapter} {asked}: {name} has no {function}")
    return problems


def test_every_row_names_tests_that_are_there():
    found = rows((ROOT / "docs/security.md").read_text())
    assert len(found) > 30
    assert {int(row[0].split()[0][1:]) for row in found} == set(range(1, 18))
    assert [problem for row in found for problem in wrong_with(row)] == []


def test_a_row_without_a_test_or_with_a_missing_one_is_noticed():
    assert wrong_with(["V1", "Asked", "met by luck", "settings"])
    assert wrong_with(["V1", "Asked", "met", "`test_nothing.py`"])
    assert wrong_with(["V1", "Asked", "met", "`test_leaks.py::test_that_is_not_there`"])
    assert not wrong_with(["V7", "Asked", "not met: for a reason", "none"])
