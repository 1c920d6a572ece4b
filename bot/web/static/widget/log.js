/** The messages by their sequence; those on their way out are at the end. */

// No markup in strings: strict pages forbid it.
export function h(name, ...children) {
  const [tag, style] = name.split(".");
  const attributes = children[0]?.constructor === Object ? children.shift() : {};
  const node = document.createElement(tag);
  if (style) node.className = style;
  for (const [key, value] of Object.entries(attributes)) {
    if (typeof value === "function") node[key] = value;
    else if (value != null) node.setAttribute(key, value);
  }
  node.append(...children.flat().filter(Boolean));
  return node;
}

export const fill = (text, values) => text.replace(/{(\w+)}/g, (_, name) => values[name]);

const link = (href, words) => h("a", { href, target: "_blank", rel: "noopener noreferrer" }, words);

const DAY = { day: "numeric", month: "short" };
const LONG = { weekday: "long", day: "numeric", month: "long" };
const PARTS = /(https:\/\/[^\s<>"]*[^\s<>".,;:!?)\]])|[\w.+-]+@[\w-]+\.[\w.-]*\w|\d+–\d+|KC-\w+/g;

// Addresses become links; 1–2 or a reference stays on one line.
function rich(text) {
  let end = 0;
  const nodes = [...text.matchAll(PARTS)].flatMap(({ 0: part, 1: address, index }) => {
    const before = text.slice(end, index);
    end = index + part.length;
    if (part.includes("@") && !address) address = `mailto:${part}`;
    return [before, address ? link(address, part) : h("span.whole", part)];
  });
  return [...nodes, text.slice(end)];
}

