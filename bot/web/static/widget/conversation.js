/** The visitor's conversation on the server: found again after a reload, or begun. */

import { call, socket } from "./api.js";
import { lasting } from "./storage.js";
import { zone } from "./strings.js";

export class Conversation {
  #key = lasting.get("conversation");

  /**
   * Finds the conversation of an earlier page, or begins one.
   * Answers `{messages, state, notice, lost}`; `lost` when an earlier one is no longer there.
   */
  async open() {
    const earlier = this.#key;
    if (earlier) {
      try {
        return { ...(await this.newer(0)), ...(await call("GET", "notice")), lost: false };
      } catch (refusal) {
        if (!refusal.gone) throw refusal;
      }
    }
    const { id, token, ...begun } = await call("POST", "conversations", {
      body: { time_zone: zone, locale: navigator.language, page: page() },
    });
    this.#key = { id, token };
    lasting.put("conversation", this.#key);
    return { ...begun, lost: Boolean(earlier) };
  }

  /** Leaves this conversation, so that the next `open` begins another. */
  leave() {
    this.#key = null;
    lasting.put("conversation", null);
  }

  /** Sends `{client_id, text}` or `{client_id, button}`; the same client id is stored once. */
  send(body) {
    return this.#call("POST", "messages", { body });
  }

  /** What came after a sequence; waits up to `wait` seconds for something to come. */
  newer(after, wait = 0, signal = null) {
    return this.#call("GET", `messages?after=${after}&wait=${wait}`, { patience: wait + 15, signal });
  }

  /** A socket that tells what comes after a sequence. */
  socket(after) {
    return socket(`conversations/${this.#key.id}/socket?after=${after}`, this.#key.token);
  }

  #call(method, path, options) {
    const { id, token } = this.#key;
    return call(method, `conversations/${id}/${path}`, { token, ...options });
  }
}

// Without its query, which may hold what is nobody's business; as long as the server takes it.
function page() {
  return (location.origin + location.pathname).slice(0, 500);
}
