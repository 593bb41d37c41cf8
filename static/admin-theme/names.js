/* What the stock admin leaves without a name or out of the keyboard's reach:
   the boxes for finding related pages (Select2) and their search fields get the field's name,
   the empty headings of a table of records get one, and a table that scrolls can be focused. */

"use strict"

function fieldOf(search) {
  // Many values: the search stands in the field. One value: it opens in a panel of its own.
  const box = search.closest(".select2-container")
  const field = box?.previousElementSibling
  if (field?.matches("select")) return field
  return document.querySelector("select:has(+ .select2-container--open)")
}

function giveName(search) {
  const label = fieldOf(search)?.labels[0]
  if (label) search.setAttribute("aria-label", label.textContent.replace(/[:\s]+$/, ""))
}

function nameBox(box) {
  const label = box.closest(".select2-container").previousElementSibling?.labels?.[0]
  if (!label) return
  const shown = box.querySelector("[role=textbox].select2-selection__rendered")
  for (const part of shown ? [box, shown] : [box]) {
    part.setAttribute("aria-label", label.textContent.replace(/[:\s]+$/, ""))
  }
}

function nameHeading(heading) {
  const words = document.createElement("span")
  words.className = "visually-hidden"
  words.textContent = heading.matches(".original") ? "Record" : "Remove"
  heading.append(words)
}

function reachTable(group) {
  if (group.scrollWidth > group.clientWidth) group.tabIndex = 0
  else group.removeAttribute("tabindex")
}

function reachTables() {
  document.querySelectorAll(".inline-group, #changelist .results").forEach(reachTable)
}

function nameAll() {
  document.querySelectorAll(".select2-search__field:not([aria-label])").forEach(giveName)
  document.querySelectorAll(".select2-selection:not([aria-label])").forEach(nameBox)
  document.querySelectorAll(".inline-group thead th:empty").forEach(nameHeading)
  reachTables()
}

// jQuery calls in order: Select2 has made its boxes by then. Widths are known after loading.
window.django?.jQuery?.(nameAll)
addEventListener("load", nameAll)
addEventListener("resize", reachTables) // a phone that is turned
document.addEventListener("formset:added", nameAll)
document.addEventListener("focusin", (event) => {
  if (event.target.matches(".select2-search__field:not([aria-label])")) giveName(event.target)
})
