/** Where the visitor writes, and the pictures that go with it. */

import { fill, h } from "./log.js";
import { keep, kept } from "./talk.js";

const LONGEST = 1000;
const MOST = 5;
const MOST_MB = 10;
const TYPING_MS = 4000;
const MODES = { email: "email", code: "numeric" };

export class Composer {
  #talk;
  #words;
  #send;
  #tray = new Map();
  #told = 0;
  #input;
  #list = h("ul.tray");
  #count = h("p.count", { "aria-live": "polite", hidden: true });
  #error = h("p.error", { id: "error", role: "alert", hidden: true });

  /** Called as the visitor types, where somebody would see it. */
  typed = null;

  /** `send(message)` is called with `{text, attachments, files}`. */
  constructor(talk, words, send) {
    this.#talk = talk;
    this.#words = words;
    this.#send = send;
    this.#input = h("textarea", {
      rows: 1,
      "aria-label": words.message,
      "aria-describedby": "error",
      enterkeyhint: "send",
      oninput: () => this.#changed(true),
      onkeydown: (event) => {
        if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
        event.preventDefault();
        this.#submit();
      },
      onpaste: ({ clipboardData }) => this.take(clipboardData.files),
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.element = h(
      "form.composer",
      { onsubmit },
      this.#error,
      this.#list,
      this.#count,
      h(
        "div.field",
        null,
        this.#picker(words.file, "+", {}),
        matchMedia("(pointer: coarse)").matches && this.#picker(words.camera, "◉", { capture: "environment" }),
        this.#input,
        h("button.icon.main", { "aria-label": words.send }, "➤"),
      ),
    );
    this.expect();
    this.restore();
  }

  #picker(label, sign, more) {
    const input = h("input", {
      type: "file",
      accept: "image/*",
      multiple: true,
      hidden: true,
      onchange: () => {
        this.take(input.files);
        input.value = "";
      },
      ...more,
    });
    return [h("button.icon", { type: "button", "aria-label": label, onclick: () => input.click() }, sign), input];
  }

  focus() {
    this.#input.focus();
  }

  /** Fits the keyboard and the hint to what a form's question asks for. */
  expect(asks) {
    this.#input.placeholder = this.#words.asks[asks] ?? this.#words.placeholder;
    this.#input.inputMode = MODES[asks] ?? "text";
  }

  /** Shows the draft that is kept, unless the visitor is writing here. */
  restore() {
    if (this.#input.matches(":focus")) return;
    this.#input.value = kept("draft") ?? "";
    this.#changed();
  }

  /** Says why a message was not taken, and gives its words back before what was written since. */
  refuse(sentence, text) {
    this.#input.value = [text, this.#input.value].filter(Boolean).join("\n");
    this.#changed();
    this.#complain(sentence);
  }

  /** Takes pictures and uploads them at once. */
  take(files) {
    for (const file of files) {
      if (this.#tray.size >= MOST) return this.#complain(fill(this.#words.tooMany, { n: MOST }));
      if (file.size > MOST_MB * 1e6) {
        this.#complain(fill(this.#words.tooLarge, { n: MOST_MB, name: file.name }));
      } else this.#upload(file);
    }
  }

  async #upload(file) {
    const { name } = file;
    const id = crypto.randomUUID();
    const stop = new AbortController();
    const progress = h("progress", { value: 0, "aria-label": name });
    const preview = h("canvas", { width: 48, height: 48, "aria-hidden": "true" });
    const remove = () => {
      stop.abort();
      this.#tray.delete(id);
      row.remove();
      this.focus();
    };
    const label = fill(this.#words.remove, { name });
    const row = h("li", null, preview, h("span", null, name), progress, h("button.icon", { type: "button", "aria-label": label, onclick: remove }, "✕"));
    this.#tray.set(id, null);
    this.#list.append(row);
    // Not an image element: its address would be a blob's, which strict policies forbid.
    createImageBitmap(file).then(
      (picture) => preview.getContext("2d").drawImage(picture, 0, 0, 48, 48),
      () => preview.remove(),
    );
    try {
      const taken = await this.#talk.upload(file, id, (part) => (progress.value = part), stop.signal);
      if (this.#tray.has(id)) this.#tray.set(id, taken);
      progress.remove();
    } catch ({ message }) {
      remove();
      this.#complain(message);
    }
  }

  #submit() {
    const text = this.#input.value.trim();
    const files = [...this.#tray.values()];
    if (files.includes(null)) return this.#complain(this.#words.uploading);
    if ((!text && !files.length) || [...text].length > LONGEST) return;
    this.#send({ text: text || undefined, ...(files.length && { attachments: files.map(({ id }) => id), files }) });
    this.#input.value = "";
    this.#tray.clear();
    this.#list.replaceChildren();
    this.#changed(true);
  }

  #complain(sentence = "") {
    this.#error.textContent = sentence;
    this.#error.hidden = !sentence;
  }

  #changed(byHand) {
    const input = this.#input;
    // Characters as the server counts them: an emoji is one, not two.
    const left = LONGEST - [...input.value.trim()].length;
    this.#complain();
    this.#count.hidden = left > 100;
    this.#count.textContent = fill(left < 0 ? this.#words.over : this.#words.left, { n: Math.abs(left) });
    input.setAttribute("aria-invalid", left < 0);
    input.style.height = "auto";
    input.style.height = `${input.scrollHeight}px`;
    if (!byHand) return;
    keep("draft", input.value);
    if (this.typed && input.value && Date.now() - this.#told > TYPING_MS) {
      this.#told = Date.now();
      this.typed();
    }
  }
}
