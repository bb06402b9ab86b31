// The list of messages: days, the line "new", and drawing again with as little change as possible.

import { h } from "./dom.js";
import { language, t } from "./language.js";
import { isSystem, messageNode } from "./message.js";
import { authorOf } from "./names.js";
import { state } from "./state.js";
import { dividerDay, isoDay } from "./time.js";

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
      keep(`day ${today}`, words, () =>
        h("div", { class: "day-divider", role: "separator" }, h("span", {}, words)),
      );
      last = null;
    }
    day = today;
    if (unreadFrom && message.ts === unreadFrom) {
      keep("new", language(), () =>
        h(
          "div",
          { class: "new-divider", role: "separator", "data-testid": "new-divider" },
          h("span", {}, t("new")),
        ),
      );
      last = null;
    }
    const follows = Boolean(
      last &&
      !isSystem(last) &&
      !isSystem(message) &&
      authorOf(last).id === authorOf(message).id &&
      last.ephemeral === message.ephemeral &&
      !message.ephemeral &&
      !message.bot_id &&
      Number(message.ts) - Number(last.ts) < 300,
    );
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
    if (replaced && actionId && replaced.contains(at))
      focus = () =>
        node.querySelector(`[data-action-id="${CSS.escape(actionId)}"]`)?.focus({ preventScroll: true });
  }
  const wanted = new Set(nodes);
  for (const child of [...list.children]) if (!wanted.has(child)) child.remove();
  nodes.forEach((node, index) => {
    if (list.children[index] !== node) list.insertBefore(node, list.children[index] || null);
  });
  if (focus) focus();
}
