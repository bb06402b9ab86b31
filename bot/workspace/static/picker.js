// Every kind of choice from a list: one or many, from the app, from the people, or asked for while typing.

import { fill, h, icon, uniqueId } from "./dom.js";
import { t } from "./language.js";
import { showPopover } from "./popover.js";

/**
 * A choice. In: `options` [{value, label, description?, group?, picture?}] or `ask(text)` → such a list (external);
 * `chosen` options at the start; `many`; `max`; `placeholder`; `clearable`; `changed(options, typed)`.
 * `accept(text)` → an option or null: what is typed counts too, without standing in the list.
 * Out: the node; typing narrows the list, arrow keys and Enter choose, Backspace takes the last one away.
 */
export function picker({
  options = [],
  ask = null,
  minQuery = 0,
  chosen = [],
  many = false,
  max = Infinity,
  placeholder,
  clearable = false,
  accept = null,
  label = {},
  changed,
}) {
  let picked = [...chosen];
  let shown = [];
  let active = -1;
  let handle = null;
  let typed = false;
  let asked = 0;

  const listId = uniqueId("list");
  const chips = h("span", { class: "chips" });
  const input = h("input", {
    class: "picker-input",
    type: "text",
    role: "combobox",
    autocomplete: "off",
    spellcheck: "false",
    "aria-expanded": "false",
    "aria-controls": listId,
    "aria-autocomplete": "list",
    "aria-haspopup": "listbox",
    ...label,
    // A short list needs no keyboard on a phone.
    inputmode: !ask && options.length <= 16 && matchMedia("(pointer: coarse)").matches ? "none" : null,
  });
  const clear = h(
    "button",
    { class: "picker-clear", type: "button", "aria-label": t("clear"), tabindex: "-1" },
    icon("close"),
  );
  const node = h(
    "div",
    { class: `picker ${many ? "many" : ""}` },
    chips,
    input,
    clear,
    h("span", { class: "picker-arrow" }, icon("chevron")),
  );
  const list = h("div", {
    class: "options",
    role: "listbox",
    id: listId,
    "aria-multiselectable": many ? "true" : null,
  });

  function show() {
    fill(
      chips,
      many &&
        picked.map((option) =>
          h(
            "span",
            { class: "chip" },
            h("span", { class: "chip-words" }, option.label),
            h(
              "button",
              {
                type: "button",
                class: "chip-remove",
                "aria-label": t("remove", { name: option.label }),
                on: { click: () => take(option) },
              },
              icon("close"),
            ),
          ),
        ),
    );
    input.placeholder = many && picked.length ? "" : placeholder || t("pick");
    // What somebody typed that is not (yet) a choice stays, so that it can be mended.
    if (!many && (picked[0] || !accept)) input.value = picked[0] ? picked[0].label : "";
    clear.hidden = many || !clearable || !picked.length;
  }

  const same = (a, b) => a.value === b.value;
  const isPicked = (option) => picked.some((other) => same(other, option));

  function take(option) {
    if (many)
      picked = isPicked(option)
        ? picked.filter((other) => !same(other, option))
        : picked.length < max
          ? [...picked, option]
          : picked;
    else picked = [option];
    typed = false;
    if (many) input.value = "";
    show();
    changed(picked);
    if (!many) close();
    else if (handle) {
      draw(shown.length ? shown : options);
      handle.place();
    }
  }

  function draw(found, note = "") {
    shown = found;
    if (active >= shown.length) active = shown.length - 1;
    let group = null;
    fill(
      list,
      shown.map((option, place) => {
        const heading =
          option.group && option.group !== group
            ? h("div", { class: "options-group", role: "presentation" }, option.group)
            : null;
        group = option.group || group;
        const row = h(
          "div",
          {
            class: `option ${place === active ? "active" : ""}`,
            role: "option",
            id: `${listId}-${place}`,
            "aria-selected": isPicked(option) ? "true" : "false",
            "data-value": option.value,
          },
          option.picture ? option.picture() : null,
          h(
            "span",
            { class: "option-words" },
            h("span", {}, option.label),
            option.description && h("span", { class: "option-description" }, option.description),
          ),
          isPicked(option) && icon("check"),
        );
        row.addEventListener("pointerdown", (event) => event.preventDefault());
        row.addEventListener("click", () => take(option));
        return [heading, row];
      }),
      (note || !shown.length) && h("div", { class: "options-note" }, note || t("no_match")),
    );
    input.setAttribute("aria-activedescendant", active >= 0 ? `${listId}-${active}` : "");
    list.querySelector(".option.active")?.scrollIntoView({ block: "nearest" });
    if (handle) handle.place();
  }

  async function narrow() {
    const text = typed ? input.value.trim() : "";
    if (!ask) {
      const wanted = text.normalize("NFKC").toLowerCase();
      draw(
        options.filter((option) =>
          `${option.label} ${option.description || ""} ${option.search || ""}`
            .normalize("NFKC")
            .toLowerCase()
            .includes(wanted),
        ),
      );
      return;
    }
    if (text.length < minQuery) return draw([], t("type_more", { n: minQuery - text.length }));
    asked += 1;
    const mine = asked;
    draw([], t("loading"));
    const found = await ask(text);
    if (mine === asked && handle) draw(found || [], found ? "" : t("load_failed"));
  }

  function openList() {
    if (handle) return;
    active = many || typed ? active : Math.max(0, options.findIndex(isPicked));
    handle = showPopover(node, list, {
      wide: true,
      closed: () => {
        handle = null;
        typed = false;
        input.setAttribute("aria-expanded", "false");
        if (!many) show();
        else input.value = "";
      },
    });
    input.setAttribute("aria-expanded", "true");
    narrow();
  }

  const close = () => handle && handle.close();

  node.addEventListener("click", (event) => {
    if (event.target.closest("button")) return;
    input.focus();
    openList();
  });
  clear.addEventListener("click", () => {
    picked = [];
    show();
    changed(picked);
    input.focus();
  });
  input.addEventListener("focus", () => input.select());
  input.addEventListener("input", () => {
    typed = true;
    active = accept ? -1 : 0;
    if (accept) {
      const option = accept(input.value);
      picked = option ? [option] : [];
      changed(picked, input.value.trim());
    }
    openList();
    narrow();
  });
  input.addEventListener("blur", () => setTimeout(() => document.activeElement !== input && close(), 150));
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (!handle) return openList();
      const step = event.key === "ArrowDown" ? 1 : -1;
      active = shown.length ? (active + step + shown.length) % shown.length : -1;
      draw(shown);
    } else if (event.key === "Enter") {
      event.preventDefault();
      event.stopPropagation();
      if (accept && typed && active < 0) close();
      else if (!handle) openList();
      else if (shown[active]) take(shown[active]);
    } else if (event.key === "Escape" && handle) {
      event.preventDefault();
      event.stopPropagation();
      close();
    } else if (event.key === "Backspace" && many && !input.value && picked.length) {
      take(picked.at(-1));
    }
  });

  show();
  node.focus = () => input.focus();
  return node;
}
