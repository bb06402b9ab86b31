// The ground a set of blocks stands on (a message, a modal, Home): what is entered in it, and how it reaches the app.

import { post } from "./server.js";
import { openConversation } from "./state.js";

const here = (element) => (element.default_to_current_conversation && openConversation()?.id) || null;

/** What an element holds before anybody touches it: its entry in Slack's `state.values`, or null if it holds nothing. */
function initialState(element) {
  const type = element.type;
  switch (type) {
    case "plain_text_input":
    case "number_input":
    case "email_text_input":
    case "url_text_input":
      return { type, value: element.initial_value ?? null };
    case "static_select":
    case "external_select":
    case "radio_buttons":
      return { type, selected_option: element.initial_option ?? null };
    case "multi_static_select":
    case "multi_external_select":
    case "checkboxes":
      return { type, selected_options: element.initial_options ?? [] };
    case "users_select":
      return { type, selected_user: element.initial_user ?? null };
    case "multi_users_select":
      return { type, selected_users: element.initial_users ?? [] };
    case "conversations_select":
      return { type, selected_conversation: element.initial_conversation ?? here(element) };
    case "multi_conversations_select":
      return {
        type,
        selected_conversations: element.initial_conversations ?? [here(element)].filter(Boolean),
      };
    case "channels_select":
      return { type, selected_channel: element.initial_channel ?? null };
    case "multi_channels_select":
      return { type, selected_channels: element.initial_channels ?? [] };
    case "datepicker":
      return { type, selected_date: element.initial_date ?? null };
    case "timepicker":
      return { type, selected_time: element.initial_time ?? null };
    case "datetimepicker":
      return { type, selected_date_time: element.initial_date_time ?? null };
    case "file_input":
      return { type, files: [] };
    case "rich_text_input":
      return { type, rich_text_value: element.initial_value ?? null };
    default:
      return null;
  }
}

/** A surface. `container` as the workspace wants it: {type: "message", channel, ts}, {type: "view", view_id} or {type: "home"}; `entered`: what the workspace already holds. */
export function makeSurface(container, entered = {}) {
  const values = new Map(); // block id → Map(action id → state)
  for (const [blockId, block] of Object.entries(entered)) values.set(blockId, new Map(Object.entries(block)));
  const wrong = new Map(); // block id → a word of language.js: typed, but not readable

  return {
    container,
    wrong,
    /** The entry of an element, its initial one at first. An entry of another kind of element is forgotten. */
    get(blockId, element) {
      if (!values.has(blockId)) values.set(blockId, new Map());
      const block = values.get(blockId);
      const held = block.get(element.action_id);
      if (!held || held.type !== element.type) block.set(element.action_id, initialState(element));
      return block.get(element.action_id);
    },
    set(blockId, element, fields) {
      const held = this.get(blockId, element);
      values.get(blockId).set(element.action_id, { ...held, ...fields });
    },
    /** Forget what no longer stands on the surface. `standing`: "block action" pairs. */
    keepOnly(standing) {
      for (const [blockId, block] of values) {
        for (const actionId of block.keys())
          if (!standing.has(JSON.stringify([blockId, actionId]))) block.delete(actionId);
        if (!block.size) values.delete(blockId);
      }
    },
    /** Slack's `state.values`. */
    state() {
      const all = {};
      for (const [blockId, block] of values) {
        for (const [actionId, held] of block) if (held) (all[blockId] ||= {})[actionId] = held;
      }
      return all;
    },
    /** Tell the app of an action; the workspace's answer. */
    act(blockId, element, fields) {
      return post("action", {
        container,
        block_id: blockId,
        action_id: element.action_id,
        element: { type: element.type, ...fields },
        state: this.state(),
      });
    },
    suggest(blockId, element, value) {
      const view = container.type === "view" ? { view_id: container.view_id } : {};
      return post("suggest", { container, ...view, block_id: blockId, action_id: element.action_id, value });
    },
  };
}
