/* Offers pages while one types in a search field: an editable combobox with a list, as the ARIA
   Authoring Practices have it. Without this script the field is a plain form. Enter with nothing
   chosen searches for what was typed; arrow keys choose; Escape closes, then empties. */
"use strict";

(() => {
  const WAIT = 120; // milliseconds without a key before the server is asked
  const words = document.currentScript.dataset; // what it says, in the page's language
  const KINDS = ["condition", "therapy", "article"].map(kind => [kind, words[kind]]);

  document.querySelectorAll("input[data-suggest]").forEach((field, number) => {
    const list = element("div", { id: `suggest-${number}`, role: "listbox", className: "suggest" });
    const said = element("p", { className: "unseen", role: "status" });
    list.setAttribute("aria-label", words.list);
    list.hidden = true;
    field.form.append(list, said);
    field.setAttribute("role", "combobox");
    field.setAttribute("aria-autocomplete", "list");
    field.setAttribute("aria-expanded", "false");
    field.setAttribute("aria-controls", list.id);
    let options = [];
    let chosen = -1;
    let timer = 0;
    let request = null;

    field.addEventListener("input", () => {
      clearTimeout(timer);
      if (request) request.abort();
      const typed = field.value.trim();
      if (typed) timer = setTimeout(ask, WAIT, typed);
      else close();
    });

    field.addEventListener("keydown", (event) => {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const isOpen = !list.hidden;
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        if (!options.length) return;
        event.preventDefault();
        open();
        choose(event.key === "ArrowDown" ? chosen + 1 : isOpen && chosen < 0 ? options.length - 1 : chosen - 1);
      } else if (event.key === "Enter" && isOpen && chosen >= 0) {
        event.preventDefault();
        location.assign(options[chosen].dataset.url);
      } else if (event.key === "Escape" && isOpen) {
        event.preventDefault();
        close();
      } else if (["Home", "End", "ArrowLeft", "ArrowRight"].includes(event.key)) {
        choose(-1);
      }
    });

    field.addEventListener("blur", close);
    list.addEventListener("pointerdown", (event) => event.preventDefault()); // focus stays put
    list.addEventListener("click", (event) => {
      const option = event.target.closest("[role=option]");
      if (option) location.assign(option.dataset.url);
    });

    async function ask(typed) {
      const mine = new AbortController();
      request = mine;
      try {
        const address = new URL(field.dataset.suggest, location.href);
        address.searchParams.set("q", typed);
        const answer = await fetch(address, { signal: mine.signal, credentials: "omit" });
        if (answer.ok) show(await answer.json());
      } catch (error) {
        if (error.name !== "AbortError") close(); // offline: the form still works
      }
    }

    function show(found) {
      options = [];
      list.replaceChildren();
      for (const [kind, label] of KINDS) {
        const rows = found.filter((row) => row.kind === kind);
        if (!rows.length) continue;
        const head = element("div", { id: `${list.id}-${kind}`, className: "suggest-kind", textContent: label });
        head.setAttribute("role", "presentation");
        const group = element("div", { role: "group" });
        group.setAttribute("aria-labelledby", head.id);
        group.append(head, ...rows.map(optionOf));
        list.append(group);
      }
      choose(-1);
      if (options.length && document.activeElement === field) open();
      else close();
      said.textContent = options.length
        ? words.some.replace("{count}", options.length)
        : words.none;
    }

    function optionOf(row) {
      const option = element("div", { role: "option", id: `${list.id}-${options.length}`, className: "suggest-option", textContent: row.title });
      option.setAttribute("aria-selected", "false");
      option.dataset.url = row.url;
      if (row.name) option.append(element("span", { className: "suggest-name", textContent: ` ${row.name}` }));
      options.push(option);
      return option;
    }

    function choose(place) {
      if (options[chosen]) options[chosen].setAttribute("aria-selected", "false");
      chosen = place < 0 || place >= options.length ? -1 : place;
      if (chosen < 0) {
        field.removeAttribute("aria-activedescendant");
        return;
      }
      options[chosen].setAttribute("aria-selected", "true");
      options[chosen].scrollIntoView({ block: "nearest" });
      field.setAttribute("aria-activedescendant", options[chosen].id);
    }

    function open() {
      list.hidden = false;
      field.setAttribute("aria-expanded", "true");
    }

    function close() {
      choose(-1);
      list.hidden = true;
      field.setAttribute("aria-expanded", "false");
    }
  });

  function element(name, properties) {
    return Object.assign(document.createElement(name), properties);
  }
})();
