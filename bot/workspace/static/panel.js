// The panel beside a conversation: a thread, what is pinned, who is a member.

import { makeComposer } from "./composer.js";
import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { messageNode } from "./message.js";
import { messageNodes, place } from "./messages.js";
import { avatar, personName } from "./names.js";
import { get } from "./server.js";
import { changed, on, openConversation, state } from "./state.js";

const node = () => document.getElementById("panel");
let known = new Map();
let thread = null; // {ts, list}

function close() {
  state.panel = null;
  changed("panel");
}

const frame = (words, body, foot = null) =>
  fill(
    node(),
    h(
      "header",
      { class: "panel-head" },
      h("h2", {}, words),
      h(
        "button",
        {
          class: "plain-button",
          type: "button",
          "aria-label": t("close"),
          "data-testid": "panel-close",
          on: { click: close },
        },
        icon("close"),
      ),
    ),
    body,
    foot,
  );

function drawPins(conversation) {
  const pinned = (state.messages.get(conversation.id) || []).filter(
    (message) => conversation.pinned.includes(message.ts) && !message.ephemeral,
  );
  frame(
    t("pins"),
    h(
      "div",
      { class: "panel-body pins" },
      pinned.length
        ? pinned.map((message) =>
            h("div", { class: "pin-card" }, messageNode(conversation.id, message, { thread: true })),
          )
        : h("p", { class: "quiet" }, t("no_pins")),
    ),
  );
}

function drawMembers(conversation) {
  const people = conversation.members.map((id) => state.people.get(id)).filter(Boolean);
  frame(
    t("members"),
    h(
      "ul",
      { class: "panel-body members" },
      people.map((person) =>
        h(
          "li",
          { "data-testid": `member-${person.handle || person.id}` },
          avatar(person, "small"),
          h("span", {}, personName(person)),
          person.id === state.me.id && h("span", { class: "quiet" }, t("you")),
          person.is_bot && h("span", { class: "app-badge" }, t("app")),
        ),
      ),
    ),
  );
}

async function drawThread(conversation, ts) {
  if (thread?.ts !== ts || !node().contains(thread.list)) {
    known = new Map();
    thread = { ts, list: h("div", { class: "panel-body", role: "log", "aria-live": "polite" }) };
    frame(
      t("thread"),
      thread.list,
      makeComposer({ channel: conversation.id, thread: ts, placeholder: t("reply_to") }),
    );
  }
  const answer = await get("history", { user: state.me.id, channel: conversation.id, thread: ts });
  if (!answer.ok || state.panel?.ts !== ts) return;
  const messages = answer.messages.slice().sort((a, b) => Number(a.ts) - Number(b.ts));
  const parent = (state.messages.get(conversation.id) || []).find((message) => message.ts === ts);
  if (parent && !messages.some((message) => message.ts === ts)) messages.unshift(parent);
  const drawing = messageNodes(conversation.id, messages, known, { thread: true });
  place(thread.list, drawing);
  known = drawing.next;
  thread.list.scrollTop = thread.list.scrollHeight;
}

function draw() {
  const conversation = openConversation();
  const open = Boolean(state.panel && conversation && state.place.kind === "conversation");
  document.getElementById("app").classList.toggle("panel-open", open);
  if (!open) {
    thread = null;
    return fill(node());
  }
  node().setAttribute("aria-label", t(state.panel.kind));
  if (state.panel.kind === "pins") return drawPins(conversation);
  if (state.panel.kind === "members") return drawMembers(conversation);
  return drawThread(conversation, state.panel.ts);
}

export function startPanel() {
  on("panel messages conversations boot", draw);
  on("language", () => {
    thread = null;
    draw();
  });
  on("place", () => {
    state.panel = null;
    draw();
  });
  node().addEventListener("keydown", (event) => event.key === "Escape" && !event.defaultPrevented && close());
}
