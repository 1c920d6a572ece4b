/** Growing, jittered waits between attempts, cut short when the network comes back. */

const FIRST_MS = 1_000;
const LONGEST_MS = 30_000;

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
