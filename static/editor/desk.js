/* Fits the rich text editor to our pages: names for those who cannot see it, pasting under the
   content security policy, and no <style> of its own. */

import { Extension, Plugin, pm } from "django-prose-editor/editor"

import { gettext } from "./words.js"
/* The policy refuses style attributes in markup, in pasted markup too. But the editor has to read
   them: Google Docs wraps everything in <b style="font-weight: normal">. So they come in under
   another name and are set by script, which the policy allows. Nothing of them is stored. */

const TAG = /<[a-z][^>]*>/gi
const STYLE = /\sstyle\s*=/gi

function hideStyles(html) {
  return html.replace(TAG, (tag) => tag.replace(STYLE, " data-pasted-style="))
}

function restoreStyles(dom) {
  for (const element of dom.querySelectorAll("[data-pasted-style]")) {
    element.style.cssText = element.dataset.pastedStyle
    element.removeAttribute("data-pasted-style")
  }
}

function pasting(schema) {
  const parser = pm.model.DOMParser.fromSchema(schema)
  return new Plugin({
    props: {
      transformPastedHTML: hideStyles,
      clipboardParser: {
        parseSlice(dom, options) {
          restoreStyles(dom)
          return parser.parseSlice(dom, options)
        },
      },
    },
  })
}

/* The text box takes the name, the help and the click of the field's own label. */

function nameTheTextBox(editor) {
  const textarea = editor.options.element.querySelector(":scope > textarea")
  if (!textarea) return
  const label = textarea.labels[0]
  const box = editor.view.dom
  box.setAttribute("aria-label", label ? label.textContent.replace(/[:\s]+$/, "") : gettext("Text"))
  box.setAttribute("aria-multiline", "true")
  const help = textarea.getAttribute("aria-describedby")
  if (help) box.setAttribute("aria-describedby", help)
  label?.addEventListener("click", () => editor.commands.focus())
}

export const Desk = Extension.create({
  name: "desk",

  addProseMirrorPlugins() {
    return [pasting(this.editor.schema)]
  },

  // The rules that Tiptap would put into a <style> stand in citation.css.
  onBeforeCreate() {
    this.editor.options.injectCSS = false
  },

  onCreate() {
    nameTheTextBox(this.editor)
  },
})
