/** The chat's window; joins its parts. */

import { fill, h, log } from "./log.js";
import { keep, kept, talk } from "./talk.js";

const MOST = 5;
const MOST_MB = 10;

export function start(host, words, style) {
  const { shadowRoot: root, language, server, settings } = host;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(style);
  root.adoptedStyleSheets.push(sheet);

  const touch = matchMedia("(pointer: coarse)").matches;
  let theirs = [];
  let newest = 0;
  let state, offline;

  const spoken = (name) => h(name, { role: "status" });
  const [status, connection, notice] = ["p.state", "p.banner alert", "p.banner"].map(spoken);
  const said = spoken("p.banner said");
  const badge = h("b", { "aria-live": "polite" });
  const sheets = h("div");
  const tell = (sentence = "") => (said.textContent = sentence);

  const on = {
    begun({ notice: news = settings.notice, state, lost }) {
      if (lost) clear();
      notice.textContent = `${lost ? words.lost : ""} ${news?.text ?? ""}`.trim();
      // History is not news to a screen reader.
      view.element.ariaBusy = true;
      setTimeout(() => (view.element.ariaBusy = false));
      become(state);
      on.outbox();
    },

    moved: restart,

    stored() {
      on.outbox();
      restore();
      recount();
    },

    failed({ message }) {
      become("none");
      notice.textContent = message;
    },

    connected(is) {
      if (is) offline = connection.textContent = clearTimeout(offline) ?? "";
      else
        offline ||= setTimeout(() => {
          connection.textContent = words[navigator.onLine ? "unreachable" : "offline"];
        }, 2500);
    },

    messages(messages) {
      for (const { sequence, sender, asks } of view.add(messages)) {
        newest = Math.max(newest, sequence);
        if (sender === "visitor") continue;
        theirs.push(sequence);
        view.typing();
        if (sequence === newest) expect(asks);
        if (asks === "rating") rate();
      }
      recount();
    },

    state({ state: now }) {
      if (now === state) return;
      become(now);
      if (now === "closed") rate();
    },

    typing: ({ sender, agent }) =>
      view.typing(fill(words.writes[sender], { name: agent?.name ?? words.sender.agent })),

    outbox: () => view.pend(line.unsent()),

    sent(own, sequence) {
      view.sent(own, sequence);
      if (state === "bot" && newest < sequence) on.typing({ sender: "bot" });
    },

    refused({ button, text }, { message }) {
      on.outbox();
      input.value = [button ? "" : text, input.value].join("\n").trim();
      changed();
      tell(message);
    },
  };

  const line = talk(server, words, on);
  const view = log({ server, language, words, tell, press });
  on.seen = view.seen;
  on.delayed = view.delayed;

  const tray = new Map();
  let told = 0;

  const trays = h("ul.tray");
  const count = h("p.count", { "aria-live": "polite" });

  const input = h("textarea", {
    rows: 1,
    maxlength: 1000,
    "aria-label": words.message,
    enterkeyhint: "send",
    oninput() {
      changed();
      keep("draft", input.value);
      if (Date.now() - told < 4000) return;
      told = Date.now();
      if (state !== "bot") line.call("POST", "/typing", {}).catch(() => {});
    },
    onkeydown(event) {
      if (event.key === "Enter" && !event.shiftKey && !event.isComposing) submit(event);
    },
    onpaste: ({ clipboardData }) => take(clipboardData.files),
  });

  const icon = (label, sign, onclick) =>
    h("button.icon", { type: "button", "aria-label": label, onclick }, sign);

  function picker(label, sign, more) {
    const file = h("input", { type: "file", accept: "image/*", multiple: "", hidden: "", ...more });
    file.onchange = () => {
      take(file.files);
      file.value = "";
    };
    return [icon(label, sign, () => file.click()), file];
  }

  const composer = h(
    "form.composer",
    { onsubmit: submit },
    trays,
    count,
    h(
      "div.row",
      picker(words.file, "+"),
      touch && picker(words.camera, "◉", { capture: "" }),
      input,
      h("button.icon main", { "aria-label": words.send }, "➤"),
    ),
  );

  function changed() {
    tell();
    const n = 1000 - input.value.length;
    count.textContent = n < 100 ? fill(words.left, { n }) : "";
  }

  function take(files) {
    for (const file of files) {
      const { name, size } = file;
      if (tray.size >= MOST) tell(fill(words.tooMany, { n: MOST }));
      else if (size > MOST_MB * 1e6) tell(fill(words.tooLarge, { n: MOST_MB, name }));
      else add(file, name);
    }
  }

  async function add(file, name) {
    const id = crypto.randomUUID();
    const stop = new AbortController();
    const progress = h("progress", { value: 0, "aria-label": name });
    // Not an image element: strict policies forbid a blob's address.
    const preview = h("canvas", { width: 48, height: 48 });
    const remove = () => {
      stop.abort();
      tray.delete(id);
      row.remove();
      input.focus();
    };
    const row = h("li", preview, h("span", name), progress);
    row.append(icon(fill(words.remove, { name }), "✕", remove));
    tray.set(id, null);
    trays.append(row);
    createImageBitmap(file).then(
      (picture) => preview.getContext("2d").drawImage(picture, 0, 0, 48, 48),
      () => preview.remove(),
    );
    try {
      tray.set(id, await line.upload(file, id, (part) => (progress.value = part), stop.signal));
      progress.remove();
    } catch ({ message }) {
      remove();
      tell(message);
    }
  }

  function submit(event) {
    event.preventDefault();
    const text = input.value.trim() || undefined;
    const files = [...tray.values()];
    if (files.includes(null)) return tell(words.uploading);
    if (!(text || files[0])) return;
    input.value = "";
    tray.clear();
    trays.replaceChildren();
    changed();
    keep("draft");
    line.say({ text, ...(files[0] && { attachments: files.map(({ id }) => id), files }) });
  }

  function expect(asks) {
    input.placeholder = words.asks[asks] ?? words.placeholder;
    input.inputMode = { email: "email", code: "numeric" }[asks] ?? "text";
  }

  function restore() {
    if (!input.matches(":focus")) input.value = kept("draft") ?? "";
  }

  function press({ id, title }) {
    line.say({ text: title, button: id });
    // A finger's keyboard would come up over the answer.
    (touch ? view.element : input).focus();
  }

  const button = (label, onclick) => h("button", { type: "button", onclick }, label);

  const refocus = () => (again.hidden ? input : again).focus();

  function ask(title, fields, action) {
    const end = (sentence) => {
      sheets.replaceChildren();
      tell(sentence);
      refocus();
    };
    const onsubmit = (event) => {
      event.preventDefault();
      const given = Object.fromEntries(new FormData(form, event.submitter));
      action(given).then(end, ({ message }) => tell(message));
    };
    const form = h("form", { "aria-label": title, onsubmit }, h("strong", title), fields);
    form.append(button(words.cancel, () => end()));
    sheets.replaceChildren(form);
    form.querySelector("input, .main")?.focus();
  }

  const mail = () =>
    ask(
      words.mail,
      [
        h(
          "label",
          words.asks.email,
          h("input", { type: "email", name: "email", required: "", autocomplete: "email" }),
        ),
        h("button.main", words.send),
      ],
      async (given) => {
        await line.call("POST", "/transcript", given);
        return fill(words.mailed, given);
      },
    );

  const erase = () =>
    ask(words.sure, [h("button.main", words.erase)], async () => {
      const { kept: stays } = await line.call("DELETE");
      line.forget();
      keep("outbox");
      restart();
      return `${words.erased} ${stays ?? ""}`;
    });

  async function download() {
    try {
      const found = await line.call("GET", "/export");
      const href = URL.createObjectURL(new Blob([JSON.stringify(found, null, 2)]));
      h("a", { href, download: "conversation.json" }).click();
    } catch ({ message }) {
      tell(message);
    }
  }

  // Asked once a conversation.
  function rate() {
    if (kept("rated") === line.id()) return;
    keep("rated", line.id());
    const star = (value) => h("button.icon", { name: "stars", value, "aria-label": `${value} / 5` }, "★");
    const stars = h("div.stars", [1, 2, 3, 4, 5].map(star));
    ask(words.rate, [stars], async ({ stars }) => {
      await line.call("POST", "/rating", { stars: +stars });
      return words.thanks;
    });
  }

  function clear() {
    view.clear();
    theirs = [];
    newest = 0;
    keep("read");
  }

  function restart(known) {
    line.stop();
    clear();
    sheets.replaceChildren();
    on.outbox();
    become(known ? "connecting" : "closed");
    if (known) line.begin();
  }

  function become(now) {
    state = dialog.dataset.state = now;
    status.textContent = words.state[now];
    back.hidden = !/waiting|agent/.test(now);
    again.hidden = !/closed|none/.test(now);
    again.textContent = words[now === "none" ? "retry" : "again"];
    composer.hidden = !again.hidden;
    view.typing();
    recount();
  }

  function recount() {
    if (dialog.open && !document.hidden && newest > kept("read")) keep("read", newest);
    const unread = theirs.filter((sequence) => sequence > kept("read")).length;
    const title = document.title.replace(/^\(\d+\) /, "");
    document.title = unread ? `(${unread}) ${title}` : title;
    badge.replaceChildren(...(unread ? [h("span.spoken", words.unread), ` ${unread}`] : []));
  }

  const back = button(words.back, () => press({ id: "return_to_assistant", title: words.back }));
  const again = button("", () => {
    if (state === "closed") line.forget();
    restart(true);
    input.focus();
  });
  again.className = "main";
  const menu = h(
    "details",
    {
      onclick({ target }) {
        if (target.matches("button")) menu.open = false;
      },
    },
    h("summary.icon", { "aria-label": words.more }, "⋯"),
    h("div.menu", button(words.mail, mail), button(words.data, download), button(words.erase, erase)),
  );

  function onkeydown(event) {
    const { key, shiftKey, isComposing } = event;
    if (key === "Escape" && !isComposing) {
      event.preventDefault();
      if (!menu.open) return dialog.close();
      menu.open = false;
      menu.firstChild.focus();
    }
    if (key !== "Tab") return;
    const stops = [...dialog.querySelectorAll("button, summary, a, input, textarea, .log")];
    const shown = stops.filter((stop) => stop.checkVisibility());
    if (root.activeElement !== shown.at(shiftKey ? 0 : -1)) return;
    event.preventDefault();
    shown.at(shiftKey ? -1 : 0).focus();
  }

  const dialog = h(
    "dialog.window",
    {
      lang: language,
      dir: language === "ar" ? "rtl" : "ltr",
      "aria-labelledby": "title",
      onkeydown,
      onclose() {
        host.removeAttribute("open");
      },
      ondragover: (event) => event.preventDefault(),
      ondrop(event) {
        event.preventDefault();
        take(event.dataTransfer.files);
      },
    },
    h("header", h("div", h("h2", { id: "title" }, words.title), status, back), menu, icon(words.close, "✕", () => dialog.close())),
    connection,
    notice,
    view.element,
    said,
    sheets,
    composer,
    again,
  );
  view.element.prepend(host.getAttribute("greeting") ?? settings.greeting ?? "");
  notice.textContent = settings.notice?.text;
  root.append(dialog);
  root.querySelector(".launcher").append(badge);
  document.addEventListener("visibilitychange", recount);
  // What the on-screen keyboard leaves.
  const fit = () => {
    dialog.style.setProperty("--height", `${visualViewport.height}px`);
    dialog.style.setProperty("--top", `${visualViewport.offsetTop}px`);
  };
  visualViewport.onresize = visualViewport.onscroll = fit;
  fit();
  become("connecting");
  expect();
  restore();
  if (line.id()) line.begin();

  return {
    close: () => dialog.close(),

    open(focus) {
      if (dialog.open) return;
      if (matchMedia("(max-width: 540px), (max-height: 480px)").matches) dialog.showModal();
      else dialog.open = true;
      changed();
      if (focus) input.focus();
      view.toEnd();
      recount();
      if (!line.id()) line.begin();
    },
  };
}
