/** The chat's window: a dialog beside the page, or over all of it on a small screen. */

import { element, icon } from "./element.js";
import { strings } from "./strings.js";

const CROSS = "M6 6l12 12M18 6L6 18";
const SMALL_SCREEN = "(max-width: 540px), (max-height: 480px)";

export class Panel {
  #dialog;
  #style = element("link", { rel: "stylesheet", href: new URL("support-chat.css", import.meta.url) });
  #styled = new Promise((resolve) => {
    this.#style.onload = this.#style.onerror = resolve;
  });

  /** `parts` fill the window from the status line down; `closed` is called after it has closed. */
  constructor(root, { status, parts, closed }) {
    const shut = element(
      "button",
      { type: "button", class: "close", "aria-label": strings.close, onclick: () => this.close() },
      icon(CROSS),
    );
    const title = element("div", {}, element("h2", { id: "title" }, strings.title), status);
    this.#dialog = element(
      "dialog",
      { class: "panel", "aria-labelledby": "title", onclose: closed },
      element("header", {}, title, shut),
      ...parts,
    );
    this.#dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.isComposing) return;
      event.preventDefault();
      this.close();
    });
    root.append(this.#style, this.#dialog);
    // The height that the on-screen keyboard leaves, so that it never hides the input.
    const fit = () => {
      this.#dialog.style.setProperty("--visible-height", `${visualViewport.height}px`);
      this.#dialog.style.setProperty("--visible-top", `${visualViewport.offsetTop}px`);
    };
    visualViewport.addEventListener("resize", fit);
    visualViewport.addEventListener("scroll", fit);
    fit();
  }

  get isOpen() {
    return this.#dialog.open;
  }

  async open() {
    await this.#styled;
    if (this.isOpen) return;
    // Over the whole screen nothing behind it may be reached; beside the page everything may.
    if (matchMedia(SMALL_SCREEN).matches) this.#dialog.showModal();
    else this.#dialog.show();
  }

  close() {
    this.#dialog.close();
  }
}
