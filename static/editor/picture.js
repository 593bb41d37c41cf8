/* The picture: <figure data-image="key"></figure> in the text, the picture itself in the editor, and
   the dialog that finds one. The server's allowlist for it stands in settings. */

import { Node, crel } from "django-prose-editor/editor"

import { fill, gettext, ngettext } from "./words.js"
const NAME = "picture"
const SHORTCUT = "Mod-Alt-p"
const PAUSE_BEFORE_SEARCH = 200 // milliseconds
const KEY = /^[0-9a-f]{32}$/

async function ask(findUrl, parameters, signal) {
  const response = await fetch(`${findUrl}?${new URLSearchParams(parameters)}`, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    signal,
  })
  if (response.redirected || response.status === 403) {
    throw new Error(
      gettext("You are no longer signed in. Sign in again in another tab, then search once more here."),
    )
  }
  if (!response.ok) {
    const failed = gettext("The search did not work (error %(status)s). Try again in a moment.")
    throw new Error(fill(failed, { status: response.status }))
  }
  return (await response.json()).results
}

/* The picture in the text */

class Shown {
  constructor({ node, editor }) {
    this.findUrl = editor.storage[NAME].findUrl
    this.known = editor.storage[NAME].known
    this.dom = crel("figure", { className: "picture-shown", contentEditable: "false" })
    this.show(node)
  }

  show(node) {
    this.key = node.attrs.image
    this.dom.dataset.image = this.key
    this.say(gettext("Loading the picture"))
    this.find(this.key)
  }

  async find(key) {
    try {
      if (!this.known.has(key)) {
        const [found] = await ask(this.findUrl, { keys: key })
        this.known.set(key, found || null)
      }
    } catch {
      if (this.key === key) this.say(gettext("The picture cannot be shown just now."))
      return
    }
    if (this.key !== key) return // It was changed while the answer was on its way.
    const image = this.known.get(key)
    if (!image) return this.say(gettext("This picture is not here any more. Choose another."))
    this.dom.replaceChildren(
      crel("img", { src: image.src, alt: image.alt }),
      crel("figcaption", { textContent: image.title }),
    )
  }

  say(words) {
    this.dom.replaceChildren(crel("figcaption", { textContent: words }))
  }

  update(node) {
    if (node.type.name !== NAME) return false
    if (node.attrs.image !== this.key) this.show(node)
    return true
  }

  ignoreMutation() {
    return true
  }
}

/* The dialog */

let dialogs = 0

class Dialog {
  constructor({ findUrl, onPick, onClose }) {
    Object.assign(this, { findUrl, onPick, onClose })
    this.id = `picture-dialog-${++dialogs}`
    this.build()
    document.body.append(this.dom)
    this.dom.showModal()
    this.input.focus()
    this.search()
  }

  build() {
    const { id } = this
    this.input = crel("input", { id: `${id}-search`, type: "text", autocomplete: "off" })
    this.list = crel("ul", { className: "picture-dialog__list", "aria-label": gettext("Pictures found") })
    this.status = crel("p", { className: "citation-dialog__status", role: "status" })
    const cancel = crel("button", { type: "button", textContent: gettext("Cancel") })
    const upload = crel("a", {
      href: "/admin/editorial/image/add/",
      target: "_blank",
      textContent: gettext("Upload a new one (opens a new tab; then search for it here)"),
    })
    this.dom = crel("dialog", { className: "citation-dialog", "aria-labelledby": `${id}-title` }, [
      crel("h2", { id: `${id}-title`, textContent: gettext("Insert a picture") }),
      crel("label", { htmlFor: `${id}-search`, textContent: gettext("Search the pictures") }),
      this.input,
      this.status,
      this.list,
      crel("p", {}, [upload]),
      crel("div", { className: "citation-dialog__buttons" }, [cancel]),
    ])
    this.input.addEventListener("input", () => {
      clearTimeout(this.timer)
      this.timer = setTimeout(() => this.search(), PAUSE_BEFORE_SEARCH)
    })
    this.input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.isComposing) return
      event.preventDefault() // or the page's own form would be sent
      this.search()
    })
    this.dom.addEventListener("close", () => this.close()) // by Escape
    cancel.addEventListener("click", () => this.close())
  }

  async search() {
    clearTimeout(this.timer)
    this.request?.abort()
    this.request = new AbortController()
    try {
      this.showFound(await ask(this.findUrl, { q: this.input.value }, this.request.signal))
    } catch (error) {
      if (error.name !== "AbortError") this.status.textContent = error.message
    }
  }

  showFound(found) {
    const count = found.length
    const words = ngettext(
      "%(count)s picture, the newest first.",
      "%(count)s pictures, the newest first.",
      count,
    )
    this.status.textContent = count ? fill(words, { count }) : gettext("No picture has these words.")
    this.list.replaceChildren(
      ...found.map((image) => {
        const button = crel("button", { type: "button" }, [
          crel("img", { src: image.src, alt: "" }),
          crel("span", { textContent: image.title }),
          crel("span", { className: "help", textContent: image.alt || gettext("only decoration") }),
        ])
        button.addEventListener("click", () => {
          this.onPick(image)
          this.close()
        })
        return crel("li", {}, [button])
      }),
    )
  }

  // At once, and not when the browser reports it: the next key already belongs to the text.
  close() {
    if (!this.dom.isConnected) return
    clearTimeout(this.timer)
    this.request?.abort()
    this.dom.close()
    this.dom.remove()
    this.onClose()
  }
}

function openDialog(editor) {
  if (!editor.isEditable || document.querySelector(".citation-dialog[open]")) return true
  const { findUrl, known } = editor.storage[NAME]
  new Dialog({
    findUrl,
    onPick(image) {
      known.set(image.key, image)
      editor.chain().insertContent({ type: NAME, attrs: { image: image.key } }).run()
    },
    onClose: () => editor.view.focus(),
  })
  return true
}

export const Picture = Node.create({
  name: NAME,
  group: "block",
  atom: true,
  draggable: true,

  addOptions() {
    return { findUrl: "/admin/editorial/image/find/" }
  },

  addStorage() {
    return { findUrl: this.options.findUrl, known: new Map() }
  },

  addAttributes() {
    return {
      image: {
        default: null,
        parseHTML: (element) => element.dataset.image,
        renderHTML: ({ image }) => ({ "data-image": image }),
      },
    }
  },

  parseHTML() {
    return [{ tag: "figure[data-image]", getAttrs: (figure) => KEY.test(figure.dataset.image) && null }]
  },

  renderHTML({ HTMLAttributes }) {
    return ["figure", HTMLAttributes]
  },

  addNodeView() {
    return (properties) => new Shown(properties)
  },

  addKeyboardShortcuts() {
    return { [SHORTCUT]: () => openDialog(this.editor) }
  },

  addMenuItems({ menu, buttons }) {
    const button = buttons.text(gettext("Picture"), gettext("Insert a picture"))
    button.setAttribute("aria-keyshortcuts", "Control+Alt+P Meta+Alt+P")
    menu.defineItem({ name: NAME, groups: "link", button, command: openDialog })
  },
})
