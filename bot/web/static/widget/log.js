/** The messages: in the order of their sequence, with those on their way out at the end. */

/**
 * An element: `h("p.text", {lang}, …)`; functions become properties, false and null are left out.
 * Node by node, for a page's security policy allows no markup in strings.
 */
export function h(name, attributes, ...children) {
  const [tag, style] = name.split(".");
  const node = document.createElement(tag);
  if (style) node.className = style;
  for (const [key, value] of Object.entries(attributes ?? {})) {
    if (typeof value === "function") node[key] = value;
    else if (value != null && value !== false) node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

/** The words of a text with `{names}` filled in. */
export const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

const PARTS = /(https:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|([\w.+-]+@[\w-]+\.[\w.-]*\w)|\d+–\d+|KC-\w+/g;

/** Text as nodes: addresses become links; 1–2 or a reference stays on one line. */
function rich(text) {
  let end = 0;
  const nodes = [...text.matchAll(PARTS)].flatMap(({ 0: part, 1: address, 2: mail, index }) => {
    const before = text.slice(end, index);
    end = index + part.length;
    const to = address ?? (mail && `mailto:${mail}`);
    return [before, to ? link(to, part) : h("span.whole", null, part)];
  });
  return [...nodes, text.slice(end)];
}

const link = (href, ...words) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);

export class Log {
  #host;
  #words;
  #press;
  #list = h("ol");
  #typing = h("p.typing", { hidden: true, "aria-hidden": "true" });
  #nodes = new Map();
  #pending = new Map();
  #timer;
  #times;
  #due;

  /** `press(button)` is called for a button of the newest answer. */
  constructor(host, words, press) {
    this.#host = host;
    this.#words = words;
    this.#press = press;
    const clock = { hour: "numeric", minute: "2-digit" };
    const { language } = host;
    // Dates follow the words around them, in the manner of the visitor's region.
    const locale = navigator.language.startsWith(language) ? navigator.language : language;
    const format = (how) => new Intl.DateTimeFormat(locale, { ...how, ...clock });
    this.#times = [format({}), format({ day: "numeric", month: "short" })];
    this.#due = format({ weekday: "long", day: "numeric", month: "long" });
    this.element = h(
      "div.log",
      { role: "log", "aria-label": words.log, tabindex: 0 },
      this.#list,
      this.#typing,
    );
  }

  /** Shows what is not shown yet, and gives it. */
  add(messages) {
    const fresh = messages.filter(({ sequence }) => !this.#nodes.has(sequence));
    this.#following(() => {
      for (const message of fresh) {
        const node = this.#own(message) ?? this.#item(message);
        this.#nodes.set(message.sequence, node);
        const later = [...this.#nodes].filter(([n]) => n > message.sequence).sort(([a], [b]) => a - b);
        const next = later[0]?.[1] ?? [...this.#pending.values()][0]?.node ?? null;
        // A node that is moved is read out again.
        if (!node.isConnected || (later[0] && node.nextSibling !== next)) {
          this.#list.insertBefore(node, next);
        }
      }
    });
    return fresh;
  }

  /** Shows these messages of the visitor's own as on their way, and no others. */
  pend(unsent) {
    for (const [id, { node, sequence }] of this.#pending) {
      if (sequence || unsent.some(({ client_id }) => client_id === id)) continue;
      node.remove();
      this.#pending.delete(id);
    }
    for (const own of unsent) {
      if (this.#pending.has(own.client_id)) continue;
      const node = this.#item({ sender: "visitor", created_at: new Date().toISOString(), ...own });
      node.classList.add("pending");
      this.#pending.set(own.client_id, { node, own });
      this.#mark(node, this.#words.sending);
      this.#list.append(node);
      this.toEnd();
    }
  }

  /** The server has it, under this sequence; the line brings it again with its language. */
  sent({ client_id }, sequence) {
    const entry = this.#pending.get(client_id);
    if (!entry) return;
    entry.sequence = sequence;
    this.#settle(entry.node);
    if (!this.#nodes.has(sequence)) return;
    entry.node.remove();
    this.#pending.delete(client_id);
  }

  delayed({ client_id }) {
    this.#mark(this.#pending.get(client_id)?.node, this.#words.delayed);
  }

  /** An agent has had everything up to this sequence on the screen. */
  seen(sequence) {
    for (const [n, node] of this.#nodes) {
      if (n <= sequence && node.matches(".visitor")) this.#mark(node, this.#words.seen);
    }
  }

  clear() {
    for (const node of this.#nodes.values()) node.remove();
    this.#nodes.clear();
  }

  /** Shows who is writing, for a while, or nobody. */
  typing(words) {
    clearTimeout(this.#timer);
    if (words) this.#timer = setTimeout(() => this.typing(), 6000);
    this.#following(() => {
      this.#typing.hidden = !words;
      this.#typing.textContent = words ?? "";
    });
  }

  toEnd() {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** Stays at the end if it was there. */
  #following(change) {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    change();
    if (scrollHeight - scrollTop - clientHeight < 80) this.toEnd();
  }

  // The line may bring an own message before its acknowledgement comes.
  #own({ sender, text, sequence, lang, attachments }) {
    if (sender !== "visitor") return null;
    for (const [id, entry] of this.#pending) {
      const { node, own } = entry;
      if (entry.sequence ? entry.sequence !== sequence : (own.text ?? "").trim() !== text) continue;
      this.#pending.delete(id);
      this.#settle(node);
      const words = node.querySelector(".text");
      if (words && lang) words.lang = lang;
      node.querySelector(".pictures")?.replaceWith(this.#pictures(attachments ?? []));
      return node;
    }
    return null;
  }

  #settle(node) {
    node.classList.remove("pending");
    this.#mark(node, this.#words.sent);
  }

  // An attribute that the style shows: a change of text would be read out.
  #mark(node, words) {
    if (node) node.dataset.delivery = words;
  }

  #item(message) {
    const { sender, text, lang, ticket, promise, cards, attachments, sources, buttons } = message;
    const words = this.#words;
    const node = h(
      "li." + sender,
      null,
      this.#author(message),
      text && h("p.text", { lang, dir: "auto" }, rich(text)),
      attachments?.length && this.#pictures(attachments),
      (ticket || promise) && h("div.card", null, ticket && this.#reference(ticket), promise && this.#promise(promise)),
      cards?.map((card) => this.#card(card)),
      sources?.length &&
        h(
          "details.sources",
          null,
          h("summary", null, words.sources),
          sources.map((source) => h("p", null, fill(words.source, source))),
        ),
      buttons?.length &&
        h(
          "div.choices",
          { role: "group", "aria-label": words.choices },
          buttons.map((button) => h("button", { lang, onclick: () => this.#press(button) }, button.title)),
        ),
    );
    if (sender === "visitor") this.#mark(node, words.sent);
    return node;
  }

  #author({ sender, agent, created_at }) {
    if (sender === "system") return null;
    const name = agent?.name ? fill(this.#words.named, agent) : this.#words.sender[sender];
    const then = new Date(created_at);
    const format = this.#times[+(then.toDateString() !== new Date().toDateString())];
    return h("p.author", null, name, " ", h("time", { datetime: created_at }, format.format(then)));
  }

  #reference({ reference }) {
    const words = this.#words;
    const code = h("strong", { translate: "no" }, reference);
    const button = h("button", { "aria-label": `${words.copy} ${reference}` }, words.copy);
    button.onclick = async () => {
      try {
        await navigator.clipboard.writeText(reference);
        this.#host.tell(words.copied);
      } catch {
        getSelection().selectAllChildren(code);
      }
    };
    return h("p.row", null, h("span", null, h("small", null, words.reference), code), button);
  }

  #promise({ due_at }) {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone?.replaceAll("_", " ");
    const due = h("time", { datetime: due_at }, this.#due.format(new Date(due_at)));
    const { replyBy, yourTime } = this.#words;
    return h("p", null, h("small", null, replyBy), due, h("small", null, fill(yourTime, { zone })));
  }

  #card({ title, lines, image, link: address, status }) {
    const to = address && this.#safe(address);
    return h(
      "div.card",
      null,
      image && h("img", { src: this.#safe(image), alt: "", width: 72, height: 72 }),
      h("div", null, h("strong", null, to ? link(to, title) : title), status && h("small", null, status), lines.map((line) => h("p", null, line))),
    );
  }

  #pictures(attachments) {
    return h(
      "div.pictures",
      null,
      attachments.map(({ name, url, thumbnail, width, height }) => {
        const to = url && this.#safe(url);
        const shown = thumbnail ? h("img", { src: this.#safe(thumbnail), alt: name, width, height }) : name;
        return to ? link(to, shown) : h("span", null, shown);
      }),
    );
  }

  /** An address of the chat's own origin, https or mailto; anything else leads nowhere. */
  #safe(address) {
    const { origin, protocol, href } = new URL(address, this.#host.server);
    return origin === this.#host.server.origin || /^(https|mailto):/.test(protocol) ? href : null;
  }
}
