/* What the server knows of sources: finding them, and their names by key. */

import { fill, gettext } from "./words.js"

const KEYS_A_REQUEST = 100

/* Asking the server */

export async function ask(findUrl, parameters, signal) {
  const response = await fetch(`${findUrl}?${new URLSearchParams(parameters)}`, {
    headers: { Accept: "application/json" },
    credentials: "same-origin",
    signal,
  })
  if (response.redirected || response.status === 403) {
    throw new Error(
      gettext("You are no longer signed in. Sign in again in another tab, then search once more here."),
    )
  }
  if (!response.ok) {
    const failed = gettext("The search did not work (error %(status)s). Try again in a moment.")
    throw new Error(fill(failed, { status: response.status }))
  }
  return response.json()
}

/* Names of cited sources: one request for all that are wanted at the same moment. */

export class Sources {
  constructor(findUrl) {
    this.findUrl = findUrl
    this.known = new Map() // key: source, or null when there is none
    this.waiting = new Map() // key: functions that want it
  }

  remember(source) {
    this.known.set(source.key, source)
  }

  label(key) {
    return this.known.get(key)?.label || key
  }

  want(key, tell) {
    if (this.known.has(key)) return tell(this.known.get(key))
    if (!this.waiting.size) queueMicrotask(() => this.fetch())
    if (!this.waiting.has(key)) this.waiting.set(key, [])
    this.waiting.get(key).push(tell)
  }

  async fetch() {
    const waiting = this.waiting
    this.waiting = new Map()
    const keys = [...waiting.keys()]
    for (let i = 0; i < keys.length; i += KEYS_A_REQUEST) {
      const some = keys.slice(i, i + KEYS_A_REQUEST)
      try {
        const { results } = await ask(this.findUrl, { keys: some.join(",") })
        for (const key of some) this.known.set(key, null)
        for (const source of results) this.remember(source)
      } catch {
        continue // The chips keep showing the keys, which are true without any answer.
      }
      for (const key of some) for (const tell of waiting.get(key)) tell(this.known.get(key))
    }
  }
}

export function warning(source) {
  if (source.retracted) return gettext("retracted")
  return source.standing === "expression of concern" ? source.standing : ""
}

export const title = (source) => 
  source.described ? fill(gettext("No title on record: %(title)s"), source) : source.title
