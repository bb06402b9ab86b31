// A hint what to do next, for those who see the demo for the first time: begin, look through the other's eyes, move the clock.

import { moveClock } from "./clockbar.js";
import { writeInComposer } from "./conversation.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { conversationName, personName, shortName } from "./names.js";
import { botConversation, on, openConversation, state } from "./state.js";

const DISMISSED = "workspace.hints";

function dismissed() {
  return new Set(JSON.parse(sessionStorage.getItem(DISMISSED) || "[]"));
}

/** The hint that fits now: {key, words, action, run}, or null. */
function hint() {
  const me = state.people.get(state.me.id) || state.me;
  const own = [...state.conversations.values()].find((c) => c.mentions > 0 && c.id !== state.place?.id);
  if (own) {
    return {
      key: `own ${me.id} ${own.id} ${own.mentions}`,
      words: t("own", { name: conversationName(own) }),
      action: t("own_action"),
      run: () => {
        location.hash = `#/${me.id}/${own.id}`;
      },
    };
  }
  // Not back to where one came from: what waits there is the answer to what one did oneself.
  const waiting = Object.entries(state.unread)
    .filter(([id, unread]) => unread.mentions > 0 && ![me.id, state.cameFrom, "USLACKBOT"].includes(id))
    .filter(([id]) => state.people.has(id) && !state.people.get(id).is_bot)
    .sort(([, a], [, b]) => b.mentions - a.mentions)[0];
  if (waiting) {
    const person = state.people.get(waiting[0]);
    return {
      key: `switch ${person.id} ${waiting[1].mentions}`,
      words: t("switch", { name: personName(person) }),
      action: t("switch_action", { name: shortName(person) }),
      run: () => {
        location.hash = `#/${person.id}`;
      },
    };
  }
  const started =
    Boolean(Number(botConversation()?.last_ts)) ||
    [...state.conversations.values()].some((c) => c.kind === "private");
  const command = state.commands[0]?.name;
  if (!started && command)
    return {
      key: "begin",
      words: t("begin", { name: personName(me) }),
      action: t("begin_action", { command }),
      run: () => beginWith(command),
    };
  if (started && state.adjustable)
    return { key: "after", words: t("after"), action: t("to_next"), run: () => moveClock("next") };
  return null;
}

function beginWith(command) {
  const channel = [...state.conversations.values()].find((c) => c.kind === "channel");
  if ((state.place.kind !== "home" && openConversation()) || !channel) return writeInComposer(command);
  window.addEventListener("hashchange", () => writeInComposer(command), { once: true });
  location.hash = `#/${state.me.id}/${channel.id}`;
  return undefined;
}

function draw() {
  const place = document.getElementById("guide");
  const next = state.me && hint();
  if (!next || dismissed().has(next.key)) {
    place.dataset.key = "";
    return fill(place);
  }
  const key = `${next.key} ${document.documentElement.lang}`;
  if (place.dataset.key === key) return undefined;
  place.dataset.key = key;
  return fill(
    place,
    h(
      "div",
      { class: `hint ${next.key.split(" ")[0]}`, role: "note", "data-testid": "guide" },
      h(
        "span",
        { class: "hint-sign" },
        icon(/^(switch|own)/.test(next.key) ? "bell" : next.key === "begin" ? "home" : "clock"),
      ),
      h("span", { class: "hint-words" }, next.words),
      h(
        "button",
        { class: "hint-action", type: "button", "data-testid": "guide-action", on: { click: next.run } },
        next.action,
      ),
      h(
        "button",
        {
          class: "plain-button",
          type: "button",
          "aria-label": t("dismiss"),
          "data-testid": "guide-dismiss",
          on: {
            click: () => {
              sessionStorage.setItem(DISMISSED, JSON.stringify([...dismissed(), next.key]));
              draw();
            },
          },
        },
        icon("close"),
      ),
    ),
  );
}

export function startGuide() {
  on("boot language unread conversations place", draw);
}
