"""A stranger follows a preview link; an author uploads a picture and puts it into a text."""

import io
import re

from PIL import Image
from playwright.sync_api import expect

from .people import signed_in
from .watch import axe_violations

CHANGE = re.compile(r"/admin/articles/article/\d+/change/")


def begin_article(page, server, title: str, words: str) -> None:
    """A saved draft with these words, open in the form."""
    page.goto(server.url + "/admin/articles/article/add/")
    page.get_by_label("Title").fill(title)
    box = page.locator(".tiptap[aria-label=Body]")
    box.click()
    page.keyboard.type(words)
    page.get_by_role("button", name="Save draft").click()
    page.wait_for_url(CHANGE)


def test_a_stranger_reads_one_revision_by_a_link(own_site_server, new_page, browser_problems):
    browser_problems.allow("status of 410")
    author = signed_in(new_page(viewport={"width": 1280, "height": 900}), own_site_server)
    begin_article(author, own_site_server, "Rest and lupus", "Many people rest at noon.")
    author.get_by_role("link", name="Preview").click()
    for frame in ("Preview on a phone", "Preview on a desk"):
        framed = author.frame_locator(f"iframe[title='{frame}']")
        expect(framed.get_by_role("heading", level=1)).to_have_text("Rest and lupus")
    assert axe_violations(author) == []
    author.get_by_label("For whom").fill("Dr Example")
    author.get_by_role("button", name="Make a link").click()
    address = author.get_by_label("Address of the preview").input_value()
    stranger = new_page(viewport={"width": 320, "height": 800})
    stranger.goto(address)
    expect(stranger.get_by_text("Many people rest at noon.")).to_be_visible()
    expect(stranger.get_by_label("About this preview")).to_contain_text(
        "Demo Author shows revision 1"
    )
    assert axe_violations(stranger) == []
    assert stranger.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
    assert stranger.context.cookies() == []
    author.get_by_role("button", name="Revoke").click()
    expect(author.locator(".messagelist")).to_contain_text("Revoked")
    stranger.reload()
    expect(stranger.get_by_role("heading", level=1)).to_have_text("This preview is closed")


def test_a_picture_is_uploaded_and_put_into_a_text(own_site_server, new_page):
    page = signed_in(new_page(viewport={"width": 1280, "height": 900}), own_site_server)
    out = io.BytesIO()
    Image.new("RGB", (900, 600), "teal").save(out, "JPEG")
    page.goto(own_site_server.url + "/admin/editorial/image/add/")
    file = {"name": "rest.jpg", "mimeType": "image/jpeg", "buffer": out.getvalue()}
    page.get_by_label("File").set_input_files(file)
    page.get_by_label("Title").fill("A resting person")
    page.get_by_label("Text in its place").fill("A person lies on a sofa.")
    page.get_by_label("Credit").fill("Ada Example")
    page.get_by_label("Licence").fill("CC BY 4.0")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text("added successfully")
    begin_article(page, own_site_server, "Rest and lupus", "Many people rest at noon.")
    page.locator(".tiptap[aria-label=Body]").click()
    page.keyboard.press("Control+End")
    page.keyboard.press("Control+Alt+p")
    dialog = page.get_by_role("dialog", name="Insert a picture")
    dialog.get_by_label("Search the pictures").fill("sofa")
    expect(dialog.get_by_role("status")).to_have_text("1 picture, the newest first.")
    assert axe_violations(page) == []
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")  # by keyboard alone: the first picture found
    expect(page.locator(".picture-shown img")).to_have_attribute("alt", "A person lies on a sofa.")
    page.get_by_role("button", name="Save draft").click()
    expect(page.locator(".messagelist")).to_contain_text("successfully")
    expect(page.locator(".picture-shown img")).to_be_visible()
    page.get_by_role("link", name="Preview").click()
    shown = page.frame_locator("iframe[title='Preview on a desk']").locator("figure.picture img")
    expect(shown).to_have_attribute("alt", "A person lies on a sofa.")
    assert shown.evaluate("image => image.complete && image.naturalWidth") > 0
    assert shown.evaluate("image => image.currentSrc").endswith(".avif")
