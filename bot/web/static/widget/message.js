/** One message as a list item: who wrote it, its words, its sources, its card and its buttons. */

import { element, icon, rich } from "./element.js";
import { due, strings, written, zone } from "./strings.js";

const COPIED_MS = 3_000;
const PERSON = "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4 21c0-4 3.5-6 8-6s8 2 8 6";

/** The item for a message; `press` gets a button's `{id, title}`. */
export function item(message, press) {
  const { sender, lang, sources = [], buttons = [] } = message;
  const node = element("li", { class: `message ${sender}` }, author(message));
  node.append(element("p", { class: "text", lang, dir: "auto" }, ...rich(message.text)));
  if (message.ticket || message.promise) node.append(card(message));
  for (const source of sources) {
    node.append(element("p", { class: "source" }, strings.source(source)));
  }
  if (buttons.length) node.append(choices(buttons, press));
  return node;
}

/** The item for a message of the visitor's own that the server has not confirmed yet. */
export function pendingItem({ text }) {
  const created_at = new Date().toISOString();
  const node = item({ sender: "visitor", text, created_at }, null);
  node.classList.add("pending");
  node.append(element("p", { class: "delivery" }, strings.sending));
  return node;
}

/** Buttons of older messages are taken away: a late press would answer another question. */
export function withoutChoices(node) {
  node.querySelector(".choices")?.remove();
}

function author({ sender, agent, created_at }) {
  if (sender === "system") return null;
  const name = {
    visitor: () => strings.you,
    bot: () => strings.assistant,
    agent: () => (agent?.name ? strings.named(agent.name) : strings.person),
  }[sender]();
  return element(
    "p",
    { class: "author" },
    sender === "agent" ? icon(PERSON) : null,
    name,
    created_at ? element("time", { datetime: created_at }, written(created_at)) : null,
  );
}

function choices(buttons, press) {
  const list = element("div", { class: "choices", role: "group", "aria-label": strings.choices });
  for (const button of buttons) {
    const onclick = (event) => press(button, event);
    list.append(element("button", { type: "button", class: "choice", onclick }, button.title));
  }
  return list;
}

/** A card for a message's ticket, its promise, or both. */
function card({ ticket, promise }) {
  const node = element("div", { class: "card" });
  if (ticket) node.append(reference(ticket.reference));
  if (promise) node.append(reply(promise));
  return node;
}

function reference(text) {
  const code = element("strong", { class: "reference", translate: "no" }, text);
  const said = element("span", { class: "spoken", role: "status" });
  const button = element("button", { type: "button", class: "plain" }, strings.copy);
  button.setAttribute("aria-label", `${strings.copy} ${text}`);
  button.addEventListener("click", async () => {
    if (!(await copied(text))) return select(code);
    button.textContent = said.textContent = strings.copied;
    setTimeout(() => {
      button.textContent = strings.copy;
      said.textContent = "";
    }, COPIED_MS);
  });
  return element(
    "div",
    { class: "row" },
    element("p", {}, element("span", { class: "caption" }, strings.reference), code),
    button,
    said,
  );
}

function reply({ due_at }) {
  return element(
    "p",
    { class: "due" },
    element("span", { class: "caption" }, strings.replyBy),
    element("time", { datetime: due_at }, due(due_at)),
    element("span", { class: "zone" }, strings.yourTime(zone.replaceAll("_", " "))),
  );
}

async function copied(text) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    return false;
  }
}

// Where the clipboard is closed to us, the visitor copies what is marked.
function select(node) {
  const range = document.createRange();
  range.selectNodeContents(node);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}
