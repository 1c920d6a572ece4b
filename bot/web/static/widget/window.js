/** The chat's window: carries what happens in one part to the others. */

import { Composer } from "./composer.js";
import { fill, h, Log } from "./log.js";
import { keep, kept, Talk } from "./talk.js";

const SMALL = "(max-width: 540px), (max-height: 480px)";
const OPEN = "support-chat-open";

/** Builds the chat inside its launcher's element, once its words and its style are there. */
export async function start(host) {
  const style = h("link", { rel: "stylesheet", href: new URL("window.css", import.meta.url) });
  host.shadowRoot.append(style);
  const styled = new Promise((done, failed) => {
    style.onload = done;
    style.onerror = failed;
  });
  const [words] = await Promise.all([host.file(`strings/${host.language}.json`), styled]);
  return new Chat(host, words);
}

class Chat {
  #host;
  #words;
  #log;
  #composer;
  #talk;
  #dialog;
  #state = h("p.state", { role: "status" });
  #connection = h("p.banner", { role: "status", hidden: true });
  #notice = h("p.banner", { role: "status", hidden: true });
  #said = h("p.said", { role: "status" });
  #sheet = h("div.sheet");
  #badge = h("b", { role: "status", hidden: true });
  #again = h("button.main", { hidden: true });
  #back;
  #theirs = [];
  #newest = 0;
  #offline;

