/* A source that the site does not have yet, added from the citation dialog: looked up by its
   identifier, or filled in by hand where nobody can be asked. */

import { crel } from "django-prose-editor/editor"

import { fill, gettext } from "./words.js"
const FIELDS = [
  ["title", gettext("Title"), "text", true],
  ["authors", gettext("Authors, such as “Burt RK, et al.”"), "text"],
  ["journal", gettext("Journal or body"), "text"],
  ["year", gettext("Year"), "number"],
  ["doi", "DOI", "text"],
  ["pmid", "PMID", "text"],
  ["nct", gettext("Trial registration (NCT)"), "text"],
  ["url", gettext("Address"), "url"],
]
const NOTICES = {
  retraction: gettext("It was retracted."),
  concern: gettext("There is an expression of concern about it."),
  correction: gettext("It was corrected."),
  reinstatement: gettext("It was reinstated."),
}

async function post(url, fields) {
  const token = document.querySelector("[name=csrfmiddlewaretoken]").value
  const response = await fetch(url, {
    method: "POST",
    body: new URLSearchParams(fields),
    headers: { Accept: "application/json", "X-CSRFToken": token },
    credentials: "same-origin",
  })
  if (response.redirected || response.status === 403) {
    throw new Error(gettext("You may not add sources, or are no longer signed in."))
  }
  const answer = await response.json().catch(() => ({}))
  if (!response.ok) {
    const failed = gettext("It did not work (error %(status)s).")
    const error = new Error(answer.error || fill(failed, { status: response.status }))
    error.byHand = Boolean(answer.by_hand)
    throw error
  }
  return answer
}

function sentence(error) {
  if (error instanceof TypeError) return gettext("The site cannot be reached. Check your connection.")
  return error.message
}

const button = (text, act) => {
  const made = crel("button", { type: "button", textContent: text })
  made.addEventListener("click", act)
  return made
}

export class Adding {
  constructor({ findUrl, id, say, onKept }) {
    Object.assign(this, { id, say, onKept })
    this.lookUpUrl = findUrl.replace(/find\/$/, "look-up/")
    this.keepUrl = findUrl.replace(/find\/$/, "keep/")
    this.dom = crel("div", { className: "citation-dialog__adding" })
  }

  clear() {
    this.dom.replaceChildren()
  }

  /* What can be done about what was asked: `answer` is the server's to the search. */
  offer(answer, words) {
    this.clear()
    if (!answer.can_add) return
    if (answer.identifier && answer.can_look_up && !answer.results.length) {
      const look = fill(gettext("Look up %(identifier)s"), answer)
      this.dom.append(button(look, () => this.lookUp(words)))
    }
    const byHand = () => this.byHand(words, answer.identifier)
    this.dom.append(button(gettext("Add a source by hand"), byHand))
  }

  async run(doing, act) {
    this.say(doing)
    for (const made of this.dom.querySelectorAll("button")) made.disabled = true
    try {
      await act()
    } catch (error) {
      this.say(sentence(error))
      for (const made of this.dom.querySelectorAll("button")) made.disabled = false
      return error
    }
    return null
  }

  async lookUp(words) {
    const error = await this.run(gettext("Looking it up…"), async () => {
      const found = await post(this.lookUpUrl, { identifier: words })
      if (found.here) this.onKept(found.here)
      else this.preview(found, words)
    })
    if (error?.byHand) this.byHand(words, words)
  }

  preview(found, words) {
    this.say(fill(gettext("%(service)s knows it."), found))
    const about = [found.authors, found.journal, found.year, found.citation]
    const add = button(gettext("Add it and cite it"), () => this.keep({ identifier: words }))
    const warnings = found.notices.map((kind) => NOTICES[kind]).filter(Boolean)
    this.dom.replaceChildren(
      crel("p", {}, [
        crel("strong", { textContent: found.title }),
        crel("span", { className: "citation-title", textContent: about.filter(Boolean).join(" · ") }),
      ]),
      ...warnings.map((text) => crel("p", { className: "citation-warning", textContent: text })),
      add,
    )
    add.focus()
  }

  byHand(words, identifier) {
    const form = crel("form", { className: "citation-dialog__form", noValidate: true })
    for (const [name, label, type, required] of FIELDS) {
      const id = `${this.id}-field-${name}`
      const input = crel("input", { id, name, type, autocomplete: "off" })
      if (required) input.required = true
      form.append(crel("label", { htmlFor: id, textContent: label }), input)
    }
    if (identifier) this.prefill(form, words)
    else form.elements.title.value = words
    const add = crel("button", { type: "submit", textContent: gettext("Add it and cite it") })
    form.append(add)
    form.addEventListener("submit", (event) => {
      event.preventDefault()
      event.stopPropagation()
      this.keep(Object.fromEntries(new FormData(form)))
    })
    this.dom.replaceChildren(form)
    form.elements.title.focus()
  }

  prefill(form, words) {
    const text = words.trim()
    if (/10\.\d{4,9}\//.test(text)) form.elements.doi.value = text
    else if (/nct/i.test(text)) form.elements.nct.value = text
    else if (/^\d|pmid|pubmed/i.test(text)) form.elements.pmid.value = text
    else form.elements.url.value = text
  }

  keep(fields) {
    return this.run(gettext("Adding it…"), async () => {
      const { source, remarks } = await post(this.keepUrl, fields)
      this.onKept(source, remarks)
    })
  }
}
