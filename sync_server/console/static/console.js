// Keys, the copy button, and who else looks. Every page is complete without this file.
"use strict";
(() => {
  const one = (what) => document.querySelector(what);
  const all = (what) => [...document.querySelectorAll(what)];
  document.documentElement.classList.add("has-js");

  const move = (step) => {
    const rows = all("#list a.row, .pair a.row");
    if (!rows.length || !rows[0].offsetParent) return;
    const at = rows.findIndex((row) => row === document.activeElement);
    const here = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const to = rows[Math.min(rows.length - 1, Math.max(0, here + step))] || rows[0];
    to.focus();
    to.closest(".pair, tr").scrollIntoView({ block: "nearest" });
  };

  // The key stands in the label of its option: which step it is depends on the case.
  const choose = (key) => {
    const here = document.activeElement.closest(".pair")?.querySelector("form");
    const form = here || one("#decide") || one(".pair form");
    if (!form) return;
    const within = (what) => [...form.querySelectorAll(what)];
    const way = within("a[data-key]").find((each) => each.dataset.key === key);
    if (way) way.click();
    const label = within(".options label").find((each) => each.querySelector("kbd")?.textContent === key);
    if (!label) return;
    const option = document.getElementById(label.htmlFor);
    option.checked = true;
    const fields = within(".answers :is(select, textarea, input, button[type=submit])");
    const wanted = option.value === "20" ? "button[type=submit]" : "*";
    fields.find((each) => each.matches(wanted) && each.offsetParent)?.focus();
    form.scrollIntoView({ block: "nearest" });
  };

  // The undo bar goes when it can no longer keep its promise.
  const count = () => {
    const bar = one("#undo");
    if (bar?.dataset.seconds && !bar.dataset.counted) {
      bar.dataset.counted = "yes";
      setTimeout(() => bar.remove(), Number(bar.dataset.seconds) * 1000);
    }
  };

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    a: () => choose("a"),
    r: () => choose("r"),
    x: () => choose("x"),
    f: () => choose("f"),
    u: () => one("#undo")?.requestSubmit(),
    "/": () => one("#q")?.focus(),
    "?": () => one("#keys").showModal(),
  };

  const isWriting = (where) => where.closest("textarea, select, input:not([type=radio])");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const form = event.target.closest("#decide, .pair form");
    if (event.key === "Enter" && event.ctrlKey && form) {
      event.preventDefault();
      form.requestSubmit();
      return;
    }
    if (event.key === "Escape") {
      for (const menu of all("details.menu[open]")) menu.open = false;
      if (isWriting(event.target)) event.target.blur();
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || isWriting(event.target)) return;
    if (one("dialog[open]") || !Object.hasOwn(KEYS, event.key)) return;
    event.preventDefault();
    KEYS[event.key]();
  });

  const copied = async (button) => {
    try {
      await navigator.clipboard.writeText(button.dataset.copy);
    } catch {
      getSelection().selectAllChildren(one(button.dataset.of || "#coordinates"));
      if (!document.execCommand("copy")) return;
    }
    const before = [...button.childNodes];
    button.classList.add("done");
    button.replaceChildren(button.dataset.copied);
    setTimeout(() => {
      button.classList.remove("done");
      button.replaceChildren(...before);
    }, 2000);
  };

  document.addEventListener("click", (event) => {
    const copy = event.target.closest("[data-copy]");
    if (copy) copied(copy);
    const phrase = event.target.closest("[data-phrase]");
    if (phrase) {
      one("#comment").value = phrase.dataset.phrase;
      one("#comment").focus();
    }
    if (event.target.closest("[data-keys]")) one("#keys").showModal();
    for (const menu of all("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // Says that this record is still open, and shows who else has it open.
  const look = async () => {
    const line = one("#viewers");
    if (!line || document.hidden) return;
    try {
      const answer = await fetch(line.dataset.url);
      if (answer.ok) line.textContent = await answer.text();
    } catch {
      line.textContent = ""; // no network: nothing is known of the others
    }
  };
  setInterval(look, 20_000);
  document.addEventListener("visibilitychange", look);

  // A narrow window shows one thing at a time: begin at its top.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "content") return;
    count();
    if (matchMedia("(max-width: 1119.9px)").matches) scrollTo(0, 0);
    const message = one(".flash, .decide [role=alert]");
    if (message) message.scrollIntoView({ block: "nearest" });
  });
  count();
})();
