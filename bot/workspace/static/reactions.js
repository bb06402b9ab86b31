// Reactions: those a message has, and the choice of a new one.

import { h } from "./dom.js";
import { EMOJI, QUICK } from "./emoji.js";
import { t } from "./language.js";
import { emojiNode } from "./mrkdwn.js";
import { nameOf } from "./names.js";
import { showPopover } from "./popover.js";
import { post } from "./server.js";
import { state } from "./state.js";

/** The reactions under a message; pressing one adds or takes back one's own. */
export function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) => {
      const mine = reaction.users.includes(state.me.id);
      return h(
        "button",
        {
          type: "button",
          class: `reaction ${mine ? "mine" : ""}`,
          "aria-pressed": mine ? "true" : "false",
          title: reaction.users.map(nameOf).join("、"),
          "data-name": reaction.name,
          on: { click: () => react(channel, message.ts, reaction.name, mine) },
        },
        emojiNode(reaction.name),
        h("span", {}, reaction.count ?? reaction.users.length),
      );
    }),
  );
}

export const react = (channel, ts, name, remove) => post("react", { channel, ts, name, remove });

/** The emoji to choose a reaction from. */
export function palette(anchor, chosen) {
  const names = [
    ...new Set([
      ...QUICK,
      ...[...EMOJI.keys()].filter(
        (name, place, all) => all.findIndex((other) => EMOJI.get(other) === EMOJI.get(name)) === place,
      ),
    ]),
  ];
  const seen = new Set();
  const grid = h("div", { class: "palette", role: "menu", "aria-label": t("react") });
  const handle = showPopover(anchor, grid);
  for (const name of names) {
    if (seen.has(EMOJI.get(name))) continue;
    seen.add(EMOJI.get(name));
    grid.append(
      h(
        "button",
        {
          type: "button",
          role: "menuitem",
          "aria-label": name,
          title: `:${name}:`,
          "data-name": name,
          tabindex: "-1",
          on: {
            click: () => {
              handle.close();
              chosen(name);
            },
          },
        },
        EMOJI.get(name),
      ),
    );
  }
  grid.addEventListener("keydown", (event) => {
    const all = [...grid.children];
    const at = all.indexOf(document.activeElement);
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 8, ArrowUp: -8 }[event.key];
    if (step) {
      event.preventDefault();
      all[Math.max(0, Math.min(all.length - 1, at + step))].focus();
    } else if (event.key === "Escape") {
      event.stopPropagation();
      handle.close();
      anchor.focus();
    }
  });
  grid.firstElementChild.focus();
  handle.place();
}
