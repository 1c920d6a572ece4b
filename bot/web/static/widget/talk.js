/** The conversation on the server: calls, the line that brings news, the outbox. */

const PREFIX = "support-chat-";

// Where the browser forbids storage, things are kept for as long as the page.
let store = {};
try {
  localStorage[PREFIX] = 1;
  store = localStorage;
} catch {}

export const kept = (key) => JSON.parse(store[PREFIX + key] ?? null);

export function keep(key, value) {
  if (value) store[PREFIX + key] = JSON.stringify(value);
  else delete store[PREFIX + key];
}

const refusal = (status, message) =>
  Object.assign(new Error(message), {
    gone: status === 401 || status === 404,
    temporary: !status || status === 408 || status === 429 || status > 499,
  });

// Growing waits; jitter keeps many from coming back at once.
const pause = (tries, signal) =>
  new Promise((done) => {
    setTimeout(done, Math.min(30_000, 1000 * 2 ** tries) * (0.5 + Math.random() / 2));
    addEventListener("online", done);
    signal.addEventListener("abort", done);
  });

export function talk(server, words, on) {
  let key = kept("conversation");
  let stop = new AbortController();
  let last = 0;
  let frames = 0;
  let sending;

  const unsent = () => kept("outbox") ?? [];
  const forget = () => keep("conversation", (key = null));
  const bearer = () => key && { Authorization: `Bearer ${key.token}` };
  const address = (path) =>
    new URL(`/api/v1/conversations${key ? `/${key.id}${path}` : ""}`, server);

  async function call(method, path = "", content) {
    let response, answer;
    try {
      response = await fetch(address(path), {
        method,
        headers: { "Content-Type": "application/json", ...bearer() },
        body: content && JSON.stringify(content),
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.any([AbortSignal.timeout(15_000), stop.signal]),
      });
      answer = JSON.parse((await response.text()) || "{}");
    } catch {
      throw refusal(0, words.unreachable);
    }
    if (response.ok) return answer;
    throw refusal(response.status, answer.error?.message ?? words.failed);
  }

  async function create() {
    const { id, token, ...begun } = await call("POST", "", {
      time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
      locale: navigator.language,
      page: (location.origin + location.pathname).slice(0, 500),
    });
    keep("conversation", (key = { id, token }));
    return begun;
  }

  async function begin() {
    stop.abort();
    const { signal } = (stop = new AbortController());
    for (let tries = 0, lost; !signal.aborted; ) {
      try {
        const begun = await (key ? call("GET", "/messages?after=0") : create());
        last = 0;
        on.begun({ ...begun, lost });
        take(begun);
        follow(signal);
        return flush();
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone && key) {
          lost = true;
          forget();
        } else if (failure.temporary) {
          on.connected(false);
          await pause(tries++, signal);
        } else return on.failed(failure);
      }
    }
  }

  // A socket; where none gets through, long polling for five minutes.
  async function follow(signal) {
    for (let tries = 0, unopened = 0; !signal.aborted; await pause(tries++, signal)) {
      try {
        const polling = unopened > 1 && Date.now() + 300_000;
        if (!polling) {
          const held = await listen(signal);
          if (held > 10_000) tries = 0;
          unopened = held ? 0 : unopened + 1;
        }
        do {
          await read(polling ? 10 : 0);
          if (polling) unopened = tries = 0;
        } while (Date.now() < polling);
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone) return begin();
        on.connected(false);
      }
    }
  }

  const listen = (signal) =>
    new Promise((resolve, reject) => {
      const to = address(`/socket?after=${last}`);
      to.protocol = to.protocol.replace("http", "ws");
      const socket = new WebSocket(to, ["chat.v1", key.token]);
      let opened = 0;
      const end = () => {
        clearTimeout(timer);
        socket.onmessage = null;
        socket.close();
        resolve(opened && Date.now() - opened);
      };
      let timer = setTimeout(end, 8000);
      // A line can be dead without knowing: after a quiet while the server is asked.
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => read().then(alive, end), 45_000);
      };
      signal.addEventListener("abort", end);
      socket.onopen = () => {
        opened = Date.now();
        on.connected(true);
        alive();
      };
      socket.onmessage = ({ data }) => {
        alive();
        frames++;
        const { type, ...frame } = JSON.parse(data);
        if (type !== "message") on[type]?.(frame);
        else if (frame.message.sequence > last + 1) look();
        else take({ messages: [frame.message] });
      };
      socket.onclose = ({ code }) => (code === 4404 ? reject(refusal(404)) : end());
    });

  function take({ messages }) {
    on.messages(messages);
    last = Math.max(last, ...messages.map(({ sequence }) => sequence));
  }

  async function read(wait = 0) {
    const before = frames;
    const found = await call("GET", `/messages?after=${last}&wait=${wait}`);
    take(found);
    if (before === frames) on.state(found);
    on.connected(true);
    if (found.messages.length > 499) await read();
  }

  const look = () => last && read().catch(() => {});

  // One tab at a time, so that the order stays.
  async function flush() {
    if (sending || !last) return;
    sending = true;
    await (navigator.locks?.request(PREFIX, send) ?? send());
    sending = false;
  }

  async function send() {
    const { signal } = stop;
    for (let tries = 0, item; (item = unsent()[0]) && !signal.aborted; ) {
      const { files, text, ...rest } = item;
      const done = () => {
        tries = 0;
        keep("outbox", unsent().slice(1));
      };
      try {
        const { sequence } = await call("POST", "/messages", rest.button ? rest : { ...rest, text });
        done();
        on.connected(true);
        on.sent(item, sequence);
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone) return void begin();
        if (failure.temporary) {
          on.connected(false);
          on.delayed(item);
          await pause(tries++, signal);
        } else {
          done();
          on.refused(item, failure);
        }
      }
    }
  }

  addEventListener("online", look);
  document.addEventListener("visibilitychange", () => document.hidden || look());
  addEventListener("storage", () => {
    const now = kept("conversation");
    if (now?.id === key?.id) return on.stored();
    key = now;
    on.moved(now);
  });

  return {
    call,
    begin,
    forget,
    unsent,
    id: () => key?.id,
    stop: () => stop.abort(),

    say(message) {
      keep("outbox", [...unsent(), { client_id: crypto.randomUUID(), ...message }]);
      on.outbox();
      flush();
    },

    upload: (file, client_id, progress, signal) =>
      new Promise((resolve, reject) => {
        const request = new XMLHttpRequest();
        request.open("POST", address("/attachments"));
        request.setRequestHeader("Authorization", bearer().Authorization);
        request.responseType = "json";
        request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
        request.onload = ({ target: { status, response } }) => {
          if (status < 300) resolve(response);
          else reject(refusal(status, response?.error?.message ?? words.failed));
        };
        request.onerror = () => reject(refusal(0, words.notUploaded));
        signal.addEventListener("abort", () => request.abort());
        const form = new FormData();
        form.append("client_id", client_id);
        form.append("file", file);
        request.send(form);
      }),
  };
}
