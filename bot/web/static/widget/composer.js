/** Where the visitor writes. */

import { element, icon } from "./element.js";
import { strings } from "./strings.js";

const LONGEST = 1000;
const COUNT_FROM = 900;
const ARROW = "M5 12h13M12 5l7 7-7 7";
const MODES = { email: "email", code: "numeric" };

export class Composer {
  #input = element("textarea", {
    id: "message",
    rows: "1",
    enterkeyhint: "send",
    placeholder: strings.placeholder,
    "aria-describedby": "count refusal",
  });
  #count = element("p", { id: "count", class: "count", hidden: true, "aria-live": "polite" });
  #refusal = element("p", { id: "refusal", class: "refusal", role: "alert", hidden: true });
  #send;

  /** `send(text)` is called with what the visitor wrote, never empty and never too long. */
  constructor(send) {
    this.#send = send;
    this.#input.addEventListener("input", () => this.#changed());
    this.#input.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#submit();
    });
    const onsubmit = (event) => {
      event.preventDefault();
      this.#submit();
    };
    this.element = element(
      "form",
      { class: "composer", onsubmit },
      this.#refusal,
      this.#count,
      element("label", { for: "message", class: "spoken" }, strings.message),
      element(
        "div",
        { class: "field" },
        this.#input,
        element("button", { class: "send", "aria-label": strings.send }, icon(ARROW)),
      ),
    );
  }

  focus() {
    this.#input.focus();
  }

  /** Fits the keyboard and the hint to what a form's question asks for. */
  expect(asks) {
    this.#input.placeholder = strings.asks[asks] ?? strings.placeholder;
    this.#input.inputMode = MODES[asks] ?? "text";
  }

  /** Says why a message was not taken, and gives its words back before what was written since. */
  refuse(sentence, text = "") {
    this.#input.value = [text, this.#input.value].filter(Boolean).join("\n");
    this.#changed();
    this.#refusal.textContent = sentence;
    this.#refusal.hidden = false;
  }

  #submit() {
    const text = this.#input.value.trim();
    if (!text || length(text) > LONGEST) return;
    this.#input.value = "";
    this.#changed();
    this.#send(text);
  }

  #changed() {
    const used = length(this.#input.value.trim());
    const left = LONGEST - used;
    this.#refusal.hidden = true;
    this.#refusal.textContent = "";
    this.#count.hidden = used < COUNT_FROM;
    this.#count.textContent = left < 0 ? strings.over(-left) : strings.left(left);
    this.#count.classList.toggle("over", left < 0);
    this.#input.setAttribute("aria-invalid", left < 0);
    this.#grow();
  }

  #grow() {
    this.#input.style.height = "auto";
    this.#input.style.height = `${this.#input.scrollHeight}px`;
  }
}

// Characters as the server counts them: an emoji beyond the first plane is one, not two.
function length(text) {
  return [...text].length;
}