  constructor(host, words) {
    this.#host = host;
    this.#words = words;
    const { language, server } = host;
    const tell = (sentence) => (this.#said.textContent = sentence);
    this.#talk = new Talk(server, words, this);
    this.#log = new Log({ language, server, tell }, words, (button) => this.#press(button));
    this.#composer = new Composer(this.#talk, words, (message) => this.#talk.say(message));
    this.#back = h("button.plain", { hidden: true, onclick: () => this.#press({ id: "return_to_assistant", title: words.back }) }, words.back);
    const menu = h(
      "details",
      null,
      h("summary", { "aria-label": words.more }, "⋯"),
      h(
        "div.menu",
        { onclick: () => (menu.open = false) },
        h("button", { onclick: () => this.#mail() }, words.mail),
        h("button", { onclick: () => this.#export() }, words.data),
        h("button", { onclick: () => this.#erase() }, words.erase),
      ),
    );
    const greeting = host.getAttribute("greeting") ?? host.settings.greeting;
    this.#log.element.prepend(...[this.#notice, greeting && h("p.greeting", null, greeting)].filter(Boolean));
    this.#dialog = h(
      "dialog.window",
      {
        lang: language,
        dir: language === "ar" ? "rtl" : "ltr",
        "aria-labelledby": "title",
        onclose: () => this.#closed(),
        onkeydown: (event) => this.#key(event, menu),
        ondragover: (event) => event.preventDefault(),
        ondrop: (event) => {
          event.preventDefault();
          this.#composer.take(event.dataTransfer.files);
        },
      },
      h(
        "header",
        null,
        h("div", null, h("h2", { id: "title" }, words.title), this.#state, this.#back),
        menu,
        h("button.icon", { "aria-label": words.close, onclick: () => this.#dialog.close() }, "✕"),
      ),
      this.#connection,
      this.#log.element,
      this.#said,
      this.#sheet,
      this.#composer.element,
      this.#again,
    );
    host.shadowRoot.append(this.#dialog);
    host.shadowRoot.querySelector(".launcher").append(this.#badge);
    document.addEventListener("visibilitychange", () => this.#count());
    // What the on-screen keyboard leaves, so that it never hides the input.
    const fit = () => {
      this.#dialog.style.setProperty("--height", `${visualViewport.height}px`);
      this.#dialog.style.setProperty("--top", `${visualViewport.offsetTop}px`);
    };
    visualViewport.onresize = visualViewport.onscroll = fit;
    fit();
    this.#become("connecting");
    this.#log.pend(this.#talk.unsent);
    if (this.#talk.id) this.#talk.begin();
  }

  async open(focus) {
    if (this.#dialog.open) return;
    // Over the whole screen nothing behind it may be reached; beside the page everything may.
    if (matchMedia(SMALL).matches) this.#dialog.showModal();
    else this.#dialog.open = true;
    try {
      sessionStorage[OPEN] = 1;
    } catch {}
    if (focus) this.#composer.focus();
    this.#log.toEnd();
    this.#count();
    if (!this.#talk.id) this.#talk.begin();
  }

  close() {
    this.#dialog.close();
  }

  #closed() {
    try {
      sessionStorage.removeItem(OPEN);
    } catch {}
    this.#host.removeAttribute("open");
  }

  #key(event, menu) {
    if (event.isComposing) return;
    if (event.key === "Escape") {
      event.preventDefault();
      if (menu.open) {
        menu.open = false;
        menu.firstChild.focus();
      } else this.close();
    }
    if (event.key !== "Tab") return;
    const stops = [...this.#dialog.querySelectorAll("button, summary, a, input, textarea, [tabindex]")].filter((stop) => stop.checkVisibility());
    const [from, to] = event.shiftKey ? [stops[0], stops.at(-1)] : [stops.at(-1), stops[0]];
    if (this.#host.shadowRoot.activeElement !== from) return;
    event.preventDefault();
    to.focus();
  }

  // What the conversation tells.

  begun({ messages, state, notice = this.#host.settings.notice, lost }) {
    if (lost) {
      this.#log.clear();
      this.#newest = 0;
    }
    this.#say(this.#notice, [lost && this.#words.lost, notice?.text].filter(Boolean).join(" "));
    // History is not news: a screen reader would read all of it out.
    this.#log.element.ariaBusy = "true";
    this.messages(messages);
    this.#log.element.ariaBusy = null;
    this.#log.toEnd();
    this.state({ state });
  }

  moved(key) {
    this.#restart(key);
  }

  failed({ message }) {
    this.#become("none");
    this.#say(this.#notice, message);
    this.#offer(this.#words.retry);
  }

  /** A short break is not worth a word; a longer one is. */
  connected(is) {
    if (is) {
      clearTimeout(this.#offline);
      this.#offline = null;
      this.#say(this.#connection);
    }
    else
      this.#offline ??= setTimeout(() => {
        this.#say(this.#connection, this.#words[navigator.onLine ? "unreachable" : "offline"]);
      }, 2500);
  }

  messages(messages) {
    for (const { sequence, sender, asks } of this.#log.add(messages)) {
      if (sender !== "visitor") {
        this.#theirs.push(sequence);
        this.#log.typing();
      }
      if (sequence < this.#newest) continue;
      this.#newest = sequence;
      if (sender !== "visitor") this.#composer.expect(asks);
      if (asks === "rating") this.#rate();
    }
    this.#count();
  }

  state({ state }) {
    if (state === this.#dialog.dataset.state) return;
    this.#become(state);
    this.#composer.typed = state === "bot" ? null : () => this.#talk.call("POST", "/typing", { body: {} }).catch(() => {});
    if (state !== "bot") this.#log.typing();
    this.#offer(state === "closed" && this.#words.again);
    if (state === "closed") this.#rate();
  }

  typing({ sender, agent }) {
    this.#log.typing(fill(this.#words.writes[sender], { name: agent?.name ?? this.#words.sender.agent }));
  }

  seen({ sequence }) {
    this.#log.seen(sequence);
  }

  stored() {
    this.outbox();
    this.#composer.restore();
    this.#count();
  }

  outbox() {
    this.#log.pend(this.#talk.unsent);
  }

  sent(own, sequence) {
    this.#log.sent(own, sequence);
    if (this.#dialog.dataset.state === "bot" && this.#newest < sequence) this.typing({ sender: "bot" });
  }

  delayed(own) {
    this.#log.delayed(own);
  }

  refused(own, sentence) {
    this.outbox();
    this.#composer.refuse(sentence, own.button ? "" : own.text);
  }

  // What the visitor wants.

  #press({ id, title }) {
    this.#talk.say({ text: title, button: id });
    // With a finger, focus in the input would bring up the keyboard over the answer.
    if (matchMedia("(pointer: fine)").matches) this.#composer.focus();
    else this.#log.element.focus();
  }

  #mail() {
    const email = h("input", { type: "email", name: "email", required: true, autocomplete: "email" });
    this.#ask(this.#words.mail, h("label", null, this.#words.email, email), this.#words.send, async () => {
      await this.#talk.call("POST", "/transcript", { body: { email: email.value } });
      return fill(this.#words.mailed, { email: email.value });
    });
  }

  async #export() {
    try {
      const found = await this.#talk.call("GET", "/export");
      const href = URL.createObjectURL(new Blob([JSON.stringify(found, null, 2)]));
      h("a", { href, download: "conversation.json" }).click();
      URL.revokeObjectURL(href);
    } catch ({ message }) {
      this.#said.textContent = message;
    }
  }

  #erase() {
    this.#ask(this.#words.erase, h("p", null, this.#words.sure), this.#words.erase, async () => {
      const { kept: stays } = (await this.#talk.call("DELETE", "")) || {};
      this.#talk.forget();
      this.#restart();
      return [this.#words.erased, stays].filter(Boolean).join(" ");
    });
  }

  #rate() {
    if (kept("rated") === this.#talk.id) return;
    const stars = [1, 2, 3, 4, 5].map((value) =>
      h("label", null, h("input", { type: "radio", name: "stars", value, required: true, "aria-label": `${value} / 5` }), "★"),
    );
    const comment = h("input", { name: "comment", maxlength: 1000 });
    const rated = () => keep("rated", this.#talk.id);
    this.#ask(
      this.#words.rate,
      [h("div.stars", { role: "group", "aria-label": this.#words.rate }, stars), h("label", null, this.#words.comment, comment)],
      this.#words.send,
      async (form) => {
        const body = { stars: Number(form.get("stars")), comment: comment.value || undefined };
        await this.#talk.call("POST", "/rating", { body });
        rated();
        return this.#words.thanks;
      },
      rated,
    );
  }

  /** A small form; `action` does it and gives what is then said. */
  #ask(title, fields, submit, action, cancelled) {
    const error = h("p.error", { role: "alert" });
    const end = (sentence) => {
      this.#sheet.replaceChildren();
      this.#said.textContent = sentence;
      this.#composer.focus();
    };
    const onsubmit = async (event) => {
      event.preventDefault();
      try {
        end(await action(new FormData(form)));
      } catch ({ message }) {
        error.textContent = message;
      }
    };
    const cancel = () => {
      cancelled?.();
      end("");
    };
    const form = h(
      "form",
      { "aria-label": title, onsubmit },
      h("strong", null, title),
      fields,
      error,
      h("div.choices", null, h("button.main", null, submit), h("button", { type: "button", onclick: cancel }, this.#words.cancel)),
    );
    this.#sheet.replaceChildren(form);
    if (!cancelled) form.querySelector("input, button").focus();
  }

  #restart(key) {
    this.#talk.stop();
    this.#log.clear();
    this.#theirs = [];
    this.#newest = 0;
    this.#sheet.replaceChildren();
    this.#count();
    if (key) return this.#talk.begin();
    this.#become("closed");
    this.#offer(this.#words.again);
  }

  /** Puts a button that begins anew in the place of the composer; without words, puts it back. */
  #offer(words) {
    this.#composer.element.hidden = Boolean(words);
    this.#again.hidden = !words;
    this.#again.textContent = words;
    this.#again.onclick = () => {
      if (this.#dialog.dataset.state === "closed") this.#talk.forget();
      this.#restart(true);
      this.#offer();
      this.#say(this.#notice);
      this.#composer.focus();
    };
  }

  #become(state) {
    this.#dialog.dataset.state = state;
    this.#state.textContent = this.#words.state[state];
    this.#back.hidden = !/waiting|agent/.test(state);
  }

  #say(banner, sentence) {
    banner.textContent = sentence;
    banner.hidden = !sentence;
  }

  /** What has come unseen, on the launcher and in the page's title; for all tabs. */
  #count() {
    if (this.#dialog.open && !document.hidden && this.#newest > kept("read")) keep("read", this.#newest);
    const unread = this.#theirs.filter((sequence) => sequence > kept("read")).length;
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unread ? `(${unread}) ${title}` : title;
    this.#badge.hidden = !unread;
    this.#badge.replaceChildren(h("span.spoken", null, this.#words.unread), ` ${unread}`);
  }
}
