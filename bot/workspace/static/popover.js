// Small layers over the page: menus, lists, calendars. One is open at a time; Escape and a click outside close it.

import { h, icon, uniqueId } from "./dom.js";

let open = null;

/** Close whatever layer is open. */
export function closePopover() {
  if (open) open.close();
}

/** Is a layer open (so that Escape belongs to it)? */
export const popoverOpen = () => open !== null;

/**
 * Show `content` beside `anchor`. Inside a modal it becomes part of the modal, so that it can be reached.
 * `wide`: as wide as the anchor at least. `closed()` is called once when it goes.
 */
export function showPopover(anchor, content, { wide = false, closed = () => {}, role = null } = {}) {
  closePopover();
  const layer = h("div", { class: "popover", role }, content);
  (anchor.closest("dialog") || document.body).append(layer);

  const place = () => {
    const around = anchor.getBoundingClientRect();
    const width = document.documentElement.clientWidth;
    const height = window.visualViewport ? window.visualViewport.height : window.innerHeight;
    if (wide) layer.style.minWidth = `${Math.min(around.width, width - 16)}px`;
    layer.style.maxWidth = `${width - 16}px`;
    const below = height - around.bottom - 10;
    const above = around.top - 10;
    const upwards = below < Math.min(layer.scrollHeight, 260) && above > below;
    layer.style.maxHeight = `${Math.max(140, Math.min(380, upwards ? above : below))}px`;
    const box = layer.getBoundingClientRect();
    layer.style.left = `${Math.max(8, Math.min(around.left, width - box.width - 8))}px`;
    layer.style.top = upwards ? `${Math.max(8, around.top - box.height - 4)}px` : `${around.bottom + 4}px`;
  };
  const outside = (event) => {
    if (!layer.contains(event.target) && !anchor.contains(event.target)) close();
  };
  const scrolled = (event) => {
    if (!layer.contains(event.target)) place();
  };
  function close() {
    if (open !== handle) return;
    open = null;
    document.removeEventListener("pointerdown", outside, true);
    document.removeEventListener("scroll", scrolled, true);
    window.removeEventListener("resize", place);
    layer.remove();
    closed();
  }
  document.addEventListener("pointerdown", outside, true);
  document.addEventListener("scroll", scrolled, true);
  window.addEventListener("resize", place);
  const handle = { close, place, layer, anchor };
  open = handle;
  place();
  return handle;
}

/**
 * A menu of actions. `items`: {label, description?, iconName?, danger?, testid?, dataset?, run()}, a string as a heading, or null.
 * Arrow keys move, Enter chooses, Escape gives the focus back.
 */
export function showMenu(anchor, items, { label = "" } = {}) {
  const list = h("div", { class: "menu", role: "menu", id: uniqueId("menu"), "aria-label": label || null });
  anchor.setAttribute("aria-expanded", "true");
  const handle = showPopover(anchor, list, { closed: () => anchor.setAttribute("aria-expanded", "false") });
  for (const item of items) {
    if (!item) continue;
    if (typeof item === "string") {
      list.append(h("div", { class: "menu-heading", role: "presentation" }, item));
      continue;
    }
    const entry = h(
      "button",
      {
        class: `menu-item ${item.danger ? "danger" : ""}`,
        type: "button",
        role: "menuitem",
        tabindex: "-1",
        "data-testid": item.testid,
        dataset: item.dataset,
      },
      item.iconName && icon(item.iconName),
      h(
        "span",
        { class: "menu-words" },
        h("span", { class: "menu-label" }, item.label),
        item.description && h("span", { class: "menu-description" }, item.description),
      ),
    );
    entry.addEventListener("click", () => {
      handle.close();
      anchor.focus();
      item.run();
    });
    list.append(entry);
  }
  const entries = () => [...list.querySelectorAll("[role=menuitem]")];
  list.addEventListener("keydown", (event) => {
    const all = entries();
    const at = all.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: all.length - 1 }[event.key];
    if (to !== undefined) {
      event.preventDefault();
      all[(to + all.length) % all.length].focus();
    } else if (event.key === "Escape" || event.key === "Tab") {
      event.preventDefault();
      event.stopPropagation();
      handle.close();
      anchor.focus();
    }
  });
  handle.place();
  entries()[0]?.focus();
  return handle;
}

const toasts = document.getElementById("toasts");

/** A short word at the bottom of the page that goes away by itself; read out to those who cannot see it. */
export function toast(words, { error = false } = {}) {
  const note = h("div", { class: `toast ${error ? "error" : ""}`, "data-testid": "toast" }, words);
  // An open modal covers everything outside it, so the words come into it.
  ([...document.querySelectorAll("dialog[open]")].at(-1) || document.body).append(toasts);
  toasts.append(note);
  setTimeout(() => note.remove(), error ? 7000 : 4000);
}