export function log({ server, language, words, press, tell }) {
  const nodes = new Map();
  const pending = new Map();
  const arrived = new Set();
  const list = h("ol");
  const writing = h("p.typing", { hidden: "", "aria-hidden": true });
  const element = h("div.log", { role: "log", "aria-label": words.log, tabindex: 0 }, list, writing);
  const locale = navigator.language.startsWith(language) ? navigator.language : language;
  const formats = new Map();
  function time(instant, how) {
    const clock = { hour: "numeric", minute: "2-digit", ...how };
    if (!formats.has(how)) formats.set(how, new Intl.DateTimeFormat(locale, clock));
    return h("time", { datetime: instant }, formats.get(how).format(new Date(instant)));
  }
  const small = (text) => text && h("small", text);
  let timer;

  const toEnd = () => (element.scrollTop = element.scrollHeight);

  function following(change) {
    const { scrollHeight, scrollTop, clientHeight } = element;
    change();
    if (scrollHeight - scrollTop - clientHeight < 80) toEnd();
  }

  // An attribute that the style shows: a change of text would be read out.
  const mark = (node, state) => node && (node.dataset.delivery = words[state]);

  function settle(node) {
    node.classList.remove("pending");
    mark(node, "sent");
  }

  function safe(address) {
    const { origin, protocol, href } = new URL(address, server);
    return origin === server.origin || /^(https|mailto):/.test(protocol) ? href : null;
  }

  const linked = (address, content) => (address && safe(address) ? link(safe(address), content) : content);

  const image = (source, more) => source && h("img", { src: safe(source), ...more });

  const picture = ({ name, url, thumbnail, width, height }) =>
    h("span", linked(url, image(thumbnail, { alt: name, width, height }) ?? name));

  function reference(code) {
    const shown = h("strong", { translate: "no" }, code);
    const onclick = () =>
      navigator.clipboard.writeText(code).then(
        () => tell(words.copied),
        () => getSelection().selectAllChildren(shown),
      );
    const copy = h("button", { "aria-label": `${words.copy} ${code}`, onclick }, words.copy);
    return h("p.row", h("span", small(words.reference), shown), copy);
  }

  const promise = ({ due_at }) =>
    h(
      "p",
      small(words.replyBy),
      time(due_at, LONG),
      small(Intl.DateTimeFormat().resolvedOptions().timeZone.replaceAll("_", " ")),
    );

  const card = ({ kind, title, lines, image: source, link: address, status }) =>
    h(
      "div.card",
      image(source, { alt: "", width: 72, height: 72 }),
      h(
        "div",
        h("strong", words[kind], " ", linked(address, title)),
        small(status),
        lines.map((line) => h("p", line)),
      ),
    );

  const author = ({ sender, agent, created_at }) =>
    h(
      "p.author",
      agent?.name ?? words.sender[sender],
      " ",
      time(created_at, new Date() - new Date(created_at) > 43e6 && DAY),
    );

  function item(message) {
    const { sender, text, lang, ticket, promise: due, cards, attachments, sources, buttons } = message;
    const node = h(
      `li.${sender}`,
      sender !== "system" && author(message),
      text && h("p.text", { lang, dir: "auto" }, rich(text)),
      attachments?.length && h("div.pictures", attachments.map(picture)),
      (ticket || due) &&
        h("div.card", ticket && reference(ticket.reference), due && promise(due)),
      cards?.map(card),
      sources?.length &&
        h(
          "details.sources",
          h("summary", words.sources),
          sources.map((source) => h("p", fill(words.source, source))),
        ),
      buttons?.length &&
        h(
          "div.choices",
          buttons.map((button) => h("button", { lang, onclick: () => press(button) }, button.title)),
        ),
    );
    if (sender === "visitor") mark(node, "sent");
    return node;
  }

  // The line may bring an own message before its acknowledgement comes.
  function own({ client_id, lang, attachments }) {
    arrived.add(client_id);
    const node = pending.get(client_id)?.node;
    if (!node) return;
    pending.delete(client_id);
    settle(node);
    const shown = node.querySelector(".text");
    if (shown) shown.lang = lang;
    node.querySelector(".pictures")?.replaceChildren(...attachments.map(picture));
    return node;
  }

  return {
    element,
    toEnd,

    add(messages) {
      const fresh = messages.filter(({ sequence }) => !nodes.has(sequence));
      following(() => {
        for (const message of fresh) {
          const node = own(message) ?? item(message);
          nodes.set(message.sequence, node);
          const later = Math.min(...[...nodes.keys()].filter((n) => n > message.sequence));
          const next = nodes.get(later) ?? [...pending.values()][0]?.node ?? null;
          // A node that is moved is read out again.
          if (!node.isConnected || nodes.has(later)) list.insertBefore(node, next);
        }
      });
      return fresh;
    },

    pend(unsent) {
      for (const [id, { node, sequence }] of pending) {
        if (sequence || unsent.some(({ client_id }) => client_id === id)) continue;
        node.remove();
        pending.delete(id);
      }
      for (const message of unsent) {
        const { client_id, text, files } = message;
        if (pending.has(client_id) || arrived.has(client_id)) continue;
        const node = item({ sender: "visitor", text, attachments: files, created_at: Date.now() });
        node.classList.add("pending");
        mark(node, "sending");
        pending.set(client_id, { node });
        list.append(node);
        toEnd();
      }
    },

    sent({ client_id }, sequence) {
      const entry = pending.get(client_id);
      if (!entry) return;
      entry.sequence = sequence;
      settle(entry.node);
    },

    delayed: ({ client_id }) => mark(pending.get(client_id)?.node, "delayed"),

    seen({ sequence }) {
      for (const [n, node] of nodes) if (n <= sequence && node.dataset.delivery) mark(node, "seen");
    },

    clear() {
      for (const node of nodes.values()) node.remove();
      nodes.clear();
    },

    typing(who = "") {
      clearTimeout(timer);
      timer = setTimeout(() => (writing.hidden = true), 6000);
      following(() => {
        writing.hidden = !who;
        writing.textContent = who;
      });
    },
  };
}
