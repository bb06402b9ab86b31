// The conversation: messages by day and author, what the system says, and what one can do with a message.

import { blockNodes } from "./blocks.js";
import { h, icon } from "./dom.js";
import { EMOJI, QUICK } from "./emoji.js";
import { fileCard } from "./files.js";
import { language, t } from "./language.js";
import { emojiNode, mrkdwn, plainText, unescape } from "./mrkdwn.js";
import { authorOf, avatar, nameOf, personName } from "./names.js";
import { showMenu, showPopover, toast } from "./popover.js";
import { post } from "./server.js";
import { changed, state } from "./state.js";
import { makeSurface } from "./surface.js";
import { clockTime, dividerDay, isoDay, moment } from "./time.js";

const surfaces = new Map(); // channel/ts → surface, so that entries live through an update

function surfaceOf(channel, ts) {
  const key = `${channel}/${ts}`;
  if (!surfaces.has(key)) surfaces.set(key, makeSurface({ type: "message", channel, ts }));
  return surfaces.get(key);
}

const SYSTEM = {
  channel_join: () => t("joined"), group_join: () => t("joined"), channel_leave: () => t("left"), group_leave: () => t("left"),
  channel_topic: topic, group_topic: topic,
  channel_purpose: (m) => t("purpose_set", { topic: unescape(m.purpose || "") }), group_purpose: (m) => t("purpose_set", { topic: unescape(m.purpose || "") }),
  channel_name: (m) => t("renamed", { name: m.name || "" }), group_name: (m) => t("renamed", { name: m.name || "" }),
  channel_archive: () => t("archived_by"), group_archive: () => t("archived_by"), channel_unarchive: () => t("unarchived_by"), group_unarchive: () => t("unarchived_by"),
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
    h("span", { class: "system-words" }, h("strong", {}, nameOf(message.user || state.bot.id)), SYSTEM[message.subtype](message)),
  );
}

/** A message. `follows`: by the same person right before, so without face and name. `thread`: shown inside a thread. */
export function messageNode(channel, message, { follows = false, thread = false, key = "" } = {}) {
  if (isSystem(message)) return systemNode(message, key);
  const author = authorOf(message);
  const seconds = Number(message.ts);
  const time = h("time", { class: "time", datetime: new Date(seconds * 1000).toISOString(), title: moment(seconds) }, clockTime(seconds));
  const pinned = (state.conversations.get(channel)?.pinned || []).includes(message.ts);
  const body = h(
    "div",
    { class: "message-body" },
    !follows && h("div", { class: "message-head" }, h("span", { class: "author" }, personName(author)), author.is_bot && h("span", { class: "app-badge" }, t("app")), time),
    content(channel, message),
    message.edited && h("span", { class: "edited" }, t("edited")),
    message.files?.length && h("div", { class: "message-files" }, message.files.map(fileCard)),
    reactions(channel, message),
    !thread && message.reply_count > 0 && h("button", { class: "replies", type: "button", "data-testid": "open-thread", on: { click: () => openThread(message.ts) } }, icon("reply"), t("replies", { n: message.reply_count })),
  );
  return h(
    "div",
    {
      class: `message ${follows ? "follows" : ""} ${message.ephemeral ? "ephemeral" : ""} ${pinned ? "pinned" : ""}`,
      "data-testid": "message", "data-ts": message.ts, "data-key": key, role: "article", "aria-label": `${personName(author)} ${moment(seconds)}`,
    },
    (message.ephemeral || pinned) && h("div", { class: "message-note" }, icon(message.ephemeral ? "eye" : "pin"), t(message.ephemeral ? "only_you" : "pinned_mark")),
    h("div", { class: "message-side" }, follows ? time : avatar(author)),
    body,
    tools(channel, message, thread),
  );
}

function content(channel, message) {
  const attachments = (message.attachments || []).map((attachment) =>
    h("div", { class: "attachment" }, attachment.text && mrkdwn(attachment.text), attachment.blocks && blockNodes(attachment.blocks, surfaceOf(channel, message.ts))),
  );
  if (message.blocks?.length) return [blockNodes(message.blocks, surfaceOf(channel, message.ts)), attachments];
  const text = message.mrkdwn === false ? h("div", { class: "mrkdwn" }, plainText(unescape(message.text || ""))) : message.text ? mrkdwn(message.text) : null;
  return [text, attachments];
}

function reactions(channel, message) {
  if (!message.reactions?.length) return null;
  return h(
    "div",
    { class: "reactions" },
    message.reactions.map((reaction) => {
      const mine = reaction.users.includes(state.me.id);
      return h(
        "button",
        { type: "button", class: `reaction ${mine ? "mine" : ""}`, "aria-pressed": mine ? "true" : "false", title: reaction.users.map(nameOf).join("、"), "data-name": reaction.name, on: { click: () => react(channel, message.ts, reaction.name, mine) } },
        emojiNode(reaction.name), h("span", {}, reaction.count ?? reaction.users.length),
      );
    }),
  );
}

const react = (channel, ts, name, remove) => post("react", { channel, ts, name, remove });

