/** Builds elements node by node: the page's security policy allows no markup in strings. */

/** An element with attributes (`onclick` and the like are listeners; null and false are left out). */
export function element(name, attributes = {}, ...children) {
  const node = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (key.startsWith("on")) node.addEventListener(key.slice(2), value);
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.filter((child) => child !== null && child !== undefined));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/** A line drawing on a grid of 24 by 24, in the colour of the text around it. */
export function icon(path) {
  const drawing = document.createElementNS(SVG, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  const line = document.createElementNS(SVG, "path");
  line.setAttribute("d", path);
  drawing.append(line);
  return drawing;
}

const PARTS = /(https?:\/\/[^\s<>"]+[^\s<>".,;:!?)\]])|\d+–\d+|\bKC-\w+/g;

/** Text as nodes: web addresses become links, and 1–2 or a reference stays on one line. */
export function rich(text) {
  const nodes = [];
  let end = 0;
  for (const { 0: part, 1: address, index } of text.matchAll(PARTS)) {
    const node = address
      ? element("a", { href: address, target: "_blank", rel: "noopener noreferrer" }, address)
      : element("span", { class: "whole" }, part);
    nodes.push(text.slice(end, index), node);
    end = index + part.length;
  }
  return [...nodes, text.slice(end)];
}
