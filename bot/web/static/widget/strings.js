/** Every word that the chat window itself says, and how it writes dates. */

export const strings = {
  title: "Customer service",
  close: "Close the chat",
  log: "Messages",
  you: "You",
  assistant: "Assistant",
  person: "A person from our team",
  named: (name) => `${name} from our team`,
  choices: "Suggested answers",

  state: {
    bot: "The assistant is here",
    waiting: "A person is on the way",
    agent: "You are talking with a person",
    closed: "This conversation has ended",
    none: "Not connected",
  },
  back: "Back to the assistant",
  again: "Start a new conversation",
  assistantWrites: "The assistant is writing",
  personWrites: (name) => `${name ?? "A person"} is writing`,

  connecting: "Connecting…",
  offline: "You are offline. Your messages go out when you are back.",
  unreachable: "The connection is gone. Trying again…",
  lost: "Your earlier conversation is no longer here, so this is a new one.",
  failed: "Something went wrong. Please try again.",
  retry: "Try again",

  message: "Your message",
  placeholder: "Write a message",
  asks: {
    name: "Your full name",
    email: "Your e-mail address",
    order_number: "Your order number",
    description: "What happened?",
    code: "The six digits",
  },
  send: "Send",
  sending: "Sending…",
  delayed: "Not sent yet. Trying again…",
  left: (count) => (count === 1 ? "1 character left" : `${count} characters left`),
  over: (count) => `${count} too many. A message holds 1,000 characters.`,

  source: ({ document, section, title }) => `${document}, section ${section}, ${title}`,
  reference: "Your reference",
  copy: "Copy",
  copied: "Copied",
  replyBy: "A person replies by",
  yourTime: (zone) => `in your time zone, ${zone}`,
};

export const zone = Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";

// Dates follow the words around them, which are English; only the region's habits are the visitor's.
const locale = /^en\b/.test(navigator.language) ? navigator.language : "en";
const hour = { hour: "numeric", minute: "2-digit" };
const clock = new Intl.DateTimeFormat(locale, hour);
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short", ...hour });
const full = new Intl.DateTimeFormat(locale, { weekday: "long", day: "numeric", month: "long", ...hour });

/** When a message was written: the time today, with the date before that. */
export function written(instant, now = new Date()) {
  const then = new Date(instant);
  return (then.toDateString() === now.toDateString() ? clock : day).format(then);
}

/** The moment by which a person replies, as the visitor's own calendar and clock show it. */
export function due(instant) {
  return full.format(new Date(instant));
}
