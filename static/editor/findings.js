/* The claim checker beside the text, as it is written: what it stops at is underlined, listed below
   and explained on a card. The server answers with the code that reads saved texts. */

import { Extension, Plugin, pm } from "django-prose-editor/editor"

import { leastChange, placesOf, spotsInDocument, spotsInText } from "./placing.js"
import { Panel } from "./findings_panel.js"
import { fill, gettext } from "./words.js"

const { PluginKey } = pm.state
const { Decoration, DecorationSet } = pm.view

const NAME = "findings"
const KEY = new PluginKey(NAME)
const PAUSE = 250 // milliseconds without a change before the text is checked
const RETRY = 10000 // milliseconds until a check that failed is tried again

/* Underlines follow the text while it changes, until the next answer. */

function underlining(onClick) {
  return new Plugin({
    key: KEY,
    state: {
      init: () => DecorationSet.empty,
      apply: (tr, set) => tr.getMeta(KEY) ?? set.map(tr.mapping, tr.doc),
    },
    props: {
      decorations: (state) => KEY.getState(state),
      handleClick(view, position) {
        const [found] = KEY.getState(view.state).find(position, position)
        if (found) onClick(found.spec.start)
        return false
      },
    },
  })
}

function underline({ from, to }, name, stop) {
  return Decoration.inline(from, to, { class: name }, { start: stop.start })
}

/* Asking the server */

function csrf(form) {
  const found = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)
  return found ? found[1] : form.elements.csrfmiddlewaretoken.value
}

async function post(form, url, pairs, signal) {
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(pairs),
    headers: { "X-CSRFToken": csrf(form), Accept: "application/json" },
    credentials: "same-origin",
    signal,
  })
  if (response.redirected || response.status === 403) {
    throw new Error(gettext("You are no longer signed in, or may not edit this page."))
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json")
  const failed = gettext("The site answered with error %(status)s.")
  if (!isJson) throw new Error(fill(failed, { status: response.status }))
  const told = await response.json()
  if (!response.ok) throw Object.assign(new Error(told.message), { isRefusal: true })
  return told
}

class Checking {
  /* `editors` holds the editor of each rich field of the form by its name, the body's among them. */
  constructor(editors, form, urls) {
    Object.assign(this, { editors, form, urls })
    this.inputs = { title: form.elements.title, summary: form.elements.summary }
    this.stops = []
    this.panel = new Panel(this)
    this.later = () => this.schedule(PAUSE)
    for (const editor of Object.values(editors)) this.listen(editor)
    for (const input of Object.values(this.inputs)) input?.addEventListener("input", this.later)
    form.addEventListener("keydown", (event) => this.panel.keydown(event))
    this.schedule(0)
  }

  listen(editor) {
    editor.on("update", this.later)
    editor.view.dom.setAttribute("aria-keyshortcuts", "F8")
  }

  schedule(pause) {
    clearTimeout(this.timer)
    this.timer = setTimeout(() => this.check(), pause)
  }

  stop() {
    clearTimeout(this.timer)
    this.request?.abort()
  }

  texts() {
    const { title, summary } = this.inputs
    const rich = Object.entries(this.editors).map(([name, editor]) => [name, editor.getHTML()])
    return { title: title?.value ?? "", summary: summary?.value ?? "", ...Object.fromEntries(rich) }
  }

  /* A page that was just made has its number in the address; autosaving puts it there. */
  get page() {
    return location.pathname.match(/\/(\d+)\/change\/$/)?.[1] ?? ""
  }

  get isComposing() {
    return Object.values(this.editors).some((editor) => editor.view.composing)
  }

  async check() {
    if (this.isComposing) return this.schedule(PAUSE)
    const texts = this.texts()
    const sent = JSON.stringify([texts, this.page])
    if (sent === this.answeredFor) return
    this.request?.abort()
    const request = (this.request = new AbortController())
    try {
      const told = await post(this.form, this.urls.check, { ...texts, page: this.page }, request.signal)
      if (this.isComposing) return this.schedule(PAUSE)
      if (JSON.stringify(this.texts()) !== JSON.stringify(texts)) return // Another check follows.
      this.answeredFor = sent
      this.answered(told)
    } catch (error) {
      if (request.signal.aborted) return
      const offline = error instanceof TypeError
      this.panel.say(offline ? gettext("The checker cannot be reached just now.") : error.message)
      if (error.isRefusal) this.answeredFor = sent // asking again would not change it
      else this.schedule(RETRY)
    }
  }

  answered(told) {
    const text = Array.from(told.text)
    const spots = {
      title: spotsInText(this.inputs.title?.value ?? ""),
      summary: spotsInText(this.inputs.summary?.value ?? ""),
    }
    for (const [name, { state }] of Object.entries(this.editors)) {
      spots[name] = spotsInDocument(state.doc)
    }
    const finders = {}
    this.begins = {} // where each field begins in the checker's text
    for (const [name, bounds] of Object.entries(told.fields)) {
      finders[name] = placesOf(text, bounds, spots[name])
      this.begins[name] = bounds[0]
    }
    this.stops = told.stops.map((stop) => ({
      ...stop,
      words: text.slice(stop.start, stop.end).join(""),
      place: finders[stop.field](stop.start, stop.end),
      triggers: stop.findings
        .flatMap((finding) => finding.triggers)
        .map(([start, end]) => finders[stop.field](start, end))
        .filter(Boolean),
    }))
    this.underline()
    this.panel.show(this.stops, told)
  }

