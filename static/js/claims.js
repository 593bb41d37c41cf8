/* A claim's sign opens a small card where the sentence stands: what it rests on and how sure anyone
   can be; a term of the glossary opens its definition. Without this script both are links to the
   pages that say the same. What is shown comes from the server and is read as a document, never as
   a string. */
"use strict";

(() => {
  const words = document.currentScript.dataset; // what it says, in the page's language
  if (!HTMLElement.prototype.showPopover) return;
  const GAP = 8;
  let card = null;
  let opener = null;

  function make() {
    card = document.createElement("div");
    card.id = "claim-card";
    card.className = "claim-card";
    card.popover = "auto";
    card.tabIndex = -1;
    card.setAttribute("role", "dialog");
    card.setAttribute("aria-modal", "false");
    document.body.append(card);
    card.addEventListener("toggle", (event) => {
      if (event.newState !== "closed" || !opener) return;
      opener.removeAttribute("aria-expanded");
      const isLost = document.activeElement === document.body || card.contains(document.activeElement);
      if (isLost) opener.focus();
    });
  }

  function closeButton() {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "claim-card-close";
    button.setAttribute("aria-label", words.close);
    button.textContent = "×";
    button.addEventListener("click", () => card.hidePopover());
    return button;
  }

  // On a wide screen beside the sentence; on a phone the styles put it at the bottom.
  function place(link) {
    const at = link.getBoundingClientRect();
    const size = card.getBoundingClientRect();
    const left = Math.max(GAP, Math.min(at.left - size.width / 2, innerWidth - size.width - GAP));
    const below = at.bottom + GAP;
    const fits = below + size.height < innerHeight;
    const top = fits ? below : Math.max(GAP, at.top - size.height - GAP);
    card.style.setProperty("--left", `${left}px`);
    card.style.setProperty("--top", `${top}px`);
  }

  function show(link, inside) {
    if (!card) make();
    opener = link;
    card.setAttribute("aria-label", link.getAttribute("aria-label") || link.textContent);
    card.replaceChildren(closeButton(), document.adoptNode(inside));
    card.showPopover();
    link.setAttribute("aria-expanded", "true");
    place(link);
    card.focus({ preventScroll: true });
  }

  // What a link's card holds: of a claim its short form, of a term its entry in the glossary.
  function inside(link, page) {
    if (link.matches(".claim-link")) return page.querySelector("[data-claim-card]");
    return page.getElementById(new URL(link.href).hash.slice(1));
  }

  function open(link) {
    const asked = new XMLHttpRequest();
    const address = new URL(link.href);
    if (link.matches(".claim-link")) address.searchParams.set("part", "card");
    asked.open("GET", address);
    asked.responseType = "document";
    asked.addEventListener("load", () => {
      const found = asked.status === 200 && asked.response && inside(link, asked.response);
      if (found) show(link, found);
      else location.assign(link.href);
    });
    asked.addEventListener("error", () => location.assign(link.href));
    asked.send();
  }

  document.addEventListener("click", (event) => {
    const link = event.target.closest?.("a.claim-link, a.term");
    if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(link);
  });
  addEventListener("resize", () => card?.matches(":popover-open") && card.hidePopover());

  // Copying what stands beside the button; the text can be selected without it too.
  for (const button of document.querySelectorAll("button[data-copy]")) {
    if (!navigator.clipboard) continue;
    button.hidden = false;
    button.addEventListener("click", async () => {
      const text = document.getElementById(button.dataset.copy).textContent.trim().replace(/\s+/g, " ");
      await navigator.clipboard.writeText(text);
      button.textContent = button.dataset.done;
    });
  }
})();
