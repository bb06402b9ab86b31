// The demo's clock at the top: what time it is for the person shown, and the buttons that move it on.

import { fill, h, icon } from "./dom.js";
import { language, t } from "./language.js";
import { toast } from "./popover.js";
import { post } from "./server.js";
import { changed, on, state } from "./state.js";
import { clockNow, clockTime, isoDay, moment, setClock, shortDay } from "./time.js";

const MOVES = [
  ["+1h", "plus_hour", "clock-hour"],
  ["+1d", "plus_day", "clock-day"],
  ["next", "to_next", "clock-next"],
  ["reset", "reset", "clock-reset"],
];

/** Move the demo's clock; says where it went, or why it did not. */
export async function moveClock(move) {
  const answer = await post("clock", { move });
  if (!answer.ok)
    return toast(
      t(
        answer.error === "nothing_ahead"
          ? "nothing_ahead"
          : answer.error === "fixed"
            ? "clock_fixed"
            : "failed",
      ),
    );
  setClock(answer.now);
  changed("clock");
  return toast(move === "reset" ? t("moved_back") : t("moved", { time: moment(answer.now) }));
}

function drawClock() {
  fill(
    document.getElementById("clock"),
    icon("clock"),
    h("span", { class: "clock-day" }, shortDay(clockNow())),
    h("strong", { class: "clock-time" }, clockTime(clockNow())),
    state.adjustable && h("span", { class: "clock-open" }, icon("chevron")),
  );
}

function drawMoves() {
  const moves = document.getElementById("clock-moves");
  moves.setAttribute("aria-label", t("clock"));
  fill(
    moves,
    state.adjustable &&
      MOVES.map(([move, words, testid]) =>
        h(
          "button",
          {
            class: `move ${move === "next" ? "strong" : ""}`,
            type: "button",
            "data-testid": testid,
            on: {
              click: async (event) => {
                const button = event.currentTarget;
                button.disabled = true;
                await moveClock(move);
                button.disabled = false;
              },
            },
          },
          move === "next" && icon("forward"),
          t(words),
        ),
      ),
  );
}

function drawRight() {
  const other = language() === "ja" ? "en" : "ja";
  fill(
    document.getElementById("top-right"),
    state.violations > 0 &&
      h(
        "span",
        {
          class: "violations",
          "data-testid": "violations",
          title: state.lastViolation ? JSON.stringify(state.lastViolation) : "",
          role: "status",
        },
        icon("warning"),
        h("span", {}, t("violations", { n: state.violations })),
      ),
    h(
      "button",
      {
        class: "move",
        type: "button",
        "data-testid": "language",
        lang: other,
        on: { click: () => changed("wanted-language", other) },
      },
      h("span", { class: "language-long" }, t("language")),
      h("span", { class: "language-short", "aria-hidden": "true" }, t("language_short")),
    ),
  );
}

export function startClock() {
  let day = null;
  let shown = null;
  const tick = () => {
    const now = `${language()} ${clockTime(clockNow())} ${shortDay(clockNow())}`;
    if (now !== shown) drawClock();
    shown = now;
    // "Today" becomes "yesterday" at midnight, also on the page.
    if (day && day !== isoDay(clockNow())) changed("messages");
    day = isoDay(clockNow());
  };
  on("boot language clock", () => {
    shown = null;
    tick();
  });
  on("boot language", drawMoves);
  on("boot language violations", drawRight);
  setInterval(() => state.me && tick(), 1000);
  document.getElementById("clock").addEventListener("click", () => {
    const open = document.getElementById("top").classList.toggle("moves-open");
    document.getElementById("clock").setAttribute("aria-expanded", String(open));
  });
}
