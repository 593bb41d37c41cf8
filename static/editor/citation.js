/* The citation: <cite data-source="key"></cite> in the text, a chip with author and year in the
   editor, and the dialog that finds a source. The server's allowlist for it stands in settings. */

import { Node, crel } from "django-prose-editor/editor"

const NAME = "citation"
const SHORTCUT = "Mod-Alt-c"
const PAUSE_BEFORE_SEARCH = 200 // milliseconds
const KEYS_A_REQUEST = 100
const HELP = "Author, year, words of the title, DOI, PMID, trial number or key."

/* Asking the server */

async function ask(findUrl, parameters, signal) {
  const response = await fetch(`${findUrl}?${new URLSearchParams(parameters)}`, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    signal,
  })
  if (response.redirected || response.status === 403) {
    throw new Error(
      "You are no longer signed in. Sign in again in another tab, then search once more here.",
    )
  }
  if (!response.ok) {
    throw new Error(`The search did not work (error ${response.status}). Try again in a moment.`)
  }
  return (await response.json()).results
}

/* Names of cited sources: one request for all that are wanted at the same moment. */

class Sources {
  constructor(findUrl) {
    this.findUrl = findUrl
    this.known = new Map() // key: source, or null when there is none
    this.waiting = new Map() // key: functions that want it
  }

  remember(source) {
    this.known.set(source.key, source)
  }

  label(key) {
    return this.known.get(key)?.label || key
  }

  want(key, tell) {
    if (this.known.has(key)) return tell(this.known.get(key))
    if (!this.waiting.size) queueMicrotask(() => this.fetch())
    if (!this.waiting.has(key)) this.waiting.set(key, [])
    this.waiting.get(key).push(tell)
  }

  async fetch() {
    const waiting = this.waiting
    this.waiting = new Map()
    const keys = [...waiting.keys()]
    for (let i = 0; i < keys.length; i += KEYS_A_REQUEST) {
      const some = keys.slice(i, i + KEYS_A_REQUEST)
      try {
        const found = await ask(this.findUrl, { keys: some.join(",") })
        for (const key of some) this.known.set(key, null)
        for (const source of found) this.remember(source)
      } catch {
        continue // The chips keep showing the keys, which are true without any answer.
      }
      for (const key of some) for (const tell of waiting.get(key)) tell(this.known.get(key))
    }
  }
}

function warning(source) {
  if (source.retracted) return "retracted"
  return source.standing === "expression of concern" ? source.standing : ""
}

const title = (source) => (source.described ? `No title on record: ${source.title}` : source.title)

/* The chip */

class Chip {
  constructor({ node, getPos, editor }) {
    this.sources = editor.storage[NAME].sources
    this.dom = crel("cite", { className: "citation-chip", contentEditable: "false" })
    this.dom.addEventListener("click", () => {
      if (!editor.isEditable) return
      editor.commands.setNodeSelection(getPos())
      openDialog(editor)
    })
    this.show(node)
  }

  show(node) {
    const key = node.attrs.source
    this.key = key
    this.dom.dataset.source = key
    this.dom.textContent = `[${key}]`
    this.sources.want(key, (source) => {
      if (this.key !== key) return // It was changed while the answer was on its way.
      const wrong = source ? warning(source) : "not among the sources"
      const name = source ? source.label : key
      this.dom.textContent = `[${[name, wrong].filter(Boolean).join(": ")}]`
      this.dom.title = source ? title(source) : ""
      this.dom.classList.toggle("citation-chip--warning", Boolean(wrong))
    })
  }

  update(node) {
    if (node.type.name !== NAME) return false
    if (node.attrs.source !== this.key) this.show(node)
    return true
  }

  ignoreMutation() {
    return true
  }
}

/* The dialog */

let dialogs = 0

class Dialog {
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
    this.list = crel("ul", { id: `${id}-list`, role: "listbox", "aria-label": "Sources found" })
    this.status = crel("p", { className: "citation-dialog__status", role: "status" })
    this.question = crel("div", { className: "citation-dialog__question", role: "alert" })
    this.cancel = crel("button", { type: "button", textContent: "Cancel" })
    this.remove = crel("button", { type: "button", textContent: "Delete this citation" })
    const heading = this.cited ? "Change this citation" : "Cite a source"
    const buttons = this.cited ? [this.remove, this.cancel] : [this.cancel]
    this.dom = crel("dialog", { className: "citation-dialog", "aria-labelledby": `${id}-title` }, [
      crel("h2", { id: `${id}-title`, textContent: heading }),
      ...(this.cited ? [crel("p", { textContent: `It cites ${this.cited} now.` })] : []),
      crel("label", { htmlFor: `${id}-search`, textContent: "Search the sources" }),
      this.input,
      crel("p", { id: `${id}-help`, className: "help", textContent: HELP }),
      this.list,
      this.status,
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
      if (this.active >= 0) this.choose(this.active)
    }
  }

