"""Write down what the site runs on: docs/sbom.cdx.json (CycloneDX) and docs/licences.md.

`make lock` calls it. What stands in requirements.lock is listed; licences are read from the
packages that are installed. With --check it writes nothing and exits 1 when the files are old.
"""

import json
import re
import sys
from importlib import metadata
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements.lock"
SBOM = ROOT / "docs" / "sbom.cdx.json"
LICENCES = ROOT / "docs" / "licences.md"
_PINNED = re.compile(r"^([a-z0-9._-]+)==([^\s;\\]+)\s*(?:;\s*([^\\]+))?", re.MULTILINE | re.I)
# Long names that packages give instead of the identifiers of SPDX.
_SHORT = {
    "Apache 2.0": "Apache-2.0",
    "MIT License": "MIT",
    "BSD License": "BSD-3-Clause",
    "Apache Software License": "Apache-2.0",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The MIT License (MIT)": "MIT",
}


def parts() -> list[tuple[str, str, str]]:
    """Name, version and condition (“only on Windows”) of each package in the lock file."""
    return [(n, v, (c or "").strip()) for n, v, c in _PINNED.findall(LOCK.read_text())]


def licence_of(name: str) -> str:
    """The licence that an installed package names; empty where it is not installed."""
    try:
        about = metadata.metadata(name)
    except metadata.PackageNotFoundError:
        return ""
    if expression := about.get("License-Expression"):
        return expression
    said = [c.rsplit(" :: ", 1)[1] for c in about.get_all("Classifier", []) if "License ::" in c]
    text = said[0] if said and said[0] != "OSI Approved" else (about.get("License") or "")
    text = text.strip().splitlines()[0] if text.strip() else "not named"
    return _SHORT.get(text, text)


def sbom() -> str:
    """The list of parts as CycloneDX 1.6, without a date, so that it changes only with them."""
    components = []
    for name, version, _ in parts():
        component = {
            "type": "library",
            "name": name,
            "version": version,
            "purl": f"pkg:pypi/{name}@{version}",
            "bom-ref": f"pkg:pypi/{name}@{version}",
        }
        if licence := licence_of(name):
            component["licenses"] = [{"license": {"name": licence}}]
        components.append(component)
    whole = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {"type": "application", "name": "autoimmune-evidence"}},
        "components": components,
    }
    return json.dumps(whole, indent=1) + "\n"


def licences() -> str:
    """The list of licences for people."""
    lines = [
        "# Licences of what the site runs on",
        "",
        "Written by `make lock` from the packages' own statements; the site itself is under",
        "BSD-3-Clause (LICENSE).",
        "",
        "| package | version | licence |",
        "|---|---|---|",
    ]
    for name, version, condition in parts():
        said = licence_of(name) or "not installed here"
        where = f" (only if {condition})" if condition else ""
        lines.append(f"| {name} | {version} | {said}{where} |")
    return "\n".join(lines) + "\n"


def main() -> None:
    """Write both files, or compare them."""
    for path, text in ((SBOM, sbom()), (LICENCES, licences())):
        if "--check" not in sys.argv:
            path.write_text(text, encoding="utf-8")
        elif path.read_text(encoding="utf-8") != text:
            sys.exit(f"{path.relative_to(ROOT)} is not up to date; run make lock.")


if __name__ == "__main__":
    main()
