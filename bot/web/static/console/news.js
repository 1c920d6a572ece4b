// Asks the server for news again and again, which also shows that somebody is here.

const WAIT_S = 25;
// A hidden page holds no connection: a browser has only a few, and all pages share them.
const HIDDEN_MS = 15_000;
const FIRST_RETRY_MS = 1_000;
const LONGEST_RETRY_MS = 30_000;

export async function listen({ address, seen, status, after, show }) {
  let retry = FIRST_RETRY_MS;
  for (;;) {
    try {
      const wait = document.hidden ? 0 : WAIT_S;
      const query = new URLSearchParams({ seen, wait, after: after() });
      const answer = await fetch(`${address}?${query}`, { headers: { Accept: "application/json" } });
      if (answer.status === 401) return signedOut(status);
      if (!answer.ok) throw new Error(`status ${answer.status}`);
      const news = await answer.json();
      seen = news.seen;
      show(news.view);
      status.hidden = true;
      retry = FIRST_RETRY_MS;
      if (wait === 0) await nextLook();
    } catch {
      tell(status, "No connection to the server. Trying again…");
      await pause(retry * (0.5 + Math.random()));
      retry = Math.min(retry * 2, LONGEST_RETRY_MS);
    }
  }
}

function signedOut(status) {
  const draft = document.querySelector("[data-reply] textarea");
  if (!draft?.value) location.reload();
  else tell(status, "You are signed out. Sign in again in another tab, then send.");
}

function tell(status, sentence) {
  if (status.textContent !== sentence) status.textContent = sentence;
  status.hidden = false;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

function nextLook() {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      document.removeEventListener("visibilitychange", done);
      resolve();
    };
    const timer = setTimeout(done, HIDDEN_MS);
    document.addEventListener("visibilitychange", done);
  });
}
