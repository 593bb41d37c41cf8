/* The card beside a sentence that the checker stops at: why, what settles it, what can be done. */

import { crel } from "django-prose-editor/editor"

import { fill, gettext } from "./words.js"
const SEVERITY = { block: gettext("Stops publication"), advise: gettext("Advice") }
const AFTER = gettext(
  "A moderator reads this with the claim. What stops publication goes on stopping it until a moderator has decided.",
)

let cards = 0

export const severityOf = (stop) => (stop.decided ? gettext("Decided") : SEVERITY[stop.severity])

function button(words, onClick, name = "button") {
  const dom = crel("button", { type: "button", className: name, textContent: words })
  dom.addEventListener("click", onClick)
  return dom
}

function link(url, words) {
  const hint = crel("span", { className: "visually-hidden", textContent: ` ${gettext("(opens in a new tab)")}` })
  return crel("a", { href: url, target: "_blank", rel: "noopener" }, [words, hint])
}

/* To the assessment that the sentence goes beyond, if it does, and to why the rule is there. */
function linksOf({ url, assessment }) {
  const why = link(url, gettext("Why this matters"))
  return assessment ? [link(assessment.url, assessment.title), " · ", why] : [why]
}

export class Card {
  /* `acts` are what its buttons do: reword(finding), dismiss(reason), next(), close(). */
  constructor({ stop, words, place, acts }) {
    Object.assign(this, { stop, acts, words })
    this.id = `finding-card-${++cards}`
    this.dom = crel(
      "div",
      {
        className: `finding-card finding-card--${stop.severity}`,
        role: "dialog",
        "aria-labelledby": `${this.id}-title`,
        tabIndex: -1,
      },
      [
        crel("p", { id: `${this.id}-title`, className: "finding-card__title" }, [
          `${severityOf(stop)}, ${place}`,
        ]),
        crel("blockquote", { textContent: words }),
        ...stop.findings.map((finding) => this.finding(finding)),
        ...this.answers(),
        crel("div", { className: "finding-card__buttons" }, [
          button(gettext("Next (F8)"), () => acts.next()),
          button(gettext("Close (Escape)"), () => acts.close()),
        ]),
      ],
    )
  }

  finding(finding) {
    const parts = [
      crel("p", {}, [
        crel("strong", { textContent: `${SEVERITY[finding.severity]}: ` }),
        finding.reason,
      ]),
      crel("p", {}, [`${finding.remedy} `, ...linksOf(finding)]),
    ]
    if (finding.rewording) {
      parts.push(
        crel("p", { className: "finding-card__wording", textContent: finding.rewording }),
        button(gettext("Use this wording"), () => this.acts.reword(finding)),
      )
    }
    return crel("div", { className: "finding-card__finding" }, parts)
  }

  answers() {
    const { decided, dismissal } = this.stop
    const said = (textContent) => [crel("p", { textContent })]
    if (decided) return said(fill(gettext("A moderator has decided: %(decided)s."), { decided }))
    if (dismissal) return said(fill(gettext("%(by)s to the moderator: %(reason)s"), dismissal))
    return [this.dismissing()]
  }

  /* The box has no name, so it is no part of the page's form. */
  dismissing() {
    const box = crel("textarea", { id: `${this.id}-reason`, rows: 2 })
    box.setAttribute("aria-describedby", `${this.id}-after`)
    this.said = crel("p", { className: "finding-card__said", role: "status" })
    return crel("details", {}, [
      crel("summary", { textContent: gettext("It does not apply here") }),
      crel("label", { htmlFor: box.id, textContent: gettext("Why not?") }),
      box,
      crel("p", { id: `${this.id}-after`, className: "help", textContent: AFTER }),
      button(gettext("Tell the moderator"), () => this.acts.dismiss(box.value)),
      this.said,
    ])
  }

  say(text) {
    if (this.said) this.said.textContent = text
  }
}
