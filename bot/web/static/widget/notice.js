/** What the shop announces, beside the launcher until the visitor has closed it. */

const READ = "support-chat-notice";
const STYLE = `
aside {
  display: flex;
  margin-block-end: 68px;
  gap: 8px;
  box-sizing: border-box;
  inline-size: min(380px, 100vw - 40px);
  padding: 12px 4px 12px 16px;
  border: 1px solid var(--accent);
  border-radius: 12px;
  background: Canvas;
  color: CanvasText;
}
aside p {
  margin: 0;
}
aside button {
  all: unset;
  flex: none;
  inline-size: 44px;
  block-size: 44px;
  margin-block: -6px auto;
  border-radius: 12px;
  text-align: center;
  cursor: pointer;
}
aside button:focus-visible {
  outline: 3px solid var(--accent);
}
.launcher[hidden] ~ aside {
  display: none;
}`;

export function show(host, text) {
  const root = host.shadowRoot;
  if (read() === text) return;
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(STYLE);
  root.adoptedStyleSheets.push(sheet);
  const words = document.createElement("p");
  words.textContent = text;
  const close = document.createElement("button");
  close.textContent = "✕";
  close.ariaLabel = "Close this notice";
  const notice = document.createElement("aside");
  notice.lang = "en";
  notice.ariaLabel = "Notice";
  notice.append(words, close);
  close.onclick = () => {
    notice.remove();
    root.querySelector(".launcher").focus();
    read(text);
  };
  root.append(notice);
}

/** The notice that was closed in this tab, where the browser keeps such things. */
function read(text) {
  try {
    if (text) sessionStorage[READ] = text;
    return sessionStorage[READ];
  } catch {}
}
