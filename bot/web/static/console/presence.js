// Tells the visitor's side that an agent types, and up to where the messages have been on screen.

const TYPING_EVERY_MS = 4_000;

export function presence(page, form) {
  const { at, token } = page.dataset;
  let typedAt = -TYPING_EVERY_MS;
  let last = 0;
  let told = 0;

  const post = (what, values = {}) =>
    fetch(`${at}/${what}`, {
      method: "POST",
      headers: { Accept: "application/json" },
      body: new URLSearchParams({ form_token: token, ...values }),
    }).catch(() => {});

  form.elements.namedItem("text").addEventListener("input", (event) => {
    if (event.timeStamp - typedAt < TYPING_EVERY_MS) return;
    typedAt = event.timeStamp;
    post("typing");
  });

  const tellSeen = () => {
    if (document.hidden || last <= told) return;
    told = last;
    post("seen", { sequence: last });
  };
  document.addEventListener("visibilitychange", tellSeen);

  return (sequence) => {
    last = Math.max(last, sequence);
    tellSeen();
  };
}
