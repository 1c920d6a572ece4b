/** The launcher: fetches the rest. */
(() => {
  const here = document.currentScript.src;
  const OPEN = "support-chat-open";
  const STYLE = `
:host {
  position: fixed;
  z-index: 2147483000;
  inset: auto 20px max(20px, env(safe-area-inset-bottom)) auto;
  display: grid;
  place-items: end;
  inline-size: 0;
  block-size: 0;
  color-scheme: light dark;
  --accent: var(--chat-accent, light-dark(#1f4f47, #8fc7b8));
  --on-accent: var(--chat-on-accent, light-dark(#fff, #10201d));
}
:host([position="left"]) {
  inset-inline: 20px auto;
  justify-items: start;
}
.launcher, .window, aside {
  all: initial;
  position: absolute;
  color-scheme: inherit;
  font: medium/1.5 var(--chat-font, system-ui);
}
[hidden] {
  display: none !important;
}
.launcher {
  display: flex;
  inline-size: max-content;
  gap: 10px;
  padding: 14px 20px;
  border: 1px solid;
  border-radius: 28px;
  background: var(--accent);
  color: var(--on-accent);
  cursor: pointer;
}
.launcher::before {
  padding: 12px;
  background: currentcolor;
  clip-path: path("M3 3h18v14H9l-5 5z");
  content: "";
}
:focus-visible {
  outline: 3px solid var(--accent);
  outline-offset: 2px;
}`;

  const kept = (open) => {
    try {
      if (open !== undefined) sessionStorage[OPEN] = open;
      return [sessionStorage[OPEN], localStorage["support-chat-conversation"]];
    } catch {
      return [];
    }
  };

  class SupportChat extends HTMLElement {
    static observedAttributes = ["open"];
    words = { open: "Chat with us", failed: "The chat did not load. Please try again." };
    #button = document.createElement("button");
    #chat;

    async connectedCallback() {
      if (this.shadowRoot) return;
      const sheet = new CSSStyleSheet();
      sheet.replaceSync(STYLE);
      const root = this.attachShadow({ mode: "open" });
      root.adoptedStyleSheets = [sheet];

      this.server = new URL(this.getAttribute("server") ?? "/", here);
      this.settings = (await this.file("/widget/settings.json", this.server)) ?? {};
      const { languages, position, notice } = this.settings;
      this.language =
        [this.lang, ...navigator.languages]
          .map((tag) => tag.slice(0, 2))
          .find((tag) => languages?.includes(tag)) ?? "en";
      if (this.language !== "en")
        this.words = (await this.file(`strings/launcher.${this.language}.json`)) ?? this.words;
      if (position) this.getAttribute("position") ?? this.setAttribute("position", position);

      Object.assign(this.#button, {
        className: "launcher",
        lang: this.language,
        textContent: this.words.open,
        onpointerenter: () => this.#load(),
        onclick: () => this.toggleAttribute("open", true),
      });
      root.append(this.#button);
      if (notice) import(new URL("./notice.js", here)).then((module) => module.show(this, notice.text));
      const [open, known] = kept();
      if (open || this.hasAttribute("open")) this.#open();
      else if (known) this.#load();
    }

    attributeChangedCallback(name, before, now) {
      if (this.#button.isConnected) now === null ? this.#close() : this.#open(true);
    }

    file(path, base = here) {
      return fetch(new URL(path, base)).then((answer) => answer.json()).catch(() => null);
    }

    #load() {
      return (this.#chat ??= Promise.all([
        import(new URL("./window.js", here)),
        this.file(`strings/${this.language}.json`),
        fetch(new URL("window.css", here)).then((answer) => answer.text()),
      ]).then(([window, words, style]) => window.start(this, words, style)));
    }

    async #open(focus) {
      try {
        await (await this.#load()).open(focus);
        this.#button.hidden = true;
        kept(1);
        this.toggleAttribute("open", true);
      } catch (error) {
        this.#chat = null;
        this.#button.textContent = this.words.failed;
        this.removeAttribute("open");
        console.error(error);
      }
    }

    async #close() {
      this.#button.hidden = false;
      kept("");
      this.#button.focus();
      (await this.#chat)?.close();
    }
  }

  customElements.define("support-chat", SupportChat);
  const place = () =>
    document.querySelector("support-chat") ??
    document.body.append(document.createElement("support-chat"));
  if (document.body) place();
  else addEventListener("DOMContentLoaded", place);
})();
