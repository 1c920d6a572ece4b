/** The visitor's own messages on their way out: in order, one at a time, until acknowledged. */

import { Retry } from "./api.js";
import { passing } from "./storage.js";

export class Outbox {
  #items = passing.get("outbox") ?? [];
  #conversation;
  #on;
  #stop = null;

  /** `on`: sent(item, sequence), delayed(item), refused(item, refusal), gone(). */
  constructor(conversation, on) {
    this.#conversation = conversation;
    this.#on = on;
  }

  /** What is not acknowledged yet, oldest first; after a reload, what the last page left behind. */
  get items() {
    return [...this.#items];
  }

  /** Takes `{text}` or `{text, button}` and answers the item, with the client id it keeps. */
  add(message) {
    const item = { client_id: crypto.randomUUID(), ...message };
    this.#keep([...this.#items, item]);
    if (this.#stop && this.#items.length === 1) this.#run(this.#stop.signal);
    return item;
  }

  start() {
    this.stop();
    this.#stop = new AbortController();
    if (this.#items.length) this.#run(this.#stop.signal);
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }

  async #run(signal) {
    const retry = new Retry();
    while (this.#items.length && !signal.aborted) {
      const item = this.#items[0];
      try {
        const { sequence } = await this.#conversation.send(body(item));
        if (signal.aborted) return;
        this.#keep(this.#items.slice(1));
        retry.reset();
        this.#on.sent(item, sequence);
      } catch (refusal) {
        if (signal.aborted) return;
        if (refusal.gone) return this.#on.gone();
        if (refusal.temporary) {
          this.#on.delayed(item);
          await retry.wait(refusal.retryAfter, signal);
        } else {
          this.#keep(this.#items.slice(1));
          this.#on.refused(item, refusal);
        }
      }
    }
  }

  #keep(items) {
    this.#items = items;
    passing.put("outbox", items.length ? items : null);
  }
}

function body({ client_id, text, button }) {
  return button ? { client_id, button } : { client_id, text };
}
