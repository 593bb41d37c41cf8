"""Opens pages in Chromium and tells what ran: calls of `hit`, dialogs, requests elsewhere, and
what would run if somebody clicked, pointed or waited."""

from pathlib import Path

HOST = "http://pages.invalid"

# Before anything of the page: everything a payload calls leaves a mark.
DETECTOR = """
globalThis.hits = [];
globalThis.hit = (n) => { globalThis.hits.push(String(n)); };
globalThis.alert = globalThis.confirm = globalThis.prompt = (n) => globalThis.hits.push('dialog');
"""

# After loading: what waits for a click or a pointer, and what it does when they come.
POKE = r"""
() => {
  const odd = [];
  const bad = /^(javascript|data|vbscript|blob|view-source|feed):/;
  for (const element of document.querySelectorAll("*")) {
    const name = element.localName;
    const isData = (element.getAttribute("type") || "").includes("json");
    if (name === "script" && !isData && /hit/.test(element.textContent))
      odd.push(element.outerHTML.slice(0, 200));
    // The preview shows pages of our own in frames of our own.
    const isOurs = name === "iframe" && element.getAttribute("src")?.startsWith("/admin/");
    const holders = ["iframe", "object", "embed", "base", "applet", "animate", "set"];
    if (!isOurs && holders.includes(name)) odd.push(element.outerHTML.slice(0, 200));
    for (const attribute of element.attributes) {
      const value = attribute.value.replace(/[\u0000-\u0020]/g, "").toLowerCase();
      if (attribute.name.startsWith("on")) odd.push(element.outerHTML.slice(0, 200));
      if (["href", "src", "action", "formaction", "data", "xlink:href", "poster", "srcdoc",
           "background", "ping", "srcset"].includes(attribute.name) && bad.test(value)
          && !value.startsWith("data:image/"))
        odd.push(element.outerHTML.slice(0, 200));
    }
  }
  document.addEventListener("click", (event) => event.preventDefault(), true);
  document.addEventListener("submit", (event) => event.preventDefault(), true);
  for (const element of document.querySelectorAll("main *, #content *")) {
    for (const name of ["mouseover", "pointerenter", "focus", "click", "error", "load", "toggle"])
      element.dispatchEvent(new MouseEvent(name, { bubbles: true, cancelable: true }));
  }
  return [...globalThis.hits.map((n) => `hit(${n})`), ...odd];
}
"""


def what_runs(browser, folder: Path) -> dict[str, list[str]]:
    """Address -> what ran or would run there; only addresses where something does."""
    files = {path.stem: path.read_bytes() for path in sorted(folder.glob("*.html"))}
    elsewhere: list[str] = []
    context = browser.new_context()
    context.add_init_script(DETECTOR)

    def answer(route):
        url = route.request.url
        stem = url.removeprefix(f"{HOST}/")
        if stem in files:
            body = files[stem].split(b"\n", 1)[1]
            route.fulfill(body=body, content_type="text/html; charset=utf-8")
        else:
            if "evil.example" in url:
                elsewhere.append(url)
            route.abort()

    context.route("**/*", answer)
    page = context.new_page()
    page.on("dialog", lambda dialog: (elsewhere.append("dialog"), dialog.dismiss()))
    found = {}
    for stem, content in files.items():
        page.goto(f"{HOST}/{stem}", wait_until="domcontentloaded")
        if odd := [*page.evaluate(POKE), *elsewhere]:
            found[content.split(b"\n", 1)[0].decode()] = odd[:5]
        elsewhere.clear()
    context.close()
    return found
