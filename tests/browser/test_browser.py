"""The browser itself, and the guards around it, each proven by tripping it."""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from .watch import axe_violations

HEAD = '<!doctype html><html lang="en"><head><title>Page</title><link rel="icon" href="data:,">'
GOOD = f"{HEAD}</head><body><main><h1>Heading</h1><p>Text</p></main></body></html>"
POLICY = "default-src 'none'; script-src 'self'; img-src * data:"
PAGES = {
    "/good": GOOD,
    "/no-alternative-text": GOOD.replace("Text", '<img src="/picture">'),
    "/other-host": GOOD.replace("Text", '<img alt="" src="http://192.0.2.1/picture">'),
    "/error": GOOD.replace("Text", '<script src="/script"></script>'),
    "/inline-script": GOOD.replace("Text", "<script>document.title = 'Changed'</script>"),
    "/picture": "",
    "/script": "console.error('Said by the script'); throw new Error('Thrown by the script');",
}


class Pages(BaseHTTPRequestHandler):
    """Serves PAGES under a content security policy that allows no script in the page."""

    def do_GET(self):
        body = PAGES.get(self.path)
        self.send_response(404 if body is None else 200)
        kind = "text/javascript" if self.path == "/script" else "text/html"
        self.send_header("Content-Type", f"{kind}; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.end_headers()
        self.wfile.write((body or "").encode())

    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture
def pages(known_origins):
    """The address of a server of PAGES."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Pages) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        url = f"http://127.0.0.1:{server.server_port}"
        known_origins.add(url)
        yield url
        known_origins.discard(url)
        server.shutdown()
        thread.join()


def problems_at(page, problems, url):
    """Load the address; answer its problems and forgive them."""
    page.goto(url, wait_until="networkidle")
    found = "\n".join(problems.found())
    problems.allow("")
    return found


def test_a_good_page_has_no_problem(pages, browser_page, browser_problems):
    assert problems_at(browser_page, browser_problems, f"{pages}/good") == ""


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/error", "Console error: Said by the script"),
        ("/error", "Thrown by the script"),
        ("/other-host", "Request to another host: http://192.0.2.1/picture"),
        ("/inline-script", "Content Security Policy"),
        ("/missing", "status of 404"),
    ],
)
def test_a_problem_on_a_page_is_found(pages, browser_page, browser_problems, path, words):
    assert words in problems_at(browser_page, browser_problems, pages + path)


def test_a_problem_in_a_window_opened_by_the_page_is_found(pages, browser_page, browser_problems):
    browser_page.goto(f"{pages}/good")
    with browser_page.context.expect_page() as opened:
        browser_page.evaluate("() => { window.open('/error') }")
    opened.value.wait_for_load_state()
    assert "Said by the script" in problems_at(browser_page, browser_problems, f"{pages}/good")


def test_an_unknown_server_on_this_machine_is_another_host(
    pages, browser_page, browser_problems, known_origins
):
    known_origins.discard(pages)
    assert "another host" in problems_at(browser_page, browser_problems, f"{pages}/good")


def test_an_allowed_problem_is_not_counted(pages, browser_page, browser_problems):
    browser_problems.allow("status of 404")
    browser_page.goto(f"{pages}/missing")
    assert browser_problems.found() == []


def test_axe_passes_a_good_page_under_a_strict_policy(pages, browser_page):
    browser_page.goto(f"{pages}/good")
    assert axe_violations(browser_page) == []


def test_axe_names_the_place_of_a_violation(pages, browser_page):
    browser_page.goto(f"{pages}/no-alternative-text")
    (violation,) = axe_violations(browser_page)
    assert violation.startswith("image-alt (critical)")
    assert "\n  img: " in violation


@pytest.mark.parametrize("width", [320, 1280])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_letters_are_drawn_in_both_colour_schemes(new_page, width, scheme):
    page = new_page(viewport={"width": width, "height": 300}, color_scheme=scheme)
    page.set_content("<style>:root { color-scheme: light dark }</style><h1>iiiii MMMMM</h1>")
    empty = page.screenshot()
    assert page.evaluate("matchMedia('(prefers-color-scheme: dark)').matches") == (scheme == "dark")
    page.evaluate("document.querySelector('h1').style.visibility = 'hidden'")
    assert page.screenshot() != empty
    assert page.evaluate("innerWidth") == width


def test_letters_have_widths_of_their_own(new_page):
    page = new_page()
    page.set_content("<span>iiiii</span> <span>MMMMM</span>")
    narrow, wide = (box.bounding_box()["width"] for box in page.locator("span").all())
    assert wide > narrow * 2
