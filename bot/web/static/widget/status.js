/** The line under the title: who is there, the way back to the assistant, and the connection. */

import { element } from "./element.js";
import { strings } from "./strings.js";

const LOST_BEFORE_SAID_MS = 2_500;

export class Status {
  #state = element("p", { class: "state", role: "status" }, strings.connecting);
  #back;
  #connection = element("p", { class: "connection", role: "status", hidden: true });
  #notice = element("p", { class: "notice", role: "status", hidden: true });
  #timer = null;

  /** `back()` is called when the visitor wants the assistant again. */
  constructor(back) {
    this.#back = element(
      "button",
      { type: "button", class: "plain", hidden: true, onclick: back },
      strings.back,
    );
    this.line = element("div", { class: "status" }, this.#state, this.#back);
    this.banners = element("div", { class: "banners" }, this.#connection, this.#notice);
  }

  state(name) {
    const words = strings.state[name];
    // The same words set again would be read out again.
    if (this.#state.textContent !== words) this.#state.textContent = words;
    this.#state.dataset.state = name;
    this.#back.hidden = name !== "waiting" && name !== "agent";
  }

  /** A short break is not worth a word; a longer one is. */
  connected(is) {
    if (is) {
      clearTimeout(this.#timer);
      this.#timer = null;
      this.#connection.hidden = true;
      this.#connection.textContent = "";
    } else if (this.#timer === null) {
      this.#timer = setTimeout(() => {
        this.#connection.textContent = navigator.onLine ? strings.unreachable : strings.offline;
        this.#connection.hidden = false;
      }, LOST_BEFORE_SAID_MS);
    }
  }

  /** What the shop announces, or what became of an earlier conversation. */
  notice(...sentences) {
    this.#notice.textContent = sentences.filter(Boolean).join(" ");
    this.#notice.hidden = !this.#notice.textContent;
  }
}
