// Building blocks of the page: nodes are made by hand, so that no text from anybody is ever read as markup.

/**
 * Make an element. `props`: class, dataset, on (listeners), style (object), everything else an attribute;
 * true sets an empty attribute, null/undefined/false leaves it out. Children: nodes, strings, arrays, null.
 */
export function h(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "class") node.className = value;
    else if (key === "on")
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (key === "dataset") Object.assign(node.dataset, value);
    else if (key === "style") Object.assign(node.style, value);
    else if (key === "value") node.value = value;
    else node.setAttribute(key, value === true ? "" : String(value));
  }
  append(node, children);
  return node;
}

/** Append children, however deeply nested; null and false are left out. */
export function append(node, children) {
  for (const child of [children].flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : document.createTextNode(String(child)));
  }
  return node;
}

/** Replace everything inside `node`. */
export function fill(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

let counter = 0;
/** An id for aria references, unique on this page. */
export function uniqueId(prefix = "id") {
  counter += 1;
  return `${prefix}-${counter}`;
}

const SVG = "http://www.w3.org/2000/svg";
const PATHS = {
  hash: "M9 4 7 20M17 4l-2 16M4 9h16M3 15h16",
  lock: "M6 11h12v9H6zM8.5 11V8a3.5 3.5 0 0 1 7 0v3",
  menu: "M4 7h16M4 12h16M4 17h16",
  close: "M6 6l12 12M18 6 6 18",
  back: "M14 5l-7 7 7 7",
  pin: "M9 4h6l-1 6 3 3H7l3-3zM12 13v7",
  people:
    "M9 11a3.2 3.2 0 1 0 0-6.4A3.2 3.2 0 0 0 9 11zM3 19c.4-3.4 2.8-5 6-5s5.6 1.6 6 5M16 5.2a3 3 0 0 1 0 5.6M17.5 14.3c2 .6 3.2 2.1 3.5 4.7",
  send: "M4 5l16 7-16 7 2.5-7zM6.5 12H14",
  bolt: "M13 3 5 13.5h6L10.5 21 19 10.5h-6z",
  dots: "M5 12h.01M12 12h.01M19 12h.01",
  reply: "M4 5h16v11H11l-4 4v-4H4z",
  copy: "M8 8h12v12H8zM16 8V4H4v12h4",
  clip: "M20 11.5l-8.2 8.2a5 5 0 0 1-7.1-7.1l8.9-8.9a3.3 3.3 0 0 1 4.7 4.7l-8.9 8.9a1.7 1.7 0 0 1-2.4-2.4l8.2-8.2",
  smile: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM8.5 14.5c1.8 2.3 5.2 2.3 7 0M9 9.5h.01M15 9.5h.01",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3.5 2",
  chevron: "M6 9l6 6 6-6",
  left: "M14 6l-6 6 6 6",
  right: "M10 6l6 6-6 6",
  check: "M5 12.5l4.5 4.5L19 7.5",
  warning: "M12 4 2.8 20h18.4zM12 10v4.5M12 17.3h.01",
  file: "M6 3h8l5 5v13H6zM14 3v5h5",
  calendar: "M4 6h16v14H4zM4 10.5h16M8.5 3.5V8M15.5 3.5V8",
  eye: "M2.5 12S6 5.5 12 5.5 21.5 12 21.5 12 18 18.5 12 18.5 2.5 12 2.5 12zM12 14.8a2.8 2.8 0 1 0 0-5.6 2.8 2.8 0 0 0 0 5.6z",
  home: "M4 11l8-7 8 7v9h-5.5v-6h-5v6H4z",
  list: "M9 6.5h11M9 12h11M9 17.5h11M4.5 6.5h.01M4.5 12h.01M4.5 17.5h.01",
  bell: "M6.5 17V11a5.5 5.5 0 0 1 11 0v6l1.5 1.5h-14zM10.5 21h3M12 3v2.5",
  forward: "M4 6l7 6-7 6zM12.5 6l7 6-7 6z",
};

/** A small line drawing, hidden from screen readers (the button around it carries the words). */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", PATHS[name]);
  svg.append(path);
  return svg;
}
