/* Keys of the moderators' queue. Everything they do, a button on the page does too.
   They do nothing while somebody writes in a field, or when a person has turned them off. */
(() => {
  const root = document.querySelector("[data-queue], [data-claim]");
  if (!root) return;
  const rows = [...root.querySelectorAll(".queue-item")];
  const store = window.sessionStorage;
  const PLACE = "queue-place";
  let current = -1;

  const isField = (element) =>
    element.matches("textarea, select, [contenteditable=true], input:not([type=radio], [type=checkbox], [type=submit], [type=button])");

  function choose(index) {
    if (!rows.length) return;
    current = Math.max(0, Math.min(index, rows.length - 1));
    rows.forEach((row, at) => row.classList.toggle("is-current", at === current));
    const link = rows[current].querySelector(".queue-open");
    link.focus();
    rows[current].scrollIntoView({ block: "nearest" });
    store.setItem(PLACE, String(current));
  }

  function open(hash) {
    if (current < 0) choose(0);
    const row = rows[current];
    if (row) location.assign(row.querySelector(".queue-open").href + (hash || ""));
  }

  function unfold(id) {
    const details = document.getElementById(id);
    if (!details) return;
    details.open = true;
    details.querySelector("textarea, input:not([type=hidden])").focus();
  }

  function undo() {
    const form = root.querySelector(".desk-undo, [data-undo]");
    if (!form) return;
    if (form.matches("details")) form.open = true;
    form.querySelector("input[name=u-text]").focus();
  }

  function answer(key) {
    const radio = root.querySelector(`input[type=radio][data-key="${key}"]`);
    if (!radio) return;
    radio.checked = true;
    document.querySelector("#decide textarea[name=d-reason]").focus();
  }

  function help() {
    const keys = document.getElementById("queue-keys");
    keys.open = !keys.open;
    if (keys.open) keys.querySelector("summary").focus();
  }

  const onQueue = {
    j: () => choose(current + 1),
    k: () => choose(current - 1),
    Enter: () => open(),
    c: () => {
      if (current < 0) choose(0);
      rows[current]?.querySelector(".queue-take button")?.click();
    },
    e: () => open("#escalate"),
    n: () => open("#note"),
  };
  const onClaim = {
    j: () => location.assign(root.dataset.queueUrl),
    k: () => location.assign(root.dataset.queueUrl),
    c: () => root.querySelector("[data-key=c]")?.click(),
    e: () => unfold("escalate"),
    n: () => unfold("note"),
  };
  for (const key of "sraxwo") {
    onQueue[key] = () => open(`#answer-${key}`);
    onClaim[key] = () => answer(key);
  }
  const keys = { ...(root.matches("[data-queue]") ? onQueue : onClaim), u: undo, "?": help };

  document.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && isField(event.target)) {
      event.preventDefault();
      const form = event.target.form;
      form?.requestSubmit(form.querySelector("button[type=submit]"));
      return;
    }
    if (root.dataset.keys !== "on" || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.defaultPrevented || isField(event.target)) return;
    const isPressable = event.target.matches("a, button, summary, input");
    if (event.key === "Enter" && isPressable) return;
    const act = Object.hasOwn(keys, event.key) ? keys[event.key] : null;
    if (!act) return;
    event.preventDefault();
    act();
  });

  if (root.matches("[data-claim]")) {
    const wanted = location.hash.slice(1);
    if (wanted.startsWith("answer-")) answer(wanted.slice(7));
    else if (wanted === "escalate" || wanted === "note") unfold(wanted);
  } else if (store.getItem(PLACE) !== null && root.dataset.keys === "on" && rows.length) {
    choose(Number(store.getItem(PLACE)) || 0);
  }
})();