function tools(channel, message, thread) {
  const button = (testid, label, name, run) => h("button", { class: "tool", type: "button", "aria-label": label, title: label, "data-testid": testid, on: { click: (event) => run(event.currentTarget) } }, icon(name));
  return h(
    "div",
    { class: "message-tools" },
    !message.ephemeral && button("message-react", t("react"), "smile", (anchor) => palette(anchor, (name) => react(channel, message.ts, name, false))),
    !message.ephemeral && !thread && button("message-reply", t("reply_thread"), "reply", () => openThread(message.thread_ts || message.ts)),
    button("message-more", t("more"), "dots", (anchor) => more(anchor, channel, message)),
  );
}

function more(anchor, channel, message) {
  const own = state.shortcuts.filter((shortcut) => shortcut.type === "message" && !message.ephemeral);
  showMenu(anchor, [
    { label: t("copy_text"), iconName: "copy", testid: "message-copy", run: () => copy(message) },
    own.length ? t("shortcuts") : null,
    ...own.map((shortcut) => ({
      label: shortcut.name,
      description: shortcut.description,
      iconName: "bolt",
      testid: `message-shortcut-${shortcut.callback_id}`,
      run: async () => {
        const answer = await post("message_shortcut", { callback_id: shortcut.callback_id, channel, ts: message.ts });
        if (!answer.ok) toast(t("error_shortcut"), { error: true });
      },
    })),
  ], { label: t("more") });
}

async function copy(message) {
  const node = document.querySelector(`[data-testid=message][data-ts="${message.ts}"] .message-body`);
  const words = message.blocks?.length && node ? [...node.querySelectorAll(".blocks")].map((part) => part.innerText).join("\n") : unescape(message.text || "");
  try {
    await navigator.clipboard.writeText(words);
    toast(t("copied"));
  } catch {
    toast(t("failed"), { error: true });
  }
}

function palette(anchor, chosen) {
  const names = [...new Set([...QUICK, ...[...EMOJI.keys()].filter((name, place, all) => all.findIndex((other) => EMOJI.get(other) === EMOJI.get(name)) === place)])];
  const seen = new Set();
  const grid = h("div", { class: "palette", role: "menu", "aria-label": t("react") });
  const handle = showPopover(anchor, grid);
  for (const name of names) {
    if (seen.has(EMOJI.get(name))) continue;
    seen.add(EMOJI.get(name));
    grid.append(h("button", { type: "button", role: "menuitem", "aria-label": name, title: `:${name}:`, "data-name": name, tabindex: "-1", on: { click: () => { handle.close(); chosen(name); } } }, EMOJI.get(name)));
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

/** Open the thread under a message, beside the conversation. */
export function openThread(ts) {
  state.panel = { kind: "thread", ts };
  changed("panel");
}

/**
 * The nodes of a list of messages with their dividers. `known`: key → {node, sign} of the last drawing; a node whose
 * message is as it was is used again, so that focus, open menus and entries stay.
 */
export function messageNodes(channel, messages, known, { thread = false, unreadFrom = null } = {}) {
  const nodes = [];
  const next = new Map();
  let day = null;
  let last = null;
  const keep = (key, sign, make) => {
    const old = known.get(key);
    const node = old && old.sign === sign ? old.node : make();
    next.set(key, { node, sign, replaced: old && old.node !== node ? old.node : null });
    nodes.push(node);
  };
  for (const message of messages) {
    const today = isoDay(Number(message.ts));
    if (today !== day && !thread) {
      const words = dividerDay(Number(message.ts));
      keep(`day ${today}`, words, () => h("div", { class: "day-divider", role: "separator" }, h("span", {}, words)));
      last = null;
    }
    day = today;
    if (unreadFrom && message.ts === unreadFrom) {
      keep("new", language(), () => h("div", { class: "new-divider", role: "separator", "data-testid": "new-divider" }, h("span", {}, t("new"))));
      last = null;
    }
    const follows = Boolean(last && !isSystem(last) && !isSystem(message) && authorOf(last).id === authorOf(message).id && last.ephemeral === message.ephemeral && !message.ephemeral && !message.bot_id && Number(message.ts) - Number(last.ts) < 300);
    const key = `${message.ts}${message.ephemeral ? " ephemeral" : ""}`;
    const pinned = (state.conversations.get(channel)?.pinned || []).includes(message.ts);
    const sign = JSON.stringify([message, follows, pinned, language(), state.me.id, state.people.size]);
    keep(key, sign, () => messageNode(channel, message, { follows, thread, key }));
    last = message;
  }
  return { nodes, next };
}

/** Put `nodes` into `list` with as few moves as possible; the focus stays on the same button of a changed message. */
export function place(list, { nodes, next }) {
  const at = document.activeElement;
  const actionId = at?.closest?.("[data-action-id]")?.dataset.actionId;
  let focus = null;
  for (const { node, replaced } of next.values()) {
    if (replaced && actionId && replaced.contains(at)) focus = () => node.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`)?.focus({ preventScroll: true });
  }
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
  });
  if (focus) focus();
}
