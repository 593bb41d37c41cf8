"""Every kind of page, for readers and for staff: no accessibility violation, no overflow.

On a phone of 320 pixels in the light, on a desk of 1280 in the dark.
"""

import pytest
from playwright.sync_api import Page

from .people import signed_in
from .watch import axe_violations

PUBLIC = [
    "/",
    "/articles/",
    "/articles/can-stem-cells-cure-autoimmune-disease/",
    "/conditions/",
    "/conditions/systemic-lupus-erythematosus/",
    "/therapies/",
    "/therapies/autologous-hsct/",
    "/therapies/svf-clinic-products/",
    "/articles/can-stem-cells-cure-autoimmune-disease/versions/",
    "/articles/can-stem-cells-cure-autoimmune-disease/versions/1/",
    "/glossary/",
    "/new/",
    "/style/",
    "/claims/1/?part=card",
    "/evidence/",
    "/evidence/autologous-hsct/multiple-sclerosis/",
    "/sources/",
    "/sources/1/",
    "/claims/",
    "/claims/1/",
    "/corrections/",
    "/tags/lupus/",
    "/search/?q=lupus",
    "/search/?q=zzzzqqqq",
    "/search/",
    "/rules/",
    "/rules/efficacy-mends/",
    "/search/?q=lupus&kind=claim",
    "/report/",
    "/report/?page=1",
    "/accounts/login/",
    "/no-such-page/",
]
STAFF = [
    "/admin/",
    "/admin/desk/blocked/",
    "/admin/articles/article/",
    "/admin/articles/article/?status__exact=published",
    "/admin/articles/article/add/",
    "/admin/articles/article/56/change/",
    "/admin/articles/article/56/review/",
    "/admin/articles/article/56/history/",
    "/admin/articles/article/56/preview/",
    "/admin/therapies/condition/1/change/",
    "/admin/therapies/therapy/25/change/",
    "/admin/therapies/assessment/1/change/",
    "/admin/evidence/source/",
    "/admin/evidence/source/1/change/",
    "/admin/evidence/source/119/change/",  # retracted, so a notice stands below
    "/admin/evidence/notice/add/",
    "/admin/evidence/source/1/where/",
    "/admin/editorial/event/",
    "/admin/editorial/image/",
    "/admin/editorial/image/add/",
    "/admin/editorial/user/",
    "/admin/editorial/kindpolicy/",
    "/admin/editorial/redirect/add/",
    "/admin/editorial/declaredinterest/add/",
    "/admin/me/",
    "/admin/review-clocks/",
    "/admin/review-queue/",
    "/admin/schedule/",
    "/admin/moderation/",
    "/admin/moderation/1/",
    "/admin/moderation/decided/",
    "/admin/moderation/figures/",
    "/admin/claims/rules/",
    "/admin/claims/rules/efficacy-mends/",
]
# Each width and each scheme once; whatever stands on the page is there in the wide one.
VIEWS = [(1280, "dark", False), (320, "light", True)]


EDITORS_HAVE_STARTED = """() => {
  const wanted = document.querySelectorAll("[data-django-prose-editor-configurable]").length
  const named = document.querySelectorAll(".tiptap[aria-label]").length
  return named >= wanted
}"""


def look_at(page: Page, address: str) -> dict[str, list[str]]:
    """What axe-core finds, and whether the page is wider than the window, by width and scheme."""
    answer = page.goto(address)
    expected = 404 if "no-such-page" in address else 200
    assert answer.status == expected, f"{address} answers {answer.status}"
    page.wait_for_function(EDITORS_HAVE_STARTED)
    found = {}
    for width, scheme, layout_only in VIEWS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme)
        seen = axe_violations(page, layout_only=layout_only)
        wide = page.evaluate("document.documentElement.scrollWidth - innerWidth")
        if wide > 0:
            seen.append(f"The page is {wide} pixels wider than the window.")
        found[f"{width} {scheme}"] = seen
    return {view: seen for view, seen in found.items() if seen}


@pytest.mark.parametrize("path", PUBLIC)
def test_a_readers_page_is_accessible(site_server, new_page, browser_problems, path):
    browser_problems.allow("status of 404")
    assert look_at(new_page(), site_server.url + path) == {}


@pytest.mark.parametrize("path", STAFF)
def test_a_staff_page_is_accessible(site_server, new_page, path):
    page = signed_in(new_page(), site_server, "admin")
    assert look_at(page, site_server.url + path) == {}
