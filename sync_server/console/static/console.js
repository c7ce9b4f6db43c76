// Keys and the copy button. Every page is complete without this file.
"use strict";
(() => {
  const one = (what) => document.querySelector(what);
  const all = (what) => [...document.querySelectorAll(what)];
  document.documentElement.classList.add("has-js");

  const move = (step) => {
    const rows = all("#list a.row");
    if (!rows.length || !rows[0].offsetParent) return;
    const at = rows.findIndex((row) => row === document.activeElement);
    const here = at >= 0 ? at : rows.findIndex((row) => row.hasAttribute("aria-current"));
    const to = rows[Math.min(rows.length - 1, Math.max(0, here + step))] || rows[0];
    to.focus();
    to.closest("tr").scrollIntoView({ block: "nearest" });
  };

  const choose = (state) => {
    const option = one(`#to-${state}`);
    if (!option) return;
    option.checked = true;
    const next = { 20: "#decide button[type=submit]", 15: "#comment", 29: "#decide [name=reason]" };
    one(next[state]).focus();
    one("#decide").scrollIntoView({ block: "nearest" });
  };

  const KEYS = {
    j: () => move(1),
    k: () => move(-1),
    a: () => choose("20"),
    r: () => choose("15"),
    x: () => choose("29"),
    "/": () => one("#q")?.focus(),
    "?": () => one("#keys").showModal(),
  };

  const isWriting = (where) => where.closest("textarea, select, input:not([type=radio])");

  document.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "Enter" && event.ctrlKey && event.target.closest("#decide")) {
      event.preventDefault();
      one("#decide").requestSubmit();
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
      getSelection().selectAllChildren(one("#coordinates"));
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
    if (event.target.closest("[data-keys]")) one("#keys").showModal();
    for (const menu of all("details.menu[open]")) {
      if (!menu.contains(event.target)) menu.open = false;
    }
  });

  // A narrow window shows one thing at a time: begin at its top.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.id !== "content") return;
    if (matchMedia("(max-width: 1119.9px)").matches) scrollTo(0, 0);
    const message = one(".flash, .decide [role=alert]");
    if (message) message.scrollIntoView({ block: "nearest" });
  });
})();
