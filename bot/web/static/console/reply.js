// Sends a reply without leaving the page. Until the server has it, the text stays in the box.

const NOT_SENT = "This could not be sent. It is still here; please try again.";

export function sendReplies(form, sent) {
  const text = form.elements.namedItem("text");
  const clientId = form.elements.namedItem("client_id");
  const button = form.querySelector("button");
  const refusal = form.querySelector("[data-refusal]");
  let sending = false;

  text.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
  });

  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    if (sending) return;
    sending = true;
    button.disabled = true;
    const body = new URLSearchParams(new FormData(form));
    try {
      const answer = await fetch(form.action, {
        method: "POST",
        headers: { Accept: "application/json" },
        body,
      });
      const said = await answer.json();
      if (!answer.ok) throw new Refused(said.error.message);
      text.value = "";
      clientId.value = said.client_id;
      refusal.hidden = true;
      sent();
    } catch (error) {
      refusal.textContent = error instanceof Refused ? error.message : NOT_SENT;
      refusal.hidden = false;
    } finally {
      sending = false;
      button.disabled = false;
      text.focus();
    }
  });
}

class Refused extends Error {}
