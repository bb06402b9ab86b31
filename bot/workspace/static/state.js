// What the page knows about the person it is shown to, and who wants to hear of changes.

export const state = {
  me: null, // {id, name, name_en, locale, tz}
  team: { id: "", name: "" },
  people: new Map(), // user id → person
  bot: { id: "", name: "" },
  groups: new Map(), // user group id → {id, handle, name}
  conversations: new Map(), // channel id → conversation
  messages: new Map(), // channel id → messages, oldest first
  commands: [],
  shortcuts: [],
  place: null, // {kind: "conversation"|"home", id}
  panel: null, // {kind: "thread"|"pins"|"members", ts?}
  home: null, // the bot's App Home view for this person
  homeEnabled: false,
  cameFrom: null, // user id of the person whose screen was shown before
  unread: {}, // user id → {unread, mentions} of everybody
  firstUnread: new Map(), // channel id → ts of the message above which the line "new" is drawn
  violations: 0,
  lastViolation: null,
  adjustable: false,
  hasNext: false,
};

const listeners = new Map();

/** Call `listener` whenever one of `topics` (separated by spaces) changes. */
export function on(topics, listener) {
  for (const topic of topics.split(" ")) {
    if (!listeners.has(topic)) listeners.set(topic, new Set());
    listeners.get(topic).add(listener);
  }
}

/** Tell everybody interested that `topic` has changed. */
export function changed(topic, detail) {
  for (const listener of listeners.get(topic) || []) listener(detail);
}

/** The conversation that is open, or null (Home is the bot's own tab). */
export function openConversation() {
  return state.place ? state.conversations.get(state.place.id) || null : null;
}

/** The direct conversation with the bot, or null. */
export function botConversation() {
  return [...state.conversations.values()].find((c) => c.kind === "dm" && c.with === state.bot.id) || null;
}
