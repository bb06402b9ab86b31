// One message: who, when, what, its notes, and what one can do with it.

import { blockNodes } from "./blocks.js";
import { h, icon } from "./dom.js";
import { fileCard } from "./files.js";
import { t } from "./language.js";
import { mrkdwn, plainText, unescape } from "./mrkdwn.js";
import { authorOf, avatar, nameOf, personName } from "./names.js";
import { showMenu, toast } from "./popover.js";
import { palette, react, reactions } from "./reactions.js";
import { post } from "./server.js";
import { changed, state } from "./state.js";
import { makeSurface } from "./surface.js";
import { clockTime, moment } from "./time.js";

const surfaces = new Map(); // person/channel/ts → surface, so that entries live through an update

function surfaceOf(channel, ts) {
  const key = `${state.me.id}/${channel}/${ts}`;
  if (!surfaces.has(key)) surfaces.set(key, makeSurface({ type: "message", channel, ts }));
  return surfaces.get(key);
}

const SYSTEM = {
  channel_join: () => t("joined"),
  group_join: () => t("joined"),
  channel_leave: () => t("left"),
  group_leave: () => t("left"),
  channel_topic: topic,
  group_topic: topic,
  channel_purpose: (m) => t("purpose_set", { topic: unescape(m.purpose || "") }),
  group_purpose: (m) => t("purpose_set", { topic: unescape(m.purpose || "") }),
  channel_name: (m) => t("renamed", { name: m.name || "" }),
  group_name: (m) => t("renamed", { name: m.name || "" }),
  channel_archive: () => t("archived_by"),
  group_archive: () => t("archived_by"),
  channel_unarchive: () => t("unarchived_by"),
  group_unarchive: () => t("unarchived_by"),
  pinned_item: () => t("pinned"),
};

function topic(message) {
  return message.topic ? t("topic_set", { topic: unescape(message.topic) }) : t("topic_cleared");
}

export const isSystem = (message) => Boolean(message.subtype && SYSTEM[message.subtype]);

function systemNode(message, key) {
  return h(
    "div",
    { class: "message system", "data-testid": "message", "data-ts": message.ts, "data-key": key },
    h("span", { class: "system-time" }, clockTime(Number(message.ts))),
    h(
      "span",
      { class: "system-words" },
      h("strong", {}, nameOf(message.user || state.bot.id)),
      SYSTEM[message.subtype](message),
    ),
  );
}

/** A message. `follows`: by the same person right before, so without face and name. `thread`: shown inside a thread. */
export function messageNode(channel, message, { follows = false, thread = false, key = "" } = {}) {
  if (isSystem(message)) return systemNode(message, key);
  const author = authorOf(message);
  const seconds = Number(message.ts);
  const time = h(
    "time",
    { class: "time", datetime: new Date(seconds * 1000).toISOString(), title: moment(seconds) },
    clockTime(seconds),
  );
  const pinned = (state.conversations.get(channel)?.pinned || []).includes(message.ts);
  const body = h(
    "div",
    { class: "message-body" },
    !follows &&
      h(
        "div",
        { class: "message-head" },
        h("span", { class: "author" }, personName(author)),
        author.is_bot && h("span", { class: "app-badge" }, t("app")),
        time,
      ),
    content(channel, message),
    message.edited && h("span", { class: "edited" }, t("edited")),
    message.files?.length && h("div", { class: "message-files" }, message.files.map(fileCard)),
    reactions(channel, message),
    !thread &&
      message.reply_count > 0 &&
      h(
        "button",
        {
          class: "replies",
          type: "button",
          "data-testid": "open-thread",
          on: { click: () => openThread(message.ts) },
        },
        icon("reply"),
        t("replies", { n: message.reply_count }),
      ),
  );
  return h(
    "div",
    {
      class: `message ${follows ? "follows" : ""} ${message.ephemeral ? "ephemeral" : ""} ${pinned ? "pinned" : ""}`,
      "data-testid": "message",
      "data-ts": message.ts,
      "data-key": key,
      role: "article",
      "aria-label": `${personName(author)} ${moment(seconds)}`,
    },
    (message.ephemeral || pinned) &&
      h(
        "div",
        { class: "message-note" },
        icon(message.ephemeral ? "eye" : "pin"),
        t(message.ephemeral ? "only_you" : "pinned_mark"),
      ),
    h("div", { class: "message-side" }, follows ? time : avatar(author)),
    body,
    tools(channel, message, thread),
  );
}

function content(channel, message) {
  const attachments = (message.attachments || []).map((attachment) =>
    h(
      "div",
      { class: "attachment" },
      attachment.text && mrkdwn(attachment.text),
      attachment.blocks && blockNodes(attachment.blocks, surfaceOf(channel, message.ts)),
    ),
  );
  if (message.blocks?.length)
    return [blockNodes(message.blocks, surfaceOf(channel, message.ts)), attachments];
  const text =
    message.mrkdwn === false
      ? h("div", { class: "mrkdwn" }, plainText(unescape(message.text || "")))
      : message.text
        ? mrkdwn(message.text)
        : null;
  return [text, attachments];
}

function tools(channel, message, thread) {
  const button = (testid, label, name, run) =>
    h(
      "button",
      {
        class: "tool",
        type: "button",
        "aria-label": label,
        title: label,
        "data-testid": testid,
        on: { click: (event) => run(event.currentTarget) },
      },
      icon(name),
    );
  return h(
    "div",
    { class: "message-tools" },
    !message.ephemeral &&
      button("message-react", t("react"), "smile", (anchor) =>
        palette(anchor, (name) => react(channel, message.ts, name, false)),
      ),
    !message.ephemeral &&
      !thread &&
      button("message-reply", t("reply_thread"), "reply", () => openThread(message.thread_ts || message.ts)),
    button("message-more", t("more"), "dots", (anchor) => more(anchor, channel, message)),
  );
}

function more(anchor, channel, message) {
  const own = state.shortcuts.filter((shortcut) => shortcut.type === "message" && !message.ephemeral);
  showMenu(
    anchor,
    [
      { label: t("copy_text"), iconName: "copy", testid: "message-copy", run: () => copy(message) },
      own.length ? t("shortcuts") : null,
      ...own.map((shortcut) => ({
        label: shortcut.name,
        description: shortcut.description,
        iconName: "bolt",
        testid: `message-shortcut-${shortcut.callback_id}`,
        run: async () => {
          const answer = await post("message_shortcut", {
            callback_id: shortcut.callback_id,
            channel,
            ts: message.ts,
          });
          if (!answer.ok) toast(t("error_shortcut"), { error: true });
        },
      })),
    ],
    { label: t("more") },
  );
}

async function copy(message) {
  const node = document.querySelector(`[data-testid=message][data-ts="${message.ts}"] .message-body`);
  const words =
    message.blocks?.length && node
      ? [...node.querySelectorAll(".blocks")].map((part) => part.innerText).join("\n")
      : unescape(message.text || "");
  try {
    await navigator.clipboard.writeText(words);
    toast(t("copied"));
  } catch {
    toast(t("failed"), { error: true });
  }
}

/** Open the thread under a message, beside the conversation. */
function openThread(ts) {
  state.panel = { kind: "thread", ts };
  changed("panel");
}
