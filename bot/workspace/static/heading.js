// The header over a conversation: name, topic, pins, members; over the app its two tabs.

import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { unescape } from "./mrkdwn.js";
import { avatar, conversationIcon, conversationName, personName } from "./names.js";
import { botConversation, changed, openConversation, state } from "./state.js";

const head = () => document.getElementById("conversation-head");

/** Draw the header of what is open. */
export function drawHead() {
  const conversation = openConversation();
  if (state.place?.kind === "home" || conversation?.with === state.bot.id) return drawAppHead(conversation);
  if (!conversation) return fill(head());
  const dm = conversation.kind === "dm";
  const panel = (kind) => () => {
    state.panel = state.panel?.kind === kind ? null : { kind };
    changed("panel");
  };
  const partner = dm && state.people.get(conversation.with);
  return fill(
    head(),
    h(
      "div",
      { class: "head-title" },
      h(
        "h1",
        { "data-testid": "conversation-name" },
        partner ? avatar(partner, "small") : conversationIcon(conversation),
        h("span", {}, conversationName(conversation)),
      ),
      conversation.topic &&
        h("span", { class: "head-topic", title: unescape(conversation.topic) }, unescape(conversation.topic)),
    ),
    h(
      "div",
      { class: "head-buttons" },
      conversation.pinned?.length > 0 &&
        h(
          "button",
          {
            class: "head-button",
            type: "button",
            "data-testid": "open-pins",
            "aria-label": t("pins_count", { n: conversation.pinned.length }),
            title: t("pins_count", { n: conversation.pinned.length }),
            on: { click: panel("pins") },
          },
          icon("pin"),
          h("span", {}, conversation.pinned.length),
        ),
      !dm &&
        h(
          "button",
          {
            class: "head-button",
            type: "button",
            "data-testid": "open-members",
            "aria-label": t("members_count", { n: conversation.members.length }),
            title: t("members"),
            on: { click: panel("members") },
          },
          icon("people"),
          h("span", {}, conversation.members.length),
        ),
    ),
  );
}

function drawAppHead(conversation) {
  const bot = state.people.get(state.bot.id) || { ...state.bot, is_bot: true };
  const home = state.place.kind === "home";
  const tab = (kind, words, target) =>
    h(
      "a",
      {
        class: `tab ${home === (kind === "home") ? "current" : ""}`,
        href: target,
        "data-testid": `tab-${kind}`,
        "aria-current": home === (kind === "home") ? "page" : null,
      },
      words,
    );
  const dm = conversation || botConversation();
  fill(
    head(),
    h(
      "div",
      { class: "head-title app" },
      h(
        "h1",
        { "data-testid": "conversation-name" },
        avatar(bot, "small"),
        h("span", {}, personName(bot)),
        h("span", { class: "app-badge" }, t("app")),
      ),
    ),
    h(
      "nav",
      { class: "tabs", "aria-label": personName(bot) },
      state.homeEnabled && tab("home", t("home"), `#/${state.me.id}/home`),
      tab("messages", t("messages"), dm ? `#/${state.me.id}/${dm.id}` : `#/${state.me.id}/bot`),
    ),
  );
}