  underline() {
    for (const [name, editor] of Object.entries(this.editors)) this.underlineIn(name, editor)
  }

  underlineIn(name, { state, view }) {
    const shown = this.stops.filter((stop) => stop.field === name && stop.place && !stop.decided)
    const marks = shown.flatMap((stop) => [
      underline(stop.place, `finding finding--${stop.is_to_settle ? stop.severity : "said"}`, stop),
      ...stop.triggers.map((place) => underline(place, "finding-words", stop)),
    ])
    const set = DecorationSet.create(state.doc, marks)
    view.dispatch(state.tr.setMeta(KEY, set).setMeta("addToHistory", false))
  }

  /* Where a sentence of the text stands now, though it was typed on since. */
  placeNow(stop) {
    const editor = this.editors[stop.field]
    if (!editor) return stop.place
    const marks = KEY.getState(editor.state).find(null, null, (s) => s.start === stop.start)
    const whole = marks.find((mark) => mark.type.attrs.class !== "finding-words")
    return whole ? { from: whole.from, to: whole.to } : null
  }

  reword(stop, wording) {
    if (this.editors[stop.field]) this.rewordText(stop, wording)
    else this.rewordInput(this.inputs[stop.field], stop, wording)
    this.schedule(0)
  }

  /* Citations and marks stay: only what differs is replaced, and what is no text is put behind. */
  rewordText(stop, wording) {
    const { state, view } = this.editors[stop.field]
    const place = this.placeNow(stop)
    if (!place) return
    const letters = []
    const kept = []
    state.doc.nodesBetween(place.from, place.to, (node, position) => {
      if (!node.isText) return void (node.isInline && node.isAtom && kept.push([node, position]))
      for (const letter of spotsAndBlanks(node.text, position)) {
        if (letter[1] >= place.from && letter[1] < place.to) letters.push(letter)
      }
    })
    const { keep, cut, words } = leastChange(letters.map(([letter]) => letter), wording)
    const after = letters[keep + cut - 1]
    const from = cut || keep < letters.length ? letters[keep][1] : place.to
    const to = cut ? after[1] + after[2] : from
    const marks = state.doc.nodeAt(from)?.marks ?? []
    const behind = kept.filter(([, at]) => at >= from && at < to).map(([node]) => node)
    const content = [...(words ? [state.schema.text(words, marks)] : []), ...behind]
    view.dispatch(state.tr.replaceWith(from, to, content).scrollIntoView())
    view.focus()
  }

  /* Typed by the browser itself, so that it can be undone. */
  rewordInput(input, stop, wording) {
    if (!stop.place) return
    input.focus()
    input.setSelectionRange(stop.place.from, stop.place.to)
    if (!document.execCommand("insertText", false, wording)) {
      input.setRangeText(wording)
      input.dispatchEvent(new Event("input", { bubbles: true }))
    }
  }

  async dismiss(stop, reason) {
    const pairs = [["page", this.page], ["sentence", stop.words], ["reason", reason]]
    for (const { rule } of stop.findings) pairs.push(["rule", rule])
    await post(this.form, this.urls.dismiss, pairs)
    this.answeredFor = null
    this.schedule(0)
  }
}

function spotsAndBlanks(text, offset) {
  return Array.from(text, (letter) => {
    const spot = [letter, offset, letter.length]
    offset += letter.length
    return spot
  })
}

/* What the editors of one form share: its rich fields by name, and the checking that the body's
   editor begins. One list for a page. */
const shared = new WeakMap()

function sharedBy(form) {
  if (!shared.has(form)) shared.set(form, { editors: {}, checking: null })
  return shared.get(form)
}

export const Findings = Extension.create({
  name: NAME,

  addOptions() {
    return { checkUrl: "/admin/claims/check/", dismissUrl: "/admin/claims/check/dismiss/" }
  },

  addStorage() {
    return { form: null }
  },

  addProseMirrorPlugins() {
    return [underlining((start) => sharedBy(this.storage.form).checking?.panel.openAt(start))]
  },

  onCreate() {
    const form = this.editor.view.dom.closest("form")
    if (!form?.querySelector("#desk-writing")) return // only pages are checked
    const name = this.editor.options.element.querySelector(":scope > textarea")?.name
    if (!name || name.includes("-")) return // a row of another table is no part of the page
    this.storage.form = form
    const ours = sharedBy(form)
    ours.editors[name] = this.editor
    if (ours.checking) {
      ours.checking.listen(this.editor)
      ours.checking.schedule(0)
    } else if (name === "body") {
      const urls = { check: this.options.checkUrl, dismiss: this.options.dismissUrl }
      ours.checking = new Checking(ours.editors, form, urls)
    }
  },

  onDestroy() {
    if (this.storage.form) sharedBy(this.storage.form).checking?.stop()
  },
})
