/* Words that people read, in their language: from Django's catalogue, which the page loads before
   this (jsi18n); where it has not, as they stand here. */

export const gettext = (text) => window.gettext?.(text) ?? text

export const ngettext = (one, many, count) =>
  window.ngettext?.(one, many, count) ?? (count === 1 ? one : many)

/* “%(name)s” in a sentence gives way to what stands under `name`. */
export const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name])
