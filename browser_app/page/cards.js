// The few pages in plain HTML around the app: first visit, another window, a browser that cannot.

const LANGUAGE = "page-language";
const words = await (await fetch("words.json")).json();
const card = document.getElementById("card");
let shown = () => {};

export function say(key, values = {}) {
  const text = words[localStorage.getItem(LANGUAGE) ?? "zh"][key];
  return text.replace(/\{(\w+)\}/g, (_, name) => values[name]);
}

// `make` returns the elements of a page; called again when the language changes.
export function show(make) {
  shown = () => {
    const other = element("button", say("language"), { className: "plain", onclick: changeLanguage });
    const head = element("header", "", {}, element("img", "", { src: "icons/icon-192.png", alt: "" }), element("b", "巡查"), other);
    card.replaceChildren(element("div", "", {}, head, ...make().filter(Boolean)));
    document.documentElement.lang = localStorage.getItem(LANGUAGE) ?? "zh-CN";
  };
  card.hidden = false;
  shown();
}

export function hide() {
  card.hidden = true;
  shown = () => {};
}

function changeLanguage() {
  localStorage.setItem(LANGUAGE, (localStorage.getItem(LANGUAGE) ?? "zh") === "zh" ? "en" : "zh");
  shown();
}

export function element(tag, text = "", properties = {}, ...children) {
  const made = Object.assign(document.createElement(tag), properties);
  if (text) made.textContent = text;
  made.append(...children);
  return made;
}

// A title, a text, and a button at the bottom where there is something to do.
export function notice(key, { button = "", onclick = null, detail = "" } = {}) {
  show(() => [
    element("h1", say(`${key}.title`)),
    element("p", say(`${key}.text`)),
    detail && element("p", "", { className: "muted" }, element("code", detail)),
    button && element("div", "", { className: "foot" }, element("button", say(button), { id: button.replace(".", "-"), onclick })),
  ]);
}
