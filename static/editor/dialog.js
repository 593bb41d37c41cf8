/* The dialog that finds a source to cite, or adds one. */

import { crel } from "django-prose-editor/editor"

import { Adding } from "./adding.js"
import { ask, title, warning } from "./sources.js"
import { fill, gettext, ngettext } from "./words.js"

const PAUSE_BEFORE_SEARCH = 200 // milliseconds
const HELP = gettext(
  "Author, year, words of the title, DOI, PMID, trial number or key. Enter cites; Control and Enter cites and stays here for another.",
)
const CITED = gettext(
  "It cites %(cited)s now. To move it, drag it, or select it and press Alt and an arrow key.",
)
const RETRACTED = gettext(
  "%(label)s was retracted. It can support nothing, and a page that cites it cannot be published.",
)
const NOTHING = gettext("No source fits “%(words)s”. Search by other words.")
const NOTHING_YET = gettext("No source fits “%(words)s”. Search by other words, or add it.")
const UNKNOWN = gettext("%(identifier)s is not among the sources yet.")
const UNKNOWN_HERE = gettext(
  "%(identifier)s is not among the sources yet. Look-ups are switched off here: fill in its fields.",
)

let dialogs = 0

export class Dialog {
  constructor({ sources, cited, onPick, onDelete, onClose }) {
    Object.assign(this, { sources, cited, onPick, onDelete, onClose })
    this.id = `citation-dialog-${++dialogs}`
    this.found = []
    this.active = -1
    this.build()
    this.listen()
    document.body.append(this.dom)
    this.dom.showModal()
    this.input.focus()
  }

