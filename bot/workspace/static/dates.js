// Dates and times: typed or chosen from a calendar that knows the demo's today and the person's zone.

import { fill, h, icon } from "./dom.js";
import { language, t } from "./language.js";
import { picker } from "./picker.js";
import { showPopover } from "./popover.js";
import { clockNow, dayWords, isoDay, momentOf, parseDay, parseTime, wallClock } from "./time.js";

/** A day. `value` YYYY-MM-DD or null; `changed(value, wrong)`, `wrong` when what is typed is no date. */
export function dayField({ value, placeholder, label = {}, changed }) {
  let day = value || null;
  let handle = null;
  const input = h("input", {
    class: "text",
    type: "text",
    autocomplete: "off",
    placeholder: placeholder || t("date"),
    ...label,
  });
  const button = h(
    "button",
    { class: "date-button", type: "button", tabindex: "-1", "aria-label": t("date") },
    icon("calendar"),
  );
  const node = h("div", { class: "date-field" }, button, input);
  const words = () => (day ? dayWords(day) : "");

  function choose(chosen) {
    day = chosen;
    input.value = words();
    changed(day, false);
    if (handle) handle.close();
    input.focus();
  }
  function open() {
    if (handle) return;
    handle = showPopover(
      node,
      calendar(day, choose, () => {
        handle.close();
        input.focus();
      }),
      {
        closed: () => {
          handle = null;
        },
      },
    );
  }
  input.addEventListener("input", () => {
    const typed = input.value.trim();
    day = typed ? parseDay(typed) : null;
    changed(day, Boolean(typed) && !day);
  });
  input.addEventListener("change", () => day && (input.value = words()));
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") {
      event.preventDefault();
      open();
      handle.layer.querySelector("[tabindex='0']")?.focus();
    }
  });
  input.addEventListener("click", open);
  button.addEventListener("click", () => (handle ? handle.close() : open()));
  input.value = words();
  node.focus = () => input.focus();
  return node;
}

function calendar(selected, choose, leave) {
  let at = selected || isoDay(clockNow());
  const node = h("div", { class: "calendar", role: "dialog", "aria-label": t("date") });
  const shift = (days) => isoDay(momentOf(at, "12:00") + days * 86400);
  const month = (step) => {
    const [year, number, day] = at.split("-").map(Number);
    const last = new Date(Date.UTC(year, number - 1 + step + 1, 0)).getUTCDate();
    const moved = new Date(Date.UTC(year, number - 1 + step, Math.min(day, last)));
    return moved.toISOString().slice(0, 10);
  };
  function draw(focus = true) {
    const [year, number] = at.split("-").map(Number);
    const first = new Date(Date.UTC(year, number - 1, 1));
    const days = new Date(Date.UTC(year, number, 0)).getUTCDate();
    const locale = language() === "ja" ? "ja-JP" : "en-GB";
    const title = new Intl.DateTimeFormat(locale, { year: "numeric", month: "long", timeZone: "UTC" }).format(
      first,
    );
    const weekday = new Intl.DateTimeFormat(locale, { weekday: "narrow", timeZone: "UTC" });
    const heads = [...Array(7).keys()].map((n) =>
      h(
        "span",
        { class: "weekday", "aria-hidden": "true" },
        weekday.format(new Date(Date.UTC(2023, 0, 1 + n))),
      ),
    );
    const cells = [...Array(first.getUTCDay())].map(() => h("span"));
    for (let day = 1; day <= days; day += 1) {
      const iso = `${at.slice(0, 8)}${String(day).padStart(2, "0")}`;
      cells.push(
        h(
          "button",
          {
            type: "button",
            class: `day ${iso === selected ? "selected" : ""} ${iso === isoDay(clockNow()) ? "today" : ""}`,
            tabindex: iso === at ? "0" : "-1",
            "data-day": iso,
            "aria-label": dayWords(iso),
            "aria-pressed": iso === selected ? "true" : "false",
            on: { click: () => choose(iso) },
          },
          day,
        ),
      );
    }
    fill(
      node,
      h(
        "div",
        { class: "calendar-head" },
        h(
          "button",
          {
            type: "button",
            class: "plain-button",
            "aria-label": t("prev_month"),
            on: {
              click: () => {
                at = month(-1);
                draw(false);
              },
            },
          },
          icon("left"),
        ),
        h("strong", { "aria-live": "polite" }, title),
        h(
          "button",
          {
            type: "button",
            class: "plain-button",
            "aria-label": t("next_month"),
            on: {
              click: () => {
                at = month(1);
                draw(false);
              },
            },
          },
          icon("right"),
        ),
      ),
      h("div", { class: "calendar-grid" }, heads, cells),
    );
    if (focus) node.querySelector("[tabindex='0']")?.focus();
  }
  node.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      return leave();
    }
    const to = {
      ArrowLeft: () => shift(-1),
      ArrowRight: () => shift(1),
      ArrowUp: () => shift(-7),
      ArrowDown: () => shift(7),
      PageUp: () => month(-1),
      PageDown: () => month(1),
    }[event.key];
    if (!to || !event.target.classList.contains("day")) return undefined;
    event.preventDefault();
    at = to();
    return draw();
  });
  draw(false);
  return node;
}

const HALF_HOURS = [...Array(48).keys()].map(
  (n) => `${String(Math.floor(n / 2)).padStart(2, "0")}:${n % 2 ? "30" : "00"}`,
);

/** A time of day. `value` HH:mm or null; typed to the minute or chosen by the half hour. */
export function timeField({ value, placeholder, label = {}, changed }) {
  const option = (words) => ({ value: words, label: words });
  const node = picker({
    options: HALF_HOURS.map(option),
    chosen: value ? [option(value)] : [],
    placeholder: placeholder || t("time"),
    accept: (typed) => (parseTime(typed) ? option(parseTime(typed)) : null),
    label,
    changed: ([chosen], typed) => changed(chosen ? chosen.value : null, Boolean(typed) && !chosen),
  });
  node.classList.add("time-field");
  return node;
}

/** A moment: day and time on the person's wall clock. `value` seconds since 1970 or null. */
export function momentField({ value, label = {}, changed }) {
  const at = value ? wallClock(value) : { date: null, time: null };
  const wrong = { date: false, time: false };
  const tell = () => {
    const whole = at.date && at.time;
    changed(
      whole ? momentOf(at.date, at.time) : null,
      wrong.date || wrong.time || Boolean(at.date) !== Boolean(at.time),
    );
  };
  const day = dayField({
    value: at.date,
    label: { ...label, "data-part": "date" },
    changed: (chosen, bad) => {
      at.date = chosen;
      wrong.date = bad;
      tell();
    },
  });
  const time = timeField({
    value: at.time,
    label: { "aria-label": t("time"), "data-part": "time" },
    changed: (chosen, bad) => {
      at.time = chosen;
      wrong.time = bad;
      tell();
    },
  });
  const node = h("div", { class: "moment-field" }, day, time);
  node.focus = () => day.focus();
  return node;
}
