/* Keeps what is typed into a page's form, and says who else has it open.

   The form is read once a second rather than by its events, as each of its widgets (the rich
   text, the boxes for related pages, the rows) has events of its own. Once nothing has changed
   for a moment it is sent as it stands. Requests go one after the other, each with a number, so
   that an older text never takes a newer one's place. */

import { fill, gettext } from "../editor/words.js"

const QUIET = 2000 // milliseconds without a change before saving
const LONGEST = 10000 // milliseconds after which it is saved though typing goes on
const RETRY = 10000 // milliseconds until a failed save is tried again
const KEEPALIVE = 60000 // bytes that a browser still sends for a page that is being left
const LEFT_OUT = ["csrfmiddlewaretoken", "tab", "tab_number", "based_on", "unsaved"]

const home = document.querySelector("#desk-writing")
const form = home?.closest("form")

function token() {
  const bytes = crypto.getRandomValues(new Uint8Array(12))
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("")
}

function csrf() {
  const found = document.cookie.match(/(?:^|; )(?:__Host-csrf|csrftoken)=([^;]+)/)
  return found ? found[1] : form.elements.csrfmiddlewaretoken.value
}

function hidden(name, value) {
  let input = form.querySelector(`input[type=hidden][name=${name}]`)
  if (!input) {
    input = document.createElement("input")
    input.type = "hidden"
    input.name = name
    form.append(input)
  }
  if (value !== undefined) input.value = value
  return input
}

class Writing {
  constructor() {
    this.urls = { autosave: home.dataset.autosave, presence: home.dataset.presence }
    this.tab = hidden("tab", token())
    this.number = hidden("tab_number", "1")
    this.status = document.querySelector("#desk-saving")
    this.notes = document.querySelector("#desk-tabs")
    this.isTouched = false // nothing is sent before the person did something
    this.isSending = false
    this.isLeaving = false
    this.failedAt = 0
    this.kept = this.last = this.snapshot()
    this.changedAt = 0
    this.dirtySince = 0
    this.listen()
  }

  snapshot() {
    const pairs = [...new FormData(form)].filter(([name]) => !LEFT_OUT.includes(name))
    return JSON.stringify(pairs)
  }

  listen() {
    // What the widgets do to the form by themselves while they start is no change of the person's.
    const before = (event) => {
      if (!this.isTouched) this.kept = this.last = this.snapshot()
      if (event.type !== "focusin") this.isTouched = true
    }
    for (const type of ["focusin", "pointerdown", "keydown", "paste", "drop", "beforeinput"]) {
      document.addEventListener(type, before, { capture: true })
    }
    form.addEventListener("input", () => (this.isTouched = true))
    form.addEventListener("submit", () => this.leaveBySubmit())
    document.querySelector(".desk-comments")?.addEventListener("submit", (e) => this.keepFirst(e))
    addEventListener("beforeunload", (event) => this.warn(event))
    addEventListener("pagehide", () => this.leave())
    addEventListener("pageshow", (event) => event.persisted && location.reload())
    document.addEventListener("visibilitychange", () => {
      if (document.hidden) this.look(true)
    })
    setInterval(() => this.look(false), 1000)
    setInterval(() => this.ping(), Number(home.dataset.ping) * 1000)
    this.ping()
  }

  get isDirty() {
    return this.isTouched && this.snapshot() !== this.kept
  }

  look(isUrgent) {
    const now = this.snapshot()
    if (!this.isTouched) return (this.kept = this.last = now)
    if (now !== this.last) {
      this.last = now
      this.changedAt = Date.now()
      this.dirtySince ||= this.changedAt
    }
    if (now === this.kept || this.isSending || this.isLeaving) return
    const quiet = Date.now() - this.changedAt >= QUIET
    const long = this.dirtySince && Date.now() - this.dirtySince >= LONGEST
    const rested = Date.now() - this.failedAt >= RETRY
    if (isUrgent || (rested && (quiet || long))) this.save()
  }

  body() {
    this.number.value = String(Number(this.number.value) + 1)
    const data = new FormData(form)
    data.delete("csrfmiddlewaretoken")
    return new URLSearchParams([...data].filter(([, value]) => typeof value === "string"))
  }

  send(url, body, keepalive = false) {
    return fetch(url, {
      method: "POST",
      body,
      headers: { "X-CSRFToken": csrf(), Accept: "application/json" },
      credentials: "same-origin",
      keepalive,
    })
  }

  save() {
    return (this.saving = this.saveNow())
  }

