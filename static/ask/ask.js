/* A reader who selects words on a page is offered to question their sentence. Without this script
   the link under “Can you trust this page?” leads to the same form, with a list of sentences. */
"use strict";

(() => {
  const link = document.querySelector("[data-ask]");
  const main = document.getElementById("main");
  if (!link || !main) return;
  const LONGEST = 300;

  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    const words = selection.toString().replace(/\s+/g, " ").trim();
    const isHere = selection.rangeCount && main.contains(selection.getRangeAt(0).commonAncestorContainer);
    const isOffered = Boolean(isHere && words.length > 8);
    if (isOffered) {
      const address = new URL(link.dataset.ask, location.href);
      address.searchParams.set("quote", words.slice(0, LONGEST));
      link.href = address.href;
    }
    link.hidden = !isOffered;
  });
})();
