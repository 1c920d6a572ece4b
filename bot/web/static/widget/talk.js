/** The conversation on the server: its calls, the line that brings news, what is on its way out. */

const PREFIX = "support-chat-";
const UNSENT = "outbox";
const QUIET_MS = 45_000;
const POLLING_MS = 300_000;
const GONE = 4404;

const page = {};

/** What is kept for all tabs; for as long as the page, where the browser forbids more. */
export function kept(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch {
    return page[key] ?? null;
  }
}

export function keep(key, value) {
  page[key] = value;
  try {
    if (value) localStorage.setItem(PREFIX + key, JSON.stringify(value));
    else localStorage.removeItem(PREFIX + key);
  } catch {}
}

/** Why a call failed: `status` 0 without an answer; the message is for the visitor. */
function refusal(status, message, wait) {
  return Object.assign(new Error(message), {
    wait,
    gone: status === 401 || status === 404,
    temporary: !status || status === 408 || status === 429 || status > 499,
  });
}

/** Growing waits, cut short when the network is back; jitter keeps many from coming at once. */
function pause(tries, told, signal) {
  return new Promise((done) => {
    const growing = Math.min(30, 2 ** tries) * (0.5 + Math.random() / 2);
    setTimeout(done, 1000 * (told ? told + Math.random() : growing));
    if (!told) addEventListener("online", done, { once: true });
    signal?.addEventListener("abort", done);
  });
}

export class Talk {
  #server;
  #words;
  #on;
  #key = kept("conversation");
  #stop = new AbortController();
  #last = 0;
  #frames = 0;
  #sending = false;

