/** Puts the chat's launcher on the page; the chat itself is fetched when it is first opened. */
(() => {
  const here = document.currentScript.src;
  const words = {
    open: "Chat with us",
    unread: (count) => (count === 1 ? "1 new message" : `${count} new messages`),
    failed: "The chat did not load. Please reload the page and try again.",
    notice: "Notice",
    dismiss: "Close this notice",
  };
  const KEPT = "support-chat-open";
  const READ = "support-chat-notice-read";
  const BUBBLE = "M4 5h16v11H9l-5 4z";

  class SupportChat extends HTMLElement {
    #button = document.createElement("button");
    #label = document.createElement("span");
    #badge = document.createElement("span");
    #notice = document.createElement("aside");
    #chat = null;

    connectedCallback() {
      if (this.shadowRoot) return;
      const style = document.createElement("link");
      style.rel = "stylesheet";
      style.href = new URL("launcher.css", here).href;
      // Unstyled, the launcher would flash in the page's own flow.
      style.onload = style.onerror = () => {
        this.#button.hidden = this.isOpen;
        this.#announce();
      };
      this.#button.type = "button";
      this.#button.className = "launcher";
      this.#button.hidden = true;
      this.#button.ariaHasPopup = "dialog";
      this.#button.addEventListener("click", () => this.open());
      this.#notice.className = "announcement"; // the chat has a notice of its own
      this.#notice.ariaLabel = words.notice;
      this.#notice.hidden = true;
      this.#label.textContent = words.open;
      this.#badge.className = "badge";
      this.#button.append(this.#icon(), this.#label, this.#badge);
      this.attachShadow({ mode: "open" }).append(style, this.#notice, this.#button);
      if (this.#kept(KEPT) === "true") this.open({ focus: false });
    }

    get isOpen() {
      return this.hasAttribute("open");
    }

    /** Opens the chat; on a page that was reloaded it comes back without taking the focus. */
    async open({ focus = true } = {}) {
      this.#button.ariaBusy = true;
      try {
        this.#chat ??= import("./support-chat.js").then((module) => module.start(this));
        await (await this.#chat).open(focus);
        this.toggleAttribute("open", true);
        this.#button.hidden = true;
        this.#notice.hidden = true; // the chat shows it itself
        this.unread = 0;
        this.#keep(KEPT, true);
      } catch (error) {
        this.#chat = null;
        this.#label.textContent = words.failed;
        console.error("support-chat:", error);
      } finally {
        this.#button.ariaBusy = null;
      }
    }

    /** Called by the chat when its window has closed: the launcher comes back with the focus. */
    closed() {
      this.toggleAttribute("open", false);
      this.#button.hidden = false;
      this.#button.focus();
      this.#keep(KEPT, false);
    }

    /** How many messages have come while the window was closed. */
    set unread(count) {
      this.#badge.textContent = count || "";
      this.#button.ariaLabel = count ? `${words.open}, ${words.unread(count)}` : null;
    }

    /** Shows what the shop announces, until the visitor has closed it. */
    async #announce() {
      try {
        const answer = await fetch(new URL("../api/v1/notice", here), { credentials: "omit" });
        const { notice } = await answer.json();
        if (!notice || this.isOpen || this.#kept(READ) === notice.text) return;
        const text = document.createElement("p");
        text.textContent = notice.text;
        const close = document.createElement("button");
        close.type = "button";
        close.textContent = "×";
        close.ariaLabel = words.dismiss;
        close.addEventListener("click", () => {
          this.#notice.hidden = true;
          this.#keep(READ, notice.text);
          this.#button.focus();
        });
        this.#notice.replaceChildren(text, close);
        this.#notice.hidden = false;
      } catch (error) {
        console.warn("support-chat: no notice,", error);
      }
    }

    #icon() {
      const part = (name, attribute, value) => {
        const node = document.createElementNS("http://www.w3.org/2000/svg", name);
        node.setAttribute(attribute, value);
        return node;
      };
      const icon = part("svg", "viewBox", "0 0 24 24");
      icon.append(part("path", "d", BUBBLE));
      return icon;
    }

    /** Keeps something for this tab, where the browser allows it. */
    #keep(name, value) {
      try {
        sessionStorage.setItem(name, value);
      } catch {}
    }

    #kept(name) {
      try {
        return sessionStorage.getItem(name);
      } catch {}
    }
  }

  customElements.define("support-chat", SupportChat);
  const place = () => {
    if (!document.querySelector("support-chat")) {
      document.body.append(document.createElement("support-chat"));
    }
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", place);
  else place();
})();
