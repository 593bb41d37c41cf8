/* Words that people read, in their language: from Django's catalogue, which the page loads before
   this (jsi18n); where it has not, as they stand here. */

const { django } = window

export const gettext = (text) => (django ? django.gettext(text) : text)

export function ngettext(one, many, count) {
  if (django) return django.ngettext(one, many, count)
  return count === 1 ? one : many
}

/* “%(name)s” in a sentence gives way to what stands under `name`. */
export const fill = (sentence, values) => sentence.replace(/%\((\w+)\)s/g, (_, name) => values[name])
