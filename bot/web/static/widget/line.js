/** The line from the server: a socket, or long polling where no socket gets through. */

import { Retry } from "./api.js";

const SOCKET_OPENS_WITHIN_MS = 8_000;
const SOCKET_HELD_MS = 10_000;
const POLL_SECONDS = 25;
const FULL_ANSWER = 500;
const POLL_BEFORE_NEXT_SOCKET_MS = 300_000;

export class Line {
  #conversation;
  #on;
  #stop = null;
  #last = 0;
  #refreshing = null;
  #again = false;

  /** `on`: messages(list), state(name), typing(frame), connected(bool), gone(). */
  constructor(conversation, on) {
    this.#conversation = conversation;
    this.#on = on;
    addEventListener("online", () => this.refresh());
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.refresh();
    });
  }

  /** Listens for what comes after a sequence, and goes on until stopped. */
  start(last) {
    this.stop();
    this.#last = last;
    this.#refreshing = null;
    this.#stop = new AbortController();
    this.#run(this.#stop.signal);
  }

  stop() {
    this.#stop?.abort();
    this.#stop = null;
  }

  /** Asks once for what may have been missed; a socket can be dead without knowing. */
  async refresh() {
    const signal = this.#stop?.signal;
    if (!signal) return;
    try {
      await this.#fill(signal);
    } catch (refusal) {
      if (refusal.gone && !signal.aborted) this.#lose();
    }
  }

  async #run(signal) {
    const retry = new Retry();
    let unopened = 0;
    while (!signal.aborted) {
      let told = null;
      try {
        if (unopened < 2) {
          const held = await this.#listen(signal);
          if (signal.aborted) return;
          if (held >= SOCKET_HELD_MS) retry.reset();
          await this.#fill(signal);
          unopened = held === null ? unopened + 1 : 0;
        } else {
          await this.#poll(signal);
          unopened = 1;
          retry.reset();
          continue;
        }
      } catch (refusal) {
        if (signal.aborted) return;
        if (refusal.gone) return this.#lose();
        this.#on.connected(false);
        told = refusal.retryAfter;
      }
      await retry.wait(told, signal);
    }
  }

  /** Holds a socket until it closes; answers for how long (ms), or null if it never opened. */
  #listen(signal) {
    return new Promise((resolve) => {
      let opened = null;
      const socket = this.#conversation.socket(this.#last);
      const close = () => socket.close();
      const timer = setTimeout(close, SOCKET_OPENS_WITHIN_MS);
      signal.addEventListener("abort", close);
      socket.onopen = () => {
        clearTimeout(timer);
        opened = Date.now();
        // What was written between the last answer and this moment came over no line.
        this.refresh();
      };
      socket.onmessage = ({ data }) => {
        if (!signal.aborted) this.#take(JSON.parse(data), signal);
      };
      socket.onclose = () => {
        clearTimeout(timer);
        signal.removeEventListener("abort", close);
        resolve(opened === null ? null : Date.now() - opened);
      };
    });
  }

  async #poll(signal) {
    const end = Date.now() + POLL_BEFORE_NEXT_SOCKET_MS;
    while (!signal.aborted && Date.now() < end) await this.#fill(signal, POLL_SECONDS);
  }

  #take(frame, signal) {
    if (frame.type === "state") this.#on.state(frame.state);
    if (frame.type === "typing") this.#on.typing(frame);
    if (frame.type !== "message") return;
    const next = this.#last + 1;
    this.#on.messages([frame.message]);
    if (frame.message.sequence <= next) this.#last = Math.max(this.#last, frame.message.sequence);
    else if (!signal.aborted) this.refresh();
  }

  /** Fetches from the last sequence on; a call while one is under way asks once more after it. */
  #fill(signal, wait = 0) {
    if (this.#refreshing) {
      this.#again = true;
      return this.#refreshing;
    }
    const fetching = this.#fetch(signal, wait).finally(() => {
      if (this.#refreshing === fetching) this.#refreshing = null;
    });
    this.#refreshing = fetching;
    return fetching;
  }

  async #fetch(signal, wait) {
    let more = false;
    do {
      const { messages, state } = await this.#conversation.newer(this.#last, wait, signal);
      if (signal.aborted) return;
      // A long history comes in parts.
      more = this.#again || messages.length >= FULL_ANSWER;
      this.#again = false;
      this.#last = Math.max(this.#last, ...messages.map((message) => message.sequence));
      this.#on.messages(messages);
      this.#on.state(state);
      this.#on.connected(true);
    } while (more);
  }

  #lose() {
    this.stop();
    this.#on.gone();
  }
}
