"""Using a page by keyboard alone: keys only, and whatever has the focus shows it."""

from playwright.sync_api import Locator, Page

MOST_TABS = 200
# Sees the focus: an outline or a ring, or a caret in what is typed into; and nothing covers it.
SHOWN = """element => {
  const style = getComputedStyle(element)
  const ring = (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0)
    || style.boxShadow !== "none"
  const typed = element.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")
    || element.isContentEditable
  if (!ring && !typed) return "nothing shows that it has the focus"
  const box = element.getClientRects()[0]
  const x = Math.min(Math.max(box.left + box.width / 2, 0), innerWidth - 1)
  const y = Math.min(Math.max(box.top + Math.min(box.height / 2, 20), 0), innerHeight - 1)
  const top = document.elementFromPoint(x, y)
  if (!top || !(element.contains(top) || top.contains(element) || top.closest("label")))
    return `it is covered by ${top && top.outerHTML.slice(0, 80)}`
  return ""
}"""


def reach(page: Page, target: Locator, key: str = "Tab") -> None:
    """Press Tab (or another key) until the target has the focus.

    Raises AssertionError where the keyboard never gets there, or the focus cannot be seen.
    """
    wanted = target.element_handle()
    for _ in range(MOST_TABS):
        page.keyboard.press(key)
        if wanted.evaluate("element => element === document.activeElement"):
            hidden = target.evaluate(SHOWN)
            assert not hidden, f"{target}: {hidden}"
            return
    raise AssertionError(f"The keyboard does not get to {target}.")


def press(page: Page, role: str, name) -> None:
    """Reach this button or link and press it."""
    reach(page, page.get_by_role(role, name=name))
    page.keyboard.press("Enter")


def type_into(page: Page, field: Locator, words: str) -> None:
    """Reach this field and type at its end."""
    reach(page, field)
    page.keyboard.press("Control+End")
    page.keyboard.type(words)
