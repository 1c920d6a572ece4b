/** The chat: puts its parts together and carries what happens in one to the others. */

import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { element } from "./element.js";
import { Line } from "./line.js";
import { Log } from "./log.js";
import { Outbox } from "./outbox.js";
import { Panel } from "./panel.js";
import { Retry } from "./api.js";
import { Status } from "./status.js";
import { strings } from "./strings.js";

const RETURN = { id: "return_to_assistant", title: strings.back };
const REPLY_EXPECTED_MS = 6_000;
const TYPING_SHOWN_MS = 6_000;

/** Builds the chat inside its launcher's element. */
export function start(host) {
  return new Chat(host);
}

class Chat {
  #host;
  #conversation = new Conversation();
  #log = new Log((button, event) => this.#press(button, event));
  #composer = new Composer((text) => this.#say({ text }));
  #status = new Status(() => this.#press(RETURN));
  #again = element("button", {
    type: "button",
    class: "again",
    hidden: true,
    onclick: () => this.#beginAnew(),
  });
  #panel;
  #line = new Line(this.#conversation, {
    messages: (messages) => this.#receive(messages),
    state: (state) => this.#become(state),
    typing: (frame) => this.#typing(frame),
    connected: (is) => this.#status.connected(is),
    gone: () => this.#restart(),
  });
  #outbox = new Outbox(this.#conversation, {
    sent: (own, sequence) => this.#sent(own, sequence),
    delayed: (own) => this.#log.delay(own),
    refused: (own, refusal) => this.#refused(own, refusal),
    gone: () => this.#restart(),
  });
  #state = null;
  #beginning = null;
  #unread = 0;
  #newest = 0;
  #timer = null;

  constructor(host) {
    this.#host = host;
    this.#panel = new Panel(host.shadowRoot, {
      status: this.#status.line,
      parts: [this.#status.banners, this.#log.element, this.#composer.element, this.#again],
      closed: () => host.closed(),
    });
    for (const own of this.#outbox.items) this.#log.pend(own);
  }

  async open(focus) {
    const before = document.activeElement;
    await this.#panel.open();
    if (focus) {
      this.#composer.focus();
    } else {
      // A dialog takes the focus when it is shown; on a page that came back it was elsewhere.
      this.#host.shadowRoot.activeElement?.blur();
      before?.focus();
    }
    this.#unread = 0;
    this.#beginning ??= this.#begin();
  }

  /** Finds or begins the conversation, for as long as that takes, and listens to it. */
  async #begin() {
    const retry = new Retry();
    for (;;) {
      try {
        return this.#begun(await this.#conversation.open());
      } catch (refusal) {
        if (!refusal.temporary) {
          this.#status.state("none");
          this.#status.notice(refusal.message);
          return this.#offer(strings.retry);
        }
        this.#status.connected(false);
        await retry.wait(refusal.retryAfter);
      }
    }
  }

  #begun({ messages, state, notice, lost }) {
    this.#status.connected(true);
    this.#status.notice(lost && strings.lost, notice?.text);
    // History is not news: a screen reader would read all of it out.
    this.#log.element.setAttribute("aria-busy", "true");
    this.#show(messages);
    this.#log.element.removeAttribute("aria-busy");
    this.#become(state);
    this.#line.start(this.#newest);
    this.#outbox.start();
  }

  /** The conversation is no longer there: begins another, which takes over what is unsent. */
  #restart() {
    this.#line.stop();
    this.#outbox.stop();
    this.#log.clear();
    this.#log.typing(null);
    this.#newest = 0;
    this.#beginning = this.#begin();
  }

  #say(message) {
    this.#log.pend(this.#outbox.add(message));
  }

  #press({ id, title }, event) {
    this.#log.closeChoices();
    this.#say({ text: title, button: id });
    // With a finger, focus in the input would bring up the keyboard over the answer.
    if (event?.detail === 0 || matchMedia("(pointer: fine)").matches) this.#composer.focus();
    else this.#log.element.focus({ preventScroll: true });
  }

  #sent(own, sequence) {
    this.#log.confirm(own, sequence);
    if (this.#state !== "bot" || this.#newest > sequence) return;
    this.#log.typing(strings.assistantWrites);
    this.#later(REPLY_EXPECTED_MS, () => {
      this.#log.typing(null);
      this.#line.refresh();
    });
  }

  #refused(own, { message }) {
    this.#log.drop(own);
    this.#composer.refuse(message, own.button ? "" : own.text);
  }

  #receive(messages) {
    const fresh = this.#show(messages).filter(({ sender }) => sender !== "visitor");
    if (!fresh.length) return;
    this.#log.typing(null);
    clearTimeout(this.#timer);
    if (this.#panel.isOpen) return;
    this.#unread += fresh.length;
    this.#host.unread = this.#unread;
  }

  #show(messages) {
    const fresh = this.#log.add(messages);
    for (const { sequence, sender, asks } of fresh) {
      if (sequence <= this.#newest) continue;
      this.#newest = sequence;
      if (sender !== "visitor") this.#composer.expect(asks);
    }
    return fresh;
  }

  #become(state) {
    if (state === this.#state) return;
    this.#state = state;
    this.#status.state(state);
    if (state !== "bot") this.#log.typing(null);
    if (state === "closed") this.#log.closeChoices();
    this.#offer(state === "closed" ? strings.again : null);
  }

  #typing({ sender, active = true, agent }) {
    if (sender === "visitor") return;
    const words = sender === "agent" ? strings.personWrites(agent?.name) : strings.assistantWrites;
    this.#log.typing(active ? words : null);
    this.#later(TYPING_SHOWN_MS, () => this.#log.typing(null));
  }

  /** Puts a button that begins anew in the place of the composer; without words, puts it back. */
  #offer(words) {
    this.#composer.element.hidden = words !== null;
    this.#again.hidden = words === null;
    this.#again.textContent = words;
  }

  #beginAnew() {
    if (this.#state === "closed") this.#conversation.leave();
    this.#status.notice();
    this.#offer(null);
    this.#restart();
    this.#composer.focus();
  }

  #later(ms, then) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(then, ms);
  }
}
