/** Calls of the visitor API, and the one way in which they fail. */

import { strings } from "./strings.js";

const BASE = new URL("/api/v1/", import.meta.url);

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
