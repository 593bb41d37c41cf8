/* The citation: <cite data-source="key"></cite> in the text, and in the editor a chip with its
   number, author and year. The server's allowlist for it stands in settings. */

import { Node, Plugin, crel } from "django-prose-editor/editor"

import { Dialog } from "./dialog.js"
import { Sources, title, warning } from "./sources.js"
import { gettext } from "./words.js"

const NAME = "citation"
const SHORTCUT = "Mod-Alt-c"

/* The chip */

class Chip {
  constructor({ node, getPos, editor }) {
    this.sources = editor.storage[NAME].sources
    this.chips = editor.storage[NAME].chips
    this.chips.add(this)
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
      const wrong = source ? warning(source) : gettext("not among the sources")
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

  destroy() {
    this.chips.delete(this)
  }
}

/* Numbers as readers will see them: by first mention, the same source the same number. They stand
   before the chip's name (see citation.css) and follow whatever is added, moved or deleted. */

function number(doc, chips) {
  const numbers = new Map()
  doc.descendants((node) => {
    const key = node.type.name === NAME && node.attrs.source
    if (key && !numbers.has(key)) numbers.set(key, numbers.size + 1)
  })
  for (const chip of chips) chip.dom.dataset.number = numbers.get(chip.key) ?? ""
}

function numbering(chips) {
  return new Plugin({
    view(view) {
      number(view.state.doc, chips)
      return { update: ({ state }) => number(state.doc, chips) }
    },
  })
}

/* Moving by keyboard: to the end of the word before or after, within the paragraph. */

const STOP = /[^\s\ufffc.,;:!?](?=[\s\ufffc.,;:!?]|$)|[\ufffc.,;:!?](?=[\s\ufffc]|$)/g

function move(editor, direction) {
  const selected = selectedCitation(editor)
  if (!selected || !editor.isEditable) return false
  const { from, to, $from, node } = selected
  const at = $from.parentOffset
  const text = $from.parent.textBetween(0, $from.parent.content.size, null, "\ufffc")
  const rest = text.slice(0, at) + text.slice(at + node.nodeSize)
  const stops = [...rest.matchAll(STOP)].map((found) => found.index + 1)
  const target = direction < 0 ? stops.filter((s) => s < at).pop() : stops.find((s) => s > at)
  if (target === undefined) return true
  const place = $from.start() + target
  return editor
    .chain()
    .command(({ tr }) => Boolean(tr.delete(from, to).insert(place, node)))
    .setNodeSelection(place)
    .scrollIntoView()
    .run()
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
    return { sources: new Sources(this.options.findUrl), chips: new Set() }
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

  addProseMirrorPlugins() {
    return [numbering(this.storage.chips)]
  },

  addNodeView() {
    return (properties) => new Chip(properties)
  },

  addKeyboardShortcuts() {
    return {
      [SHORTCUT]: () => openDialog(this.editor),
      Enter: () => Boolean(selectedCitation(this.editor)) && openDialog(this.editor),
      "Alt-ArrowLeft": () => move(this.editor, -1),
      "Alt-ArrowRight": () => move(this.editor, 1),
    }
  },

  addMenuItems({ menu, buttons }) {
    const button = buttons.text(gettext("Cite"), gettext("Cite a source"))
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
