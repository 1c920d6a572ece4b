/** The browser's storage, where it is allowed; without it everything lasts as long as the page. */

const PREFIX = "support-chat-";

class Shelf {
  #store;

  constructor(store) {
    this.#store = store;
  }

  get(key) {
    try {
      return JSON.parse(this.#store().getItem(PREFIX + key));
    } catch {
      return null;
    }
  }

  put(key, value) {
    try {
      if (value === null) this.#store().removeItem(PREFIX + key);
      else this.#store().setItem(PREFIX + key, JSON.stringify(value));
    } catch {
      // Forbidden or full: nothing the visitor could do about it here.
    }
  }
}

/** Kept for the next visit. */
export const lasting = new Shelf(() => localStorage);

/** Kept for this tab, through a reload. */
export const passing = new Shelf(() => sessionStorage);
