"""Every kind of readers' page put to the Nu HTML checker: `python tests/browser/validate.py [URL]`.

Serves a copy of the site with its shipped content, or asks the site at URL. Needs Java and npm,
which brings the checker (vnu-jar) into var/tools; where one is missing it says so and ends well.
The ordinary tests read every page with html5lib's strict parser, which needs neither.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from tests.browser.site_server import ROOT, SiteServer
from tests.browser.test_every_page import PUBLIC

TOOLS = ROOT / "var" / "tools"
JAR = TOOLS / "node_modules" / "vnu-jar" / "build" / "dist" / "vnu.jar"


def install() -> str:
    """Bring the checker; a sentence why that cannot be, or nothing."""
    missing = [name for name in ("java", "npm") if not shutil.which(name)]
    if missing:
        return f"Not validated: {' and '.join(missing)} cannot be found here."
    if not JAR.exists():
        TOOLS.mkdir(parents=True, exist_ok=True)
        command = ["npm", "install", "--no-save", "--silent", "--prefix", TOOLS, "vnu-jar"]
        if subprocess.run(command, check=False).returncode or not JAR.exists():
            return "Not validated: npm could not bring vnu-jar."
    return ""


def fetch(url: str, folder: Path) -> dict[str, str]:
    """Every page as a file; file names to addresses."""
    names = {}
    for number, path in enumerate(PUBLIC):
        try:
            body = urllib.request.urlopen(url + path).read()
        except urllib.error.HTTPError as error:
            body = error.read()
        file = folder / f"{number}.html"
        file.write_bytes(body)
        names[file.name] = path
    return names


def validate(url: str) -> int:
    """Print every fault with its page; how many there are."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        names = fetch(url, folder)
        done = subprocess.run(
            ["java", "-jar", JAR, "--format", "json", "--exit-zero-always", *folder.iterdir()],
            capture_output=True,
            text=True,
            check=True,
        )
        faults = [m for m in json.loads(done.stderr)["messages"] if m["type"] == "error"]
        for fault in faults:
            page = names[Path(fault["url"]).name]
            print(f"{page}:{fault.get('lastLine')}: {fault['message']}")
    print(f"{len(names)} pages, {len(faults)} faults.")
    return len(faults)


def main() -> int:
    """Run it; 1 when a page has a fault."""
    if why := install():
        print(why)
        return 0
    if len(sys.argv) > 1:
        return bool(validate(sys.argv[1].rstrip("/")))
    with tempfile.TemporaryDirectory() as home:
        server = SiteServer(Path(home))
        try:
            return bool(validate(server.url))
        finally:
            server.stop()


if __name__ == "__main__":
    sys.exit(main())
