/* The claim checker beside the text, as it is written: what it stops at is underlined, listed below
   and explained on a card. The server answers with the code that reads saved texts. */

import { Extension, Plugin, pm } from "django-prose-editor/editor"

import { leastChange, placesOf, spotsInDocument, spotsInText } from "./placing.js"
import { Panel } from "./findings_panel.js"

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
    throw new Error("You are no longer signed in, or may not edit this page.")
  }
  const isJson = response.headers.get("Content-Type")?.startsWith("application/json")
  if (!isJson) throw new Error(`The site answered with error ${response.status}.`)
  const told = await response.json()
  if (!response.ok) throw Object.assign(new Error(told.message), { isRefusal: true })
  return told
}

class Checking {
  constructor(editor, form, urls) {
    Object.assign(this, { editor, form, urls })
    this.inputs = { title: form.elements.title, summary: form.elements.summary }
    this.stops = []
    this.panel = new Panel(this)
    this.later = () => this.schedule(PAUSE)
    editor.on("update", this.later)
    for (const input of Object.values(this.inputs)) input?.addEventListener("input", this.later)
    form.addEventListener("keydown", (event) => this.panel.keydown(event))
    this.schedule(0)
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
    const body = this.editor.getHTML()
    return { title: title?.value ?? "", summary: summary?.value ?? "", body }
  }

  /* A page that was just made has its number in the address; autosaving puts it there. */
  get page() {
    return location.pathname.match(/\/(\d+)\/change\/$/)?.[1] ?? ""
  }

  get isComposing() {
    return this.editor.view.composing
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
      this.panel.say(offline ? "The checker cannot be reached just now." : error.message)
      if (error.isRefusal) this.answeredFor = sent // asking again would not change it
      else this.schedule(RETRY)
    }
  }

  answered(told) {
    const text = Array.from(told.text)
    const spots = {
      title: spotsInText(this.inputs.title?.value ?? ""),
      summary: spotsInText(this.inputs.summary?.value ?? ""),
      body: spotsInDocument(this.editor.state.doc),
    }
    const finders = {}
    for (const [name, bounds] of Object.entries(told.fields)) {
      finders[name] = placesOf(text, bounds, spots[name])
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
    const shown = this.stops.filter((stop) => stop.field === "body" && stop.place && !stop.decided)
    const marks = shown.flatMap((stop) => [
      underline(stop.place, `finding finding--${stop.is_to_settle ? stop.severity : "said"}`, stop),
      ...stop.triggers.map((place) => underline(place, "finding-words", stop)),
    ])
    const { state, view } = this.editor
    const set = DecorationSet.create(state.doc, marks)
    view.dispatch(state.tr.setMeta(KEY, set).setMeta("addToHistory", false))
  }

  /* Where a sentence of the text stands now, though it was typed on since. */
  placeNow(stop) {
    if (stop.field !== "body") return stop.place
    const marks = KEY.getState(this.editor.state).find(null, null, (s) => s.start === stop.start)
    const whole = marks.find((mark) => mark.type.attrs.class !== "finding-words")
    return whole ? { from: whole.from, to: whole.to } : null
  }

  reword(stop, wording) {
    if (stop.field === "body") this.rewordBody(stop, wording)
    else this.rewordInput(this.inputs[stop.field], stop, wording)
    this.schedule(0)
  }

  /* Citations and marks stay: only what differs is replaced, and what is no text is put behind. */
  rewordBody(stop, wording) {
    const { state, view } = this.editor
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

export const Findings = Extension.create({
  name: NAME,

  addOptions() {
    return { checkUrl: "/admin/claims/check/", dismissUrl: "/admin/claims/check/dismiss/" }
  },

  addStorage() {
    return { checking: null }
  },

  addProseMirrorPlugins() {
    return [underlining((start) => this.storage.checking?.panel.openAt(start))]
  },

  onCreate() {
    const form = this.editor.view.dom.closest("form")
    if (!form?.querySelector("#desk-writing")) return // only pages are checked
    // One list for a page. What stands in the further parts of a condition is checked when saved.
    if (!this.editor.options.element.querySelector(":scope > textarea[name=body]")) return
    const urls = { check: this.options.checkUrl, dismiss: this.options.dismissUrl }
    this.storage.checking = new Checking(this.editor, form, urls)
  },

  onDestroy() {
    this.storage.checking?.stop()
  },
})