  /**
   * `on` hears begun, moved, failed, connected, messages, state, typing, seen,
   * outbox, sent, delayed, refused.
   */
  constructor(server, words, on) {
    this.#server = server;
    this.#words = words;
    this.#on = on;
    addEventListener("online", () => this.#look());
    document.addEventListener("visibilitychange", () => document.hidden || this.#look());
    addEventListener("storage", ({ key }) => {
      if (key !== PREFIX + "conversation") return on.stored();
      const now = kept("conversation");
      if (now?.id === this.#key?.id) return;
      this.#key = now;
      on.moved(now);
    });
  }

  get id() {
    return this.#key?.id;
  }

  get unsent() {
    return kept(UNSENT) ?? [];
  }

  #address(path) {
    const below = this.#key ? `/${this.#key.id}${path}` : "";
    return new URL(`/api/v1/conversations${below}`, this.#server);
  }

  /** One call below the conversation; without one, the call that begins it. */
  async call(method, path, { body, seconds = 15, signal } = {}) {
    const headers = { "Content-Type": "application/json" };
    if (this.#key) headers.Authorization = `Bearer ${this.#key.token}`;
    let response, answer;
    try {
      response = await fetch(this.#address(path), {
        method,
        headers,
        body: body && JSON.stringify(body),
        credentials: "omit",
        cache: "no-store",
        signal: AbortSignal.any([AbortSignal.timeout(seconds * 1000), signal ?? this.#stop.signal]),
      });
      const text = await response.text();
      answer = text && JSON.parse(text);
    } catch {
      throw refusal(0, this.#words.unreachable);
    }
    if (response.ok) return answer;
    const wait = Number(response.headers.get("Retry-After"));
    throw refusal(response.status, answer.error?.message ?? this.#words.failed, wait);
  }

  /** Finds the conversation or begins one, for as long as that takes, and follows it. */
  async begin() {
    this.#stop.abort();
    const { signal } = (this.#stop = new AbortController());
    let lost = false;
    for (let tries = 0; !signal.aborted; ) {
      try {
        const begun = await (this.#key ? this.#find() : this.#create());
        if (signal.aborted) return;
        this.#last = begun.messages.at(-1)?.sequence ?? 0;
        this.#on.connected(true);
        this.#on.begun({ ...begun, lost });
        this.#follow(signal);
        return this.flush();
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone && this.#key) {
          lost = true;
          this.forget();
        } else if (failure.temporary) {
          this.#on.connected(false);
          await pause(tries++, failure.wait, signal);
        } else return this.#on.failed(failure);
      }
    }
  }

  forget() {
    this.#key = null;
    keep("conversation", null);
  }

  stop() {
    this.#stop.abort();
  }

  #find() {
    return this.call("GET", "/messages?after=0");
  }

  async #create() {
    const { id, token, ...begun } = await this.call("POST", "", {
      body: {
        time_zone: Intl.DateTimeFormat().resolvedOptions().timeZone,
        locale: navigator.language,
        // Without its query, which is nobody's business.
        page: (location.origin + location.pathname).slice(0, 500),
      },
    });
    this.#key = { id, token };
    keep("conversation", this.#key);
    return begun;
  }

  /** A socket, or long polling where none gets through; goes on until stopped. */
  async #follow(signal) {
    let tries = 0;
    let unopened = 0;
    while (!signal.aborted) {
      let told;
      try {
        if (unopened < 2) {
          const held = await this.#listen(signal);
          if (held > 10_000) tries = 0;
          unopened = held ? 0 : unopened + 1;
          await this.#read(signal);
        } else {
          for (const end = Date.now() + POLLING_MS; Date.now() < end && !signal.aborted; tries = 0) {
            await this.#read(signal, 25);
          }
          unopened = 0;
        }
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone) return this.begin();
        this.#on.connected(false);
        told = failure.wait;
      }
      await pause(tries++, told, signal);
    }
  }

  /** Holds a socket until it ends; gives for how many ms it was open. */
  #listen(signal) {
    return new Promise((resolve, reject) => {
      const address = this.#address(`/socket?after=${this.#last}`);
      address.protocol = address.protocol.replace("http", "ws");
      // The token is a sub-protocol, so that no address carries it.
      const socket = new WebSocket(address, ["chat.v1", this.#key.token]);
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
        timer = setTimeout(() => this.#read(signal).then(alive, end), QUIET_MS);
      };
      signal.addEventListener("abort", end);
      socket.onopen = () => {
        opened = Date.now();
        this.#on.connected(true);
        alive();
      };
      socket.onmessage = ({ data }) => {
        alive();
        this.#frames++;
        const frame = JSON.parse(data);
        if (frame.type === "message") this.#take([frame.message], signal);
        else this.#on[frame.type]?.(frame);
      };
      socket.onclose = ({ code }) => (code === GONE ? reject(refusal(404)) : end());
    });
  }

  #take(messages, signal) {
    const gap = messages[0]?.sequence > this.#last + 1;
    this.#on.messages(messages);
    if (gap) this.#look(signal);
    else this.#last = Math.max(this.#last, ...messages.map(({ sequence }) => sequence));
  }

  /** Fetches what came after the last sequence, waiting up to so many seconds for it. */
  async #read(signal, wait = 0) {
    const before = this.#frames;
    const path = `/messages?after=${this.#last}&wait=${wait}`;
    const { messages, state } = await this.call("GET", path, { seconds: wait + 15, signal });
    if (signal.aborted) return;
    this.#last = Math.max(this.#last, ...messages.map(({ sequence }) => sequence));
    this.#on.messages(messages);
    if (before === this.#frames) this.#on.state({ state });
    this.#on.connected(true);
    if (messages.length > 499) await this.#read(signal);
  }

  #look(signal = this.#stop.signal) {
    if (this.#last && !signal.aborted) this.#read(signal).catch(() => {});
  }

  /** Keeps a message until it is acknowledged; the same client id is stored once. */
  say(message) {
    keep(UNSENT, [...this.unsent, { client_id: crypto.randomUUID(), ...message }]);
    this.#on.outbox();
    this.flush();
  }

  /** Sends what is unsent, in order, from one tab at a time. */
  async flush() {
    if (this.#sending || !this.#last) return;
    this.#sending = true;
    const send = () => this.#send();
    await (navigator.locks ? navigator.locks.request(PREFIX + UNSENT, send) : send());
    this.#sending = false;
  }

  async #send() {
    const { signal } = this.#stop;
    for (let tries = 0, item; (item = this.unsent[0]) && !signal.aborted; ) {
      const done = () => keep(UNSENT, this.unsent.filter((own) => own.client_id !== item.client_id));
      const { client_id, text, button, attachments } = item;
      const body = button ? { client_id, button } : { client_id, text, attachments };
      try {
        const { sequence } = await this.call("POST", "/messages", { body });
        done();
        tries = 0;
        this.#on.sent(item, sequence);
      } catch (failure) {
        if (signal.aborted) return;
        if (failure.gone) return void this.begin();
        if (failure.temporary) {
          this.#on.delayed(item);
          await pause(tries++, failure.wait, signal);
        } else {
          done();
          this.#on.refused(item, failure.message);
        }
      }
    }
  }

  /** Uploads a picture; tells its progress from 0 to 1. */
  upload(file, client_id, progress, signal) {
    return new Promise((resolve, reject) => {
      const request = new XMLHttpRequest();
      request.open("POST", this.#address("/attachments"));
      request.setRequestHeader("Authorization", `Bearer ${this.#key.token}`);
      request.responseType = "json";
      request.upload.onprogress = ({ loaded, total }) => progress(loaded / total);
      request.onload = () => {
        const { status, response } = request;
        if (status < 300 && response) resolve(response);
        else reject(refusal(status, response?.error?.message ?? this.#words.failed));
      };
      request.onerror = () => reject(refusal(0, this.#words.notUploaded));
      signal.addEventListener("abort", () => request.abort());
      const form = new FormData();
      form.append("client_id", client_id);
      form.append("file", file);
      request.send(form);
    });
  }
}
