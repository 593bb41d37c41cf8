/* Where a place of the checker's text stands in what is being written.

   The checker reads the text as it would be kept: blanks are run together, those before a citation
   go, empty paragraphs go. So offsets differ, but the letters are the same ones in the same order.
   The n-th letter there is the n-th letter here. */

const BLANK = /[\s\u0000-\u001f\u007f-\u009f]/u

/* Letters of a plain text as [letter, place, width]; places count as strings in scripts do. */
export function spotsInText(text, offset = 0) {
  const spots = []
  for (const letter of text) {
    if (!BLANK.test(letter)) spots.push([letter, offset, letter.length])
    offset += letter.length
  }
  return spots
}

/* Letters of the editor's document, their places being ProseMirror's positions. */
export function spotsInDocument(doc) {
  const spots = []
  doc.descendants((node, position) => {
    if (node.isText) spots.push(...spotsInText(node.text, position))
  })
  return spots
}

/* A function from `start` and `end` in the checker's text (counted in code points) to
   { from, to } among these spots; null where the letters are not those that were checked.
   `text` is the whole text as an array of code points, `begin` and `stop` bound the field. */
export function placesOf(text, [begin, stop], spots) {
  const before = [0] // letters of the field before each of its offsets
  for (let at = begin; at < stop; at++) {
    const known = before[at - begin]
    before.push(BLANK.test(text[at]) ? known : known + 1)
  }
  return (start, end) => {
    const first = before[start - begin]
    const last = before[end - begin] - 1
    if (first === undefined || !(first <= last) || last >= spots.length) return null
    let letter = first
    for (let at = start; at < end; at++) {
      if (BLANK.test(text[at])) continue
      if (spots[letter++][0] !== text[at]) return null
    }
    const [, place, width] = spots[last]
    return { from: spots[first][1], to: place + width }
  }
}

/* The least change that makes `wording` of these letters: { keep, cut, words } says after how many
   of them how many go, and what comes there. */
export function leastChange(letters, wording) {
  const wanted = Array.from(wording)
  const shorter = Math.min(letters.length, wanted.length)
  let keep = 0
  while (keep < shorter && letters[keep] === wanted[keep]) keep++
  let tail = 0
  while (tail < shorter - keep && letters.at(-1 - tail) === wanted.at(-1 - tail)) tail++
  return {
    keep,
    cut: letters.length - keep - tail,
    words: wanted.slice(keep, wanted.length - tail).join(""),
  }
}
