/** The card of a request: its reference, and the moment by which a person replies. */

import { element } from "./element.js";
import { due, strings, zone } from "./strings.js";

const COPIED_MS = 3_000;

/** A card for a message's ticket, its promise, or both. */
export function card({ ticket, promise }) {
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
