"""What the site runs on is pinned by hash and written down."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PIN = re.compile(r"^([A-Za-z0-9._-]+)(?:\[[a-z]+\])?==([^\s;\\]+)", re.MULTILINE)


def pins(name: str) -> dict[str, str]:
    found = PIN.findall((ROOT / name).read_text(encoding="utf-8"))
    return {re.sub(r"[._]", "-", package.lower()): version for package, version in found}


def test_every_package_is_locked_at_the_version_that_was_chosen():
    chosen, locked = pins("requirements.txt"), pins("requirements.lock")
    assert len(chosen) < 20
    assert chosen.items() <= locked.items()


def test_every_locked_file_has_a_hash():
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    blocks = re.split(r"\n(?=[a-z])", text)
    assert len(blocks) >= len(pins("requirements.txt"))
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_the_list_of_parts_and_their_licences_name_what_is_locked():
    parts = json.loads((ROOT / "docs" / "sbom.cdx.json").read_text(encoding="utf-8"))
    assert {c["name"]: c["version"] for c in parts["components"]} == pins("requirements.lock")
    licences = (ROOT / "docs" / "licences.md").read_text(encoding="utf-8")
    assert [n for n in pins("requirements.lock") if f"| {n} |" not in licences] == []
    assert "not named" not in licences
