/** Calls of the visitor API, the one way in which they fail, and the waits between attempts. */

import { strings } from "./strings.js";

const BASE = new URL("/api/v1/", import.meta.url);
const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

/** A call without success: `status` 0 when no answer came, `message` a sentence for the visitor. */
export class Refusal extends Error {
  constructor(status, code, message, retryAfter = null) {
    super(message);
    this.status = status;
    this.code = code;
    this.retryAfter = retryAfter;
  }

  /** The conversation is not, or no longer, this visitor's. */
  get gone() {
    return this.status === 401 || this.status === 404;
  }

  /** The same call may succeed later. */
  get temporary() {
    return this.status === 0 || this.status === 408 || this.status === 429 || this.status >= 500;
  }
}

/** One call; gives up after `patience` seconds, or when `signal` is aborted. */
export async function call(method, path, { token, body, patience = 15, signal } = {}) {
  const limit = new AbortController();
  const abort = () => limit.abort();
  const timer = setTimeout(abort, patience * 1000);
  signal?.addEventListener("abort", abort);
  try {
    const headers = {};
    if (token) headers.Authorization = `Bearer ${token}`;
    if (body) headers["Content-Type"] = "application/json";
    const response = await fetch(new URL(path, BASE), {
      method,
      headers,
      body: body && JSON.stringify(body),
      credentials: "omit",
      cache: "no-store",
      signal: limit.signal,
    });
    const answer = await response.json().catch(() => null);
    if (!response.ok) throw refusal(response, answer);
    if (answer === null) throw new Refusal(0, "cut_short", strings.unreachable);
    return answer;
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal(0, "no_answer", strings.unreachable);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

/** A socket; the token travels as a sub-protocol, so that no address carries it. */
export function socket(path, token) {
  const address = new URL(path, BASE);
  address.protocol = address.protocol === "https:" ? "wss:" : "ws:";
  return new WebSocket(address, ["chat.v1", token]);
}

function refusal(response, answer) {
  const { code, message } = answer?.error ?? {};
  return new Refusal(
    response.status,
    code ?? "unknown",
    message ?? strings.failed,
    seconds(response.headers.get("Retry-After")),
  );
}

// The header holds seconds or a date.
function seconds(header) {
  if (!header) return null;
  const told = Number(header);
  const wait = Number.isNaN(told) ? (Date.parse(header) - Date.now()) / 1000 : told;
  return Number.isNaN(wait) ? null : Math.max(0, wait);
}

/** Growing, jittered waits between attempts, cut short when the network comes back. */
export class Retry {
  #attempts = 0;

  reset() {
    this.#attempts = 0;
  }

  /** Waits before the next attempt: as long as the server said (seconds), else longer each time. */
  async wait(told = null, signal = null) {
    const growing = Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#attempts);
    this.#attempts += 1;
    // Jitter keeps many visitors who lost the same server from coming back in the same moment.
    if (told === null) await pause(growing * (0.5 + Math.random() / 2), signal, true);
    else await pause(told * 1000 + Math.random() * FIRST_MS, signal, false);
  }
}

function pause(ms, signal, untilOnline) {
  if (signal?.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      removeEventListener("online", done);
      signal?.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    if (untilOnline) addEventListener("online", done);
    signal?.addEventListener("abort", done);
  });
}
