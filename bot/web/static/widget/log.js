/** The messages in the order of their sequence, with those on their way out at the end. */

import { element } from "./element.js";
import { item, pendingItem, withoutChoices } from "./message.js";
import { strings } from "./strings.js";

const NEAR_END_PX = 80;

export class Log {
  #list = element("ol", {});
  #typing = element("p", { class: "typing", hidden: true, "aria-hidden": "true" });
  #stored = new Map();
  #pending = new Map();
  #press;

  /** `press(button, event)` is called for a button of the newest answer. */
  constructor(press) {
    this.#press = press;
    this.element = element(
      "div",
      { class: "log", role: "log", "aria-label": strings.log, tabindex: "0" },
      this.#list,
      this.#typing,
    );
  }

  /** Shows what is not shown yet and answers it. */
  add(messages) {
    const fresh = messages.filter(({ sequence }) => !this.#stored.has(sequence));
    const follow = this.#atEnd();
    for (const message of fresh) this.#place(this.#own(message) ?? item(message, this.#press), message);
    for (const message of messages) spoken(this.#stored.get(message.sequence).node, message);
    if (fresh.length) this.#keepNewestChoices();
    if (follow) this.#toEnd();
    return fresh;
  }

  /** Shows a message of the visitor's own before the server has it. */
  pend(own) {
    const node = pendingItem(own);
    this.#pending.set(own.client_id, { node, own });
    this.#list.append(node);
    this.#toEnd();
  }

  /** The server has it, at this place in the order. */
  confirm(own, sequence) {
    const node = this.#pending.get(own.client_id)?.node;
    if (!node) return;
    this.#pending.delete(own.client_id);
    if (this.#stored.has(sequence)) node.remove();
    else this.#place(settled(node), { sequence, sender: "visitor" });
  }

  /** It has not gone out yet and is tried again. */
  delay(own) {
    const note = this.#pending.get(own.client_id)?.node.querySelector(".delivery");
    if (note) note.textContent = strings.delayed;
  }

  /** It was refused. */
  drop(own) {
    this.#pending.get(own.client_id)?.node.remove();
    this.#pending.delete(own.client_id);
  }

  /** Empties the log for another conversation; what is on its way out stays. */
  clear() {
    for (const { node } of this.#stored.values()) node.remove();
    this.#stored.clear();
  }

  /** Takes the buttons away once one has been pressed. */
  closeChoices() {
    for (const { node } of this.#stored.values()) withoutChoices(node);
  }

  /** Shows who is writing, or nobody. */
  typing(words) {
    const follow = this.#atEnd();
    this.#typing.hidden = !words;
    this.#typing.textContent = words ?? "";
    if (follow) this.#toEnd();
  }

  // The socket may bring an own message before its acknowledgement does.
  #own({ sender, text, client_id }) {
    if (sender !== "visitor") return null;
    for (const { node, own } of this.#pending.values()) {
      if (client_id ? own.client_id === client_id : own.text.trim() === text) {
        this.#pending.delete(own.client_id);
        return settled(node);
      }
    }
    return null;
  }

  #place(node, message) {
    let after = null;
    for (const [sequence, stored] of this.#stored) {
      if (sequence < message.sequence && sequence > (after?.sequence ?? -1)) {
        after = { sequence, node: stored.node };
      }
    }
    if (after) after.node.after(node);
    else this.#list.prepend(node);
    this.#stored.set(message.sequence, { node, message });
  }

  #keepNewestChoices() {
    const answers = [...this.#stored].filter(([, { message }]) => /bot|agent/.test(message.sender));
    const newest = Math.max(...answers.map(([sequence]) => sequence));
    for (const [sequence, { node }] of this.#stored) if (sequence < newest) withoutChoices(node);
  }

  #atEnd() {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  #toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }
}

// Only the server knows the language of an own message, and it comes after its place in the order.
function spoken(node, { lang }) {
  if (lang) node.querySelector(".text").lang = lang;
}

function settled(node) {
  node.classList.remove("pending");
  node.querySelector(".delivery")?.remove();
  return node;
}
