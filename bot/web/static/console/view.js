// Fills the values of an object into the marked elements of a page: text and attributes, no HTML.

const setters = {
  text(element, value) {
    if (element.textContent !== value) element.textContent = value;
  },
  value(element, value) {
    element.value = value;
  },
  tone(element, value) {
    element.dataset.is = value;
  },
  show(element, value) {
    element.hidden = !value;
  },
  href(element, value) {
    // Only pages of the console: no other scheme or site can come in here.
    if (value && value.startsWith("/console/")) element.setAttribute("href", value);
    else element.removeAttribute("href");
  },
  src(element, value) {
    if (value && value.startsWith("/console/")) element.setAttribute("src", value);
    else element.removeAttribute("src");
  },
  list: fillList,
};

export function fill(scope, values) {
  for (const element of [scope, ...scope.querySelectorAll("*")]) {
    if (element.closest("[data-scope]") !== scope) continue;
    for (const [mark, set] of Object.entries(setters)) {
      const name = element.dataset?.[mark];
      if (name !== undefined) set(element, values[name]);
    }
  }
}

// A list's rows keep their elements from one view to the next, so that focus and what is typed
// in them stay. With data-append rows are only added.
function fillList(list, rows) {
  const known = new Map(rowsOf(list).map((element) => [element.dataset.key, element]));
  const elements = rows.map((row) => {
    const element = known.get(row.key) ?? newRow(list, row.key);
    known.delete(row.key);
    fill(element, row);
    return element;
  });
  const template = list.querySelector(":scope > template");
  if ("append" in list.dataset) {
    for (const element of elements) if (!element.parentNode) list.insertBefore(element, template);
    return;
  }
  for (const gone of known.values()) gone.remove();
  elements.forEach((element, index) => {
    const there = rowsOf(list)[index] ?? template;
    if (there !== element) list.insertBefore(element, there);
  });
}

function newRow(list, key) {
  const template = list.querySelector(":scope > template");
  const element = template.content.firstElementChild.cloneNode(true);
  element.dataset.key = key;
  return element;
}

function rowsOf(list) {
  return [...list.children].filter((element) => element.matches("[data-key]"));
}

export function lastKey(list) {
  return Number(rowsOf(list).at(-1)?.dataset.key ?? 0);
}