  build() {
    const { id } = this
    this.input = crel("input", {
      ...{ id: `${id}-search`, type: "text", autocomplete: "off", spellcheck: false },
      ...{ role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false" },
      ...{ "aria-controls": `${id}-list`, "aria-describedby": `${id}-help` },
    })
    this.list = crel("ul", { id: `${id}-list`, role: "listbox", "aria-label": gettext("Sources found") })
    this.status = crel("p", { className: "citation-dialog__status", role: "status" })
    this.question = crel("div", { className: "citation-dialog__question", role: "alert" })
    this.adding = new Adding({
      ...{ findUrl: this.sources.findUrl, id },
      say: (text) => (this.status.textContent = text),
      onKept: (source, remarks) => this.kept(source, remarks),
    })
    this.cancel = crel("button", { type: "button", textContent: gettext("Cancel") })
    this.remove = crel("button", { type: "button", textContent: gettext("Delete this citation") })
    const heading = this.cited ? gettext("Change this citation") : gettext("Cite a source")
    const buttons = this.cited ? [this.remove, this.cancel] : [this.cancel]
    this.dom = crel("dialog", { className: "citation-dialog", "aria-labelledby": `${id}-title` }, [
      crel("h2", { id: `${id}-title`, textContent: heading }),
      ...(this.cited ? [crel("p", { textContent: fill(CITED, this) })] : []),
      crel("label", { htmlFor: `${id}-search`, textContent: gettext("Search the sources") }),
      this.input,
      crel("p", { id: `${id}-help`, className: "help", textContent: HELP }),
      this.list,
      this.status,
      this.adding.dom,
      this.question,
      crel("div", { className: "citation-dialog__buttons" }, buttons),
    ])
    this.showFound([])
  }

  listen() {
    this.input.addEventListener("input", () => this.searchSoon())
    this.input.addEventListener("keydown", (event) => this.onKey(event))
    this.list.addEventListener("mousedown", (event) => event.preventDefault())
    this.list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]")
      if (option) this.choose(Number(option.dataset.index))
    })
    this.dom.addEventListener("close", () => this.close()) // by Escape
    this.cancel.addEventListener("click", () => this.close())
    this.remove.addEventListener("click", () => {
      this.onDelete()
      this.close()
    })
  }

  onKey(event) {
    if (event.isComposing) return
    const last = this.found.length - 1
    const moves = {
      ArrowDown: this.active < last ? this.active + 1 : 0,
      ArrowUp: this.active > 0 ? this.active - 1 : last,
    }
    if (event.key in moves) {
      event.preventDefault()
      if (this.found.length) this.activate(moves[event.key])
    } else if (event.key === "Enter") {
      event.preventDefault()
      if (this.active >= 0) this.choose(this.active, event.ctrlKey || event.metaKey)
    }
  }

  stop() {
    clearTimeout(this.timer)
    this.request?.abort()
  }

  searchSoon() {
    this.stop()
    this.question.replaceChildren()
    this.adding.clear()
    this.timer = setTimeout(() => this.search(this.input.value.trim()), PAUSE_BEFORE_SEARCH)
  }

  async search(words) {
    if (!words) return this.showFound([])
    this.request = new AbortController()
    const { signal } = this.request
    this.status.textContent = gettext("Searching…")
    try {
      const answer = await ask(this.sources.findUrl, { q: words }, signal)
      this.showFound(answer.results)
      if (!this.found.length) this.status.textContent = this.nothing(words, answer)
      this.adding.offer(answer, words)
    } catch (error) {
      if (signal.aborted) return
      this.showFound([])
      const offline = error instanceof TypeError
      this.status.textContent = offline
        ? gettext("The site cannot be reached. Check your connection, then search again.")
        : error.message
    }
  }

  nothing(words, answer) {
    if (!answer.can_add) return fill(NOTHING, { words })
    if (!answer.identifier) return fill(NOTHING_YET, { words })
    return fill(answer.can_look_up ? UNKNOWN : UNKNOWN_HERE, answer)
  }

  kept(source, remarks = []) {
    this.adding.clear()
    this.showFound([source])
    if (remarks.length) this.status.textContent = remarks.join(" ")
    this.choose(0, remarks.length > 0)
  }

  showFound(found) {
    this.found = found
    this.list.replaceChildren(...found.map((source, index) => this.option(source, index)))
    this.list.hidden = !found.length
    this.input.setAttribute("aria-expanded", String(found.length > 0))
    const count = found.length
    const words = ngettext("%(count)s source found.", "%(count)s sources found.", count)
    this.status.textContent = count ? fill(words, { count }) : ""
    this.activate(found.length ? 0 : -1)
  }

  option(source, index) {
    const wrong = warning(source)
    const parts = [crel("strong", { textContent: source.label })]
    if (source.design) parts.push(crel("span", { textContent: ` · ${source.design}` }))
    if (wrong) {
      parts.push(" ", crel("span", { className: "citation-warning", textContent: wrong }))
    }
    parts.push(crel("span", { className: "citation-title", textContent: title(source) }))
    const attributes = { id: `${this.id}-option-${index}`, role: "option", "data-index": index }
    return crel("li", attributes, parts)
  }

  activate(index) {
    this.active = index
    for (const [i, option] of [...this.list.children].entries()) {
      option.setAttribute("aria-selected", String(i === index))
    }
    const option = this.list.children[index]
    if (option) {
      this.input.setAttribute("aria-activedescendant", option.id)
      option.scrollIntoView({ block: "nearest" })
    } else {
      this.input.removeAttribute("aria-activedescendant")
    }
  }

  choose(index, goOn = false) {
    this.activate(index)
    const source = this.found[index]
    if (source.retracted) this.askAgain(source)
    else this.pick(source, goOn)
  }

  askAgain(source) {
    const other = crel("button", { type: "button", textContent: gettext("Choose another source") })
    const anyway = crel("button", { type: "button", textContent: gettext("Cite it all the same") })
    other.addEventListener("click", () => {
      this.question.replaceChildren()
      this.input.focus()
    })
    anyway.addEventListener("click", () => this.pick(source))
    const text = fill(RETRACTED, source)
    this.question.replaceChildren(crel("p", { textContent: text }), other, anyway)
    this.activate(this.active) // The question takes room from the list; keep the source in view.
    other.focus()
  }

  pick(source, goOn = false) {
    this.sources.remember(source)
    this.onPick(source)
    if (!goOn || this.cited) return this.close()
    const told = fill(gettext("%(label)s is cited. Search for another, or close."), source)
    this.status.textContent += ` ${told}`
    this.cancel.textContent = gettext("Close")
    this.input.focus()
    this.input.select()
  }

  // At once, and not when the browser reports it: the next key already belongs to the text.
  close() {
    if (!this.dom.isConnected) return
    this.stop()
    this.dom.close()
    this.dom.remove()
    this.onClose()
  }
}
