// Shows what has changed on an open page of the console, as text only, and sends replies.
//
// The server renders each page whole. What may change is marked: an element with data-scope takes
// its values from one object (the page's view, or a row of a list), and the elements in it say
// what they show of it: data-text, data-href, data-value, data-tone, data-show, data-list.

import { listen } from "./news.js";
import { presence } from "./presence.js";
import { fill, lastKey } from "./view.js";
import { sendReplies } from "./reply.js";

const page = document.querySelector("[data-page]");
const transcript = page.querySelector("[data-transcript]");

function isAtEnd() {
  return transcript.scrollTop + transcript.clientHeight >= transcript.scrollHeight - 40;
}

function showEnd() {
  transcript.scrollTop = transcript.scrollHeight;
}

const haveSeen = transcript && presence(page, page.querySelector("[data-reply]"));

listen({
  address: page.dataset.events,
  seen: Number(page.dataset.seen),
  status: page.querySelector("[data-status]"),
  after: () => (transcript ? lastKey(transcript.firstElementChild) : 0),
  show(view) {
    const follow = transcript && isAtEnd();
    fill(page, view);
    if (view.title) document.title = `${view.title} · Kendrascntt`;
    if (follow) showEnd();
    haveSeen?.(view.last_sequence);
  },
});

if (transcript) {
  showEnd();
  haveSeen(lastKey(transcript.firstElementChild));
  sendReplies(page.querySelector("[data-reply]"), showEnd);
}
