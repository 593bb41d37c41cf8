/* What the checker stops at, as a list beside the text with a running count, and the card that is
   open. Moving: F8 goes to the next sentence to settle, Shift and F8 to the one before, Escape
   back to the text. */

import { crel } from "django-prose-editor/editor"

import { Card, severityOf } from "./finding_card.js"
import { fill, gettext, ngettext } from "./words.js"

const PLACES = {
  title: gettext("in the title"),
  summary: gettext("in the summary"),
  body: gettext("in the text"),
}

/* A further part of the page is called by its label. */
function placeName(form, field) {
  const label = form.querySelector(`label[for="id_${field}"]`)?.textContent.replace(/:\s*$/, "").trim()
  return PLACES[field] ?? (label ? fill(gettext("in “%(label)s”"), { label }) : PLACES.body)
}
const NONE = gettext("The checker stops at nothing.")

function count({ to_settle: toSettle, blocking }) {
  if (!toSettle) return gettext("Nothing to settle.")
  const some = ngettext(
    "%(toSettle)s to settle, %(blocking)s stops publication.",
    "%(toSettle)s to settle, %(blocking)s stop publication.",
    blocking,
  )
  const words = blocking ? some : gettext("%(toSettle)s to settle, none stops publication.")
  return fill(words, { toSettle, blocking })
}

export class Panel {
  constructor(checking) {
    this.checking = checking
    this.stops = []
    this.card = null
    this.status = crel("p", { className: "findings__count", role: "status" })
    this.list = crel("ol", { className: "findings__list" })
    const help = gettext("F8 goes to the next one, Shift and F8 to the one before.")
    this.dom = crel("section", { className: "findings", "aria-labelledby": "findings-title" }, [
      crel("h2", { id: "findings-title", textContent: gettext("What the checker stops at") }),
      this.status,
      crel("p", { className: "help", textContent: help }),
      this.list,
    ])
    this.homeOf("body").after(this.dom)
  }

  homeOf(field) {
    return this.checking.editors[field].view.dom.closest(".prose-editor")
  }

  say(text) {
    if (this.status.textContent !== text) this.status.textContent = text // read out once
  }

  show(stops, counts) {
    this.stops = stops
    this.say(stops.length ? count(counts) : NONE)
    const focused = this.list.contains(document.activeElement) && document.activeElement.dataset.start
    this.list.replaceChildren(...stops.map((stop) => this.item(stop)))
    if (focused) this.list.querySelector(`[data-start="${focused}"]`)?.focus()
    for (const [name, input] of Object.entries(this.checking.inputs)) this.mark(name, input)
    if (this.card) this.renew()
  }

  item(stop) {
    const open = crel("button", { type: "button", className: "findings__open" }, [
      crel("strong", { textContent: `${severityOf(stop)}: ` }),
      `“${stop.words}”`,
    ])
    open.dataset.start = stop.start
    open.addEventListener("click", () => this.open(stop, true))
    const state = stop.is_to_settle ? stop.severity : "said"
    return crel("li", { className: `findings__item findings__item--${state}` }, [
      open,
      crel("span", { textContent: ` ${stop.findings[0].reason}` }),
    ])
  }

  /* Text in a plain field cannot be underlined; the field itself is. */
  mark(name, input) {
    if (!input) return
    const found = this.stops.filter((stop) => stop.field === name && stop.is_to_settle)
    const worst = found.some((stop) => stop.severity === "block") ? "block" : "advise"
    input.classList.remove("finding-field--block", "finding-field--advise")
    if (found.length) input.classList.add(`finding-field--${worst}`)
  }

  openAt(start) {
    const stop = this.stops.find((one) => one.start === start)
    if (stop) this.open(stop, false)
  }

  /* By keyboard the card is gone to; by a click in the text the cursor stays where it is. */
  open(stop, withFocus) {
    this.remove()
    const { checking } = this
    const number = this.stops.indexOf(stop) + 1
    this.card = new Card({
      stop,
      words: stop.words,
      place: fill(gettext("%(place)s, %(number)s of %(all)s"), {
        place: placeName(checking.form, stop.field),
        number,
        all: this.stops.length,
      }),
      acts: {
        reword: (finding) => {
          this.remove()
          checking.reword(stop, finding.rewording)
        },
        dismiss: (reason) => this.dismiss(stop, reason),
        next: () => this.go(1),
        close: () => this.close(),
      },
    })
    if (checking.editors[stop.field]) this.putIntoText(stop)
    else checking.inputs[stop.field].after(this.card.dom)
    if (!withFocus) return
    this.card.dom.focus({ preventScroll: true })
    this.card.dom.scrollIntoView({ block: "nearest" })
  }

  putIntoText(stop) {
    const { view } = this.checking.editors[stop.field]
    const home = this.homeOf(stop.field)
    const place = this.checking.placeNow(stop) ?? stop.place
    home.append(this.card.dom)
    if (!place) return
    const { bottom } = view.coordsAtPos(place.to)
    this.card.dom.style.top = `${bottom - home.getBoundingClientRect().top + 4}px`
  }

  /* A new answer came: the card stays while its sentence does. */
  renew() {
    const before = this.card
    const stop = this.stops.find((one) => one.words === before.stop.words)
    const hadFocus = before.dom.contains(document.activeElement)
    if (!stop) return hadFocus ? this.close() : this.remove()
    if (JSON.stringify(stop) === JSON.stringify(before.stop)) before.stop = stop
    else this.open(stop, hadFocus)
  }

  remove() {
    this.card?.dom.remove()
    this.card = null
  }

  close() {
    const { stop } = this.card
    this.remove()
    const { editors, inputs } = this.checking
    const editor = editors[stop.field]
    if (!editor) return inputs[stop.field].focus()
    const place = this.checking.placeNow(stop)
    if (place) editor.commands.setTextSelection(place.from)
    editor.view.focus() // at once: the next key belongs to the text
  }

  async dismiss(stop, reason) {
    const { card } = this
    try {
      await this.checking.dismiss(stop, reason)
    } catch (error) {
      const offline = error instanceof TypeError
      card.say(offline ? gettext("The site cannot be reached; try again in a moment.") : error.message)
    }
  }

  keydown(event) {
    if (event.isComposing || event.altKey || event.ctrlKey || event.metaKey) return
    if (event.key === "F8") {
      event.preventDefault()
      this.go(event.shiftKey ? -1 : 1)
    } else if (event.key === "Escape" && this.card) {
      event.preventDefault()
      this.close()
    }
  }

  /* The next sentence to settle, from the card that is open or from the cursor; round and round. */
  go(step) {
    const wanted = this.stops.filter((stop) => stop.is_to_settle)
    if (!wanted.length) return this.say(gettext("Nothing to settle."))
    const at = this.standsAt()
    const ahead = step > 0 ? wanted.filter((s) => s.start > at) : wanted.filter((s) => s.start < at)
    this.open((step > 0 ? ahead[0] : ahead.at(-1)) ?? wanted.at(step > 0 ? 0 : -1), true)
  }

  standsAt() {
    if (this.card) return this.card.stop.start
    const { editors, begins } = this.checking
    const [name, editor] = Object.entries(editors).find(([, one]) => one.isFocused) ?? []
    if (!editor) return -1
    const before = this.stops.filter((stop) => {
      const place = stop.field === name && this.checking.placeNow(stop)
      return place && place.from < editor.state.selection.from
    })
    return before.length ? before.at(-1).start : (begins?.[name] ?? 0) - 1
  }
}
