"""One article's whole way: import, check, edit, decide, approve, publish, find, read."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from .people import sign_in

SAMPLE = Path(__file__).parent / "samples" / "stem-cells-for-lupus.txt"
TITLE = "How Stem Cell Infusions Are Changing Lupus Care"
BOLD = "Stem cell therapy is a proven cure for lupus."
SOFT = "Whether stem cell therapy helps people with lupus is not known."
FIGURES = "remission was seen in 75% of people given cells and in 83% of people given placebo"
STUDIES = "Recent studies have shown that stem cell transplantation can induce lasting remission"
SOURCE = "deng-2017-ucmsc-ln"


def desk_of(new_page, server, name: str) -> Page:
    """A page in a browser of that person's own, signed in."""
    return sign_in(new_page(viewport={"width": 1280, "height": 900}), server, name)


def choose(page: Page, words: str) -> None:
    """Select these words in the editor, as a person does with the mouse."""
    expect(page.locator(".tiptap[aria-label]")).to_be_visible()  # the editor has started
    page.evaluate(
        """words => {
            const root = document.querySelector('.ProseMirror[contenteditable=true]');
            root.focus();
            const walker = document.createTreeWalker(root, NodeFilter.SHOW_TEXT);
            while (walker.nextNode()) {
                const start = walker.currentNode.data.indexOf(words);
                if (start < 0) continue;
                const range = document.createRange();
                range.setStart(walker.currentNode, start);
                range.setEnd(walker.currentNode, start + words.length);
                getSelection().removeAllRanges();
                getSelection().addRange(range);
                return;
            }
            throw new Error('These words are not in the text: ' + words);
        }""",
        words,
    )
    selected(page, words)


def selected(page: Page, words: str) -> None:
    """Wait until the editor, which hears of a selection a moment later, has taken up this one."""
    page.wait_for_function(
        """words => {
            const {doc, selection} = document.querySelector('.ProseMirror').editor.state;
            return doc.textBetween(selection.from, selection.to) === words;
        }""",
        arg=words,
    )


def write_as_author(page: Page, server) -> None:
    """See the flags, soften one sentence, cite a source for another, submit."""
    page.goto(f"{server.url}/admin/articles/article/")
    page.get_by_role("link", name=TITLE, exact=True).click()
    flags = page.get_by_role("region", name="Claims")
    expect(flags).to_contain_text(BOLD)
    expect(flags).to_contain_text("Stops publication")
    expect(page.get_by_role("textbox", name="Body")).to_contain_text(BOLD)
    choose(page, BOLD)
    page.keyboard.type(SOFT)
    choose(page, FIGURES)
    page.keyboard.press("ArrowRight")
    selected(page, "")
    page.keyboard.press("Control+Alt+c")
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("combobox").fill(SOURCE)
    expect(dialog.get_by_role("status")).to_have_text("1 source found.")
    page.keyboard.press("Enter")
    page.get_by_role("button", name="Save and submit for review").click()
    page.wait_for_url(re.compile("/change/|/review/"))
    page.goto(re.sub("/change/.*", "/review/", page.url))
    expect(page.get_by_text("Revision 1: in review")).to_be_visible()
    expect(page.get_by_role("region", name="Claims")).not_to_contain_text(BOLD)


def number_of_the_figures_claim(server) -> int:
    """The claim with the two figures, as its address names it."""
    code = "from claims.models import Anchor; print(Anchor.objects.filter(exact__contains='83%')"
    said = server.manage("shell", "--verbosity", "0", "--command", f"{code}.latest('pk').claim_id)")
    return int(said.split()[-1])


def decide_as_moderator(page: Page, server) -> None:
    """Confirm the figure's source; answer every other flag that stops publication."""
    # Nobody has to flag a claim before a moderator confirms what it rests on.
    page.goto(f"{server.url}/admin/moderation/{number_of_the_figures_claim(server)}/")
    page.get_by_label("supported by sources", exact=True).check()
    page.get_by_label("Reason").first.fill("The trial reports these two figures.")
    page.get_by_role("searchbox", name="Sources that support it").click()
    page.keyboard.type(SOURCE)
    page.locator(".select2-results__option", has_text="Deng").click()
    page.get_by_label("The passage of that source").fill("Results, the table of remissions")
    page.get_by_role("button", name="Decide").click()
    expect(page.get_by_text("Decided. The decision stays with the sentence.")).to_be_visible()
    for _ in range(10):
        page.goto(f"{server.url}/admin/moderation/?severity=block")
        row = page.get_by_role("listitem").filter(has_text=TITLE)
        if row.count() == 0:
            return
        row.first.get_by_role("link", name="Open this claim").click()
        page.get_by_label("not a claim", exact=True).check()
        page.get_by_label("Reason").first.fill("The page quotes what is said, to question it.")
        page.get_by_role("button", name="Decide").click()
    pytest.fail("Blocking flags are left in the queue after ten decisions.")


def take(page: Page, server, button: str, says: str) -> None:
    """Open the article's review page and press one of its buttons."""
    page.goto(f"{server.url}/admin/articles/article/")
    page.get_by_role("link", name=f"Read and review {TITLE}").click()
    page.get_by_role("button", name=button, exact=True).click()
    expect(page.locator(".messagelist")).to_contain_text(says)


def read_as_reader(page: Page, server) -> None:
    """Find the article by search, open a claim, see what it rests on."""
    page.goto(server.url)
    page.get_by_role("search").first.get_by_role("combobox").fill("stem cell infusions lupus")
    page.keyboard.press("Enter")
    page.get_by_role("main").get_by_role("link", name=TITLE).first.click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Stem Cell Infusions")
    text = page.get_by_role("main")
    expect(text).to_contain_text(SOFT)
    expect(text).not_to_contain_text(BOLD)
    expect(text).not_to_contain_text("Check Also")
    expect(text).to_contain_text("ask their doctor about it")
    claim = page.locator(".claim", has_text="83%")
    page.goto(f"{server.url}/claims/{claim.last.get_attribute('id').removeprefix('claim-')}/")
    main = page.get_by_role("main")
    expect(main).to_contain_text(FIGURES)
    expect(main).to_contain_text("The trial reports these two figures.")
    expect(main.get_by_role("link", name=re.compile("Deng"))).not_to_have_count(0)


def test_an_imported_article_goes_the_whole_way(own_site_server, new_page, browser_problems):
    site = own_site_server
    report = site.manage("import_articles", str(SAMPLE), "--by", "author")
    assert BOLD in report and "1 created" in report
    write_as_author(desk_of(new_page, site, "author"), site)
    reviewer, editor = desk_of(new_page, site, "reviewer"), desk_of(new_page, site, "editor")
    take(reviewer, site, "Approve this text", "Approved. The approval holds")
    take(editor, site, "Publish", "waits for a moderator")
    decide_as_moderator(desk_of(new_page, site, "moderator"), site)
    take(editor, site, "Publish", "Published. Readers see it now.")
    read_as_reader(new_page(), site)
