/* Select words in the reading view or in the editor, then comment on exactly them: by the button
   that appears, which is the next stop of the Tab key after the editor, or by a shortcut. Without
   script, a sentence is chosen from the list. */

import { gettext } from "../editor/words.js"

const CONTEXT = 64 // characters around the words that tell one place from another
const SURFACES = ".desk-reading[data-commentable], .prose-editor .ProseMirror"
const NOT_WORDS = "cite, [contenteditable=false]" // the names of cited sources, pictures
const isShortcut = (event) => (event.ctrlKey || event.metaKey) && event.altKey && event.code === "KeyM"

const form = document.querySelector("#comment-form")

/* The words of a range as the saved text has them. */
function wordsOf(range) {
  const copy = range.cloneContents()
  for (const element of copy.querySelectorAll(NOT_WORDS)) element.remove()
  return copy.textContent
}

function around(range, surface) {
  const before = document.createRange()
  before.setStart(surface, 0)
  before.setEnd(range.startContainer, range.startOffset)
  const after = document.createRange()
  after.setStart(range.endContainer, range.endOffset)
  after.setEnd(surface, surface.childNodes.length)
  return [wordsOf(before).slice(-CONTEXT), wordsOf(after).slice(0, CONTEXT)]
}

// A triple click on the last paragraph reaches into what follows it.
function inside(whole, surface) {
  const range = whole.cloneRange()
  const all = document.createRange()
  all.selectNodeContents(surface)
  if (range.compareBoundaryPoints(Range.START_TO_START, all) < 0) {
    range.setStart(all.startContainer, all.startOffset)
  }
  if (range.compareBoundaryPoints(Range.END_TO_END, all) > 0) {
    range.setEnd(all.endContainer, all.endOffset)
  }
  return range
}

function selected() {
  const selection = getSelection()
  if (!selection.rangeCount || selection.isCollapsed) return null
  const whole = selection.getRangeAt(0)
  const all = [...document.querySelectorAll(SURFACES)]
  const surface = all.find((candidate) => whole.intersectsNode(candidate))
  if (!surface) return null
  const range = inside(whole, surface)
  const words = wordsOf(range).trim()
  if (!words) return null
  const [prefix, suffix] = around(range, surface)
  return { words, prefix, suffix, surface, box: range.getBoundingClientRect() }
}

function choose({ words, prefix, suffix }) {
  form.elements.quote.value = words
  form.elements.prefix.value = prefix
  form.elements.suffix.value = suffix
  form.querySelector("[data-chosen]").textContent = `“${words}”`
  show(true)
  form.closest("details").open = true
  form.elements.text.focus()
}

function show(isQuote) {
  form.querySelector("[data-quote]").hidden = !isQuote
  form.querySelector("[data-sentence]").hidden = isQuote
  if (!isQuote) form.elements.quote.value = ""
}

function start() {
  const button = document.createElement("button")
  button.type = "button"
  button.className = "button desk-comment-here"
  button.textContent = gettext("Comment on the selected words")
  button.setAttribute("aria-keyshortcuts", "Control+Alt+M Meta+Alt+M")
  button.hidden = true
  let found = null

  function place() {
    const now = selected()
    if (!now && document.activeElement === button) return
    found = now
    button.hidden = !found
    if (!found) return
    const holder = found.surface.closest(".prose-editor") ?? found.surface
    if (button.previousElementSibling !== holder) holder.after(button)
    const home = button.offsetParent.getBoundingClientRect()
    button.style.insetBlockStart = `${found.box.bottom - home.top + 8}px`
    button.style.insetInlineStart = `${Math.max(found.box.left - home.left, 0)}px`
  }

  function take() {
    if (found) choose(found)
    button.hidden = true
  }

  document.addEventListener("selectionchange", place)
  document.addEventListener("keydown", (event) => {
    if (!isShortcut(event) || !found) return
    event.preventDefault()
    take()
  })
  button.addEventListener("mousedown", (event) => event.preventDefault()) // keeps the selection
  button.addEventListener("click", take)
  form.querySelector("[data-other]").addEventListener("click", () => {
    show(false)
    form.elements.sentence.focus()
  })
  show(Boolean(form.elements.quote.value))
}

if (form) start()