  stop() {
    clearTimeout(this.timer)
    this.request?.abort()
  }

  searchSoon() {
    this.stop()
    this.question.replaceChildren()
    this.timer = setTimeout(() => this.search(this.input.value.trim()), PAUSE_BEFORE_SEARCH)
  }

  async search(words) {
    if (!words) return this.showFound([])
    this.request = new AbortController()
    const { signal } = this.request
    this.status.textContent = "Searching…"
    try {
      this.showFound(await ask(this.sources.findUrl, { q: words }, signal))
      if (!this.found.length) {
        this.status.textContent = `No source fits “${words}”. Search by other words, or add it under Sources first.`
      }
    } catch (error) {
      if (signal.aborted) return
      this.showFound([])
      const offline = error instanceof TypeError
      this.status.textContent = offline
        ? "The site cannot be reached. Check your connection, then search again."
        : error.message
    }
  }

  showFound(found) {
    this.found = found
    this.list.replaceChildren(...found.map((source, index) => this.option(source, index)))
    this.list.hidden = !found.length
    this.input.setAttribute("aria-expanded", String(found.length > 0))
    this.status.textContent = found.length
      ? `${found.length} ${found.length === 1 ? "source" : "sources"} found.`
      : ""
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

  choose(index) {
    this.activate(index)
    const source = this.found[index]
    if (source.retracted) this.askAgain(source)
    else this.pick(source)
  }

  askAgain(source) {
    const other = crel("button", { type: "button", textContent: "Choose another source" })
    const anyway = crel("button", { type: "button", textContent: "Cite it all the same" })
    other.addEventListener("click", () => {
      this.question.replaceChildren()
      this.input.focus()
    })
    anyway.addEventListener("click", () => this.pick(source))
    const text = `${source.label} was retracted. It can support nothing, and a page that cites it cannot be published.`
    this.question.replaceChildren(crel("p", { textContent: text }), other, anyway)
    this.activate(this.active) // The question takes room from the list; keep the source in view.
    other.focus()
  }

  pick(source) {
    this.sources.remember(source)
    this.onPick(source)
    this.close()
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

function selectedCitation(editor) {
  const { selection } = editor.state
  return selection.node?.type.name === NAME ? selection : null
}

function openDialog(editor) {
  if (!editor.isEditable || document.querySelector(".citation-dialog[open]")) return true
  const { sources } = editor.storage[NAME]
  const selected = selectedCitation(editor)
  new Dialog({
    sources,
    cited: selected && sources.label(selected.node.attrs.source),
    onPick({ key: source }) {
      // A citation follows the words it supports; it never takes their place.
      const change = editor.chain()
      if (selected) change.updateAttributes(NAME, { source })
      else {
        const { to } = editor.state.selection
        change.insertContentAt(to, { type: NAME, attrs: { source } }).setTextSelection(to + 1)
      }
      change.run()
    },
    onDelete: () => editor.chain().deleteSelection().run(),
    onClose: () => editor.view.focus(),
  })
  return true
}

export const Citation = Node.create({
  name: NAME,
  group: "inline",
  inline: true,
  atom: true,
  draggable: true,

  addOptions() {
    return { findUrl: "/admin/evidence/source/find/" }
  },

  addStorage() {
    return { sources: new Sources(this.options.findUrl) }
  },

  addAttributes() {
    return {
      source: {
        default: null,
        parseHTML: (element) => element.dataset.source,
        renderHTML: ({ source }) => ({ "data-source": source }),
      },
    }
  },

  parseHTML() {
    return [{ tag: 'cite[data-source]:not([data-source=""])' }]
  },

  renderHTML({ HTMLAttributes }) {
    return ["cite", HTMLAttributes]
  },

  renderText({ node }) {
    return `[${this.storage.sources.label(node.attrs.source)}]`
  },

  addNodeView() {
    return (properties) => new Chip(properties)
  },

  addKeyboardShortcuts() {
    return {
      [SHORTCUT]: () => openDialog(this.editor),
      Enter: () => Boolean(selectedCitation(this.editor)) && openDialog(this.editor),
    }
  },

  addMenuItems({ menu, buttons }) {
    const button = buttons.text("Cite", "Cite a source")
    button.setAttribute("aria-keyshortcuts", "Control+Alt+C Meta+Alt+C")
    menu.defineItem({
      name: NAME,
      groups: "link",
      button,
      command: openDialog,
      active: (editor) => Boolean(selectedCitation(editor)),
    })
  },
})
