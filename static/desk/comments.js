/* Select words in the reading view, then comment on exactly them. Without script, or by keyboard,
   a sentence is chosen from the list. */

"use strict"

const CONTEXT = 64 // characters around the words that tell one place from another

const reading = document.querySelector(".desk-reading[data-commentable]")
const form = document.querySelector("#comment-form")

function around(range) {
  const before = document.createRange()
  before.setStart(reading, 0)
  before.setEnd(range.startContainer, range.startOffset)
  const after = document.createRange()
  after.setStart(range.endContainer, range.endOffset)
  after.setEnd(reading, reading.childNodes.length)
  return [before.toString().slice(-CONTEXT), after.toString().slice(0, CONTEXT)]
}

// A triple click on the last paragraph reaches into what follows it.
function inside(whole) {
  const range = whole.cloneRange()
  const all = document.createRange()
  all.selectNodeContents(reading)
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
  if (!whole.intersectsNode(reading)) return null
  const range = inside(whole)
  const words = range.toString().trim()
  if (!words) return null
  const [prefix, suffix] = around(range)
  return { words, prefix, suffix, box: range.getBoundingClientRect() }
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
  button.textContent = "Comment on the selected words"
  button.hidden = true
  reading.after(button)
  let found = null

  function place() {
    const now = selected()
    if (!now && document.activeElement === button) return
    found = now
    button.hidden = !found
    if (!found) return
    const home = button.offsetParent.getBoundingClientRect()
    button.style.insetBlockStart = `${found.box.bottom - home.top + 8}px`
    button.style.insetInlineStart = `${Math.max(found.box.left - home.left, 0)}px`
  }

  document.addEventListener("selectionchange", place)
  button.addEventListener("mousedown", (event) => event.preventDefault()) // keeps the selection
  button.addEventListener("click", () => {
    if (found) choose(found)
    button.hidden = true
  })
  form.querySelector("[data-other]").addEventListener("click", () => {
    show(false)
    form.elements.sentence.focus()
  })
  show(Boolean(form.elements.quote.value))
}

if (reading && form) start()
