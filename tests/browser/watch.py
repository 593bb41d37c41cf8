"""What a page may not do in a test: print errors, or ask any other host. And axe-core."""

from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import BrowserContext, Page

# Rules for WCAG 2.2 A and AA, and axe's own good practice.
AXE_TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]

# Those of them that depend on colours and on the width of the window.
LAYOUT_RULES = [
    "color-contrast",
    "link-in-text-block",
    "scrollable-region-focusable",
    "target-size",
]

# axe-core takes what is laid out only when it is near for covered by what follows it.
LAY_OUT_ALL = """document.querySelectorAll(".reading > section")
  .forEach(section => { section.style.contentVisibility = "visible" })"""


class Problems:
    """Collects what went wrong on the pages of one test; `allow` names what may go wrong."""

    def __init__(self, origins: set[str]):
        self.origins = origins
        self._found: list[str] = []
        self._allowed: list[str] = []

    def allow(self, words: str) -> None:
        """Do not count problems that hold these words, such as "status of 404"."""
        self._allowed.append(words)

    def found(self) -> list[str]:
        """The problems so far, without the allowed ones."""
        return [p for p in self._found if not any(words in p for words in self._allowed)]

    def watch(self, context: BrowserContext) -> None:
        """Collect from every page of the context, those opened later too."""
        context.on("console", self._console)
        context.on("weberror", lambda error: self._found.append(f"Page error: {error.error}"))
        context.on("request", lambda request: self._request(request.url))
        context.on("page", lambda page: page.on("websocket", lambda ws: self._request(ws.url)))

    def _console(self, message) -> None:
        if message.type == "error":
            place = message.location.get("url", "")
            self._found.append(f"Console error: {message.text} ({place})")

    def _request(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme in ("data", "blob", "about"):
            return
        scheme = {"ws": "http", "wss": "https"}.get(parts.scheme, parts.scheme)
        if f"{scheme}://{parts.netloc}" not in self.origins:
            self._found.append(f"Request to another host: {url}")


def axe_violations(
    page: Page, *, without: tuple[str, ...] = (), layout_only: bool = False
) -> list[str]:
    """Accessibility violations of the page as it stands, one readable text each.

    The script comes in over the debugging connection, so a strict content security policy
    stands as it is. `without` names axe rules to leave out; with `layout_only` only those are
    asked that may answer otherwise in another width or colour scheme.
    """
    page.evaluate(LAY_OUT_ALL)
    if not page.evaluate("() => Boolean(window.axe)"):
        page.evaluate(AXE_SCRIPT)
    tags, rules = ("tag", AXE_TAGS), ("rule", LAYOUT_RULES)
    asked = dict(zip(("type", "values"), rules if layout_only else tags, strict=True))
    options = {
        "preload": False,  # it would put style sheets into the page, which the policy refuses
        "resultTypes": ["violations"],
        "runOnly": asked,
        "rules": {rule: {"enabled": False} for rule in without},
    }
    found = page.evaluate("options => axe.run(document, options)", options)
    return [_readable(violation) for violation in found["violations"]]


def _readable(violation: dict) -> str:
    places = []
    for node in violation["nodes"][:5]:
        why = node["failureSummary"].split("\n", 1)[-1].strip().replace("\n", "; ")
        places.append(f"\n  {' '.join(map(str, node['target']))}: {why}")
    more = len(violation["nodes"]) - len(places)
    ending = f"\n  and {more} more" if more > 0 else ""
    head = f"{violation['id']} ({violation['impact']}): {violation['help']}"
    return head + "".join(places) + ending