  async saveNow() {
    this.isSending = true
    const sent = this.snapshot()
    try {
      const response = await this.send(this.urls.autosave, this.body())
      this.answered(await this.read(response), sent)
    } catch (error) {
      if (this.isLeaving) return
      this.failedAt = Date.now()
      const offline = error instanceof TypeError
      const why = offline
        ? gettext("The site cannot be reached; it is tried again by itself.")
        : error.message
      this.say(fill(gettext("Not saved: %(why)s"), { why }), true)
    } finally {
      this.isSending = false
    }
  }

  async read(response) {
    if (response.redirected || response.status === 403) {
      throw new Error(
        gettext(
          "You are no longer signed in, or may not edit this page. Sign in again in another tab and leave this one open; your text is saved then.",
        ),
      )
    }
    if (!response.ok) {
      const failed = gettext("The site answered with error %(status)s. Copy your text to be safe.")
      throw new Error(fill(failed, { status: response.status }))
    }
    return response.json()
  }

  answered(told, sent) {
    this.kept = sent
    this.dirtySince = 0
    this.failedAt = 0
    form.elements.csrfmiddlewaretoken.value = csrf()
    if (told.state === "saved") this.saved(told)
    else if (told.state === "kept") {
      const kept = gettext("Not saved as a draft yet: %(message)s What you typed is kept (%(at)s).")
      this.say(fill(kept, told), true)
    } else if (told.state === "stale") this.stale(told)
  }

  saved(told) {
    hidden("based_on", told.basis)
    this.commentOn(told.basis)
    hidden("unsaved").remove()
    this.urls = { autosave: told.autosave_url, presence: told.presence_url }
    if (location.pathname !== told.change_url || location.search) {
      const isNew = location.pathname !== told.change_url
      history.replaceState(null, "", told.change_url)
      if (isNew) this.ping()
    }
    const words = fill(gettext("Saved at %(at)s, revision %(revision)s."), told)
    this.say(`${words} `, false, told.url, gettext("Read and review"))
  }

  stale(told) {
    const words = fill(gettext("Not saved: %(why)s"), { why: told.message })
    this.say(`${words} `, true, told.url, gettext("Compare the two texts"))
  }

  say(text, isWrong, url, words) {
    if (this.said === text) return // read out once, not with each save
    this.said = text
    this.status.dataset.state = isWrong ? "wrong" : "well"
    this.status.replaceChildren(text)
    if (!url) return
    const link = document.createElement("a")
    link.href = url
    link.textContent = words
    this.status.append(link)
  }

  // Comments beside the form

  // Words that were selected stand in the newest revision, not in the one the form was opened with.
  commentOn(basis) {
    const [revision] = basis.split(":")
    for (const input of document.querySelectorAll("#comment-form [name=revision]")) {
      input.value = revision
    }
  }

  // A comment is about what is saved, and sending it leaves the form: what was typed goes first.
  async keepFirst(event) {
    if (!this.isDirty && !this.isSending) return
    event.preventDefault()
    if (this.isKeepingFirst) return
    this.isKeepingFirst = true
    await this.saving
    if (this.isDirty) await this.save()
    this.isKeepingFirst = false
    if (!this.failedAt) event.target.submit()
  }

  // Leaving

  leaveBySubmit() {
    this.isLeaving = true
    this.number.value = String(Number(this.number.value) + 1)
    setTimeout(() => (this.isLeaving = false), RETRY) // should the form not have gone after all
  }

  isSendableLate() {
    return new Blob([new URLSearchParams([...new FormData(form)]).toString()]).size < KEEPALIVE
  }

  warn(event) {
    if (this.isLeaving || !this.isDirty) return
    if (this.failedAt || !this.isSendableLate()) event.preventDefault()
  }

  leave() {
    if (!this.isLeaving && this.isDirty && this.isSendableLate()) {
      this.send(this.urls.autosave, this.body(), true).catch(() => {})
    }
    const gone = new URLSearchParams({ tab: this.tab.value, left: "1" })
    this.send(this.urls.presence, gone, true).catch(() => {})
  }

  async ping() {
    if (this.isLeaving) return
    try {
      const body = new URLSearchParams({ tab: this.tab.value })
      const told = await this.read(await this.send(this.urls.presence, body))
      this.show(told.notes)
    } catch {
      return // Not worth a word; the next one tells.
    }
  }

  show(notes) {
    const shown = [...this.notes.children].map((note) => note.textContent)
    if (JSON.stringify(shown) === JSON.stringify(notes)) return
    this.notes.replaceChildren(
      ...notes.map((note) => {
        const line = document.createElement("p")
        line.textContent = note
        return line
      }),
    )
  }
}

if (form) addEventListener("load", () => new Writing())
