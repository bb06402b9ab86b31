// The page: starts everything, follows the address, and passes on what the live line brings.

import { loadHistory, markRead, startConversation } from "./conversation.js";
import { startClock } from "./clockbar.js";
import { fill } from "./dom.js";
import { startGuide } from "./guide.js";
import { speak, t } from "./language.js";
import { forgetViews, showView } from "./modal.js";
import { startPanel } from "./panel.js";
import { closePopover } from "./popover.js";
import { get, listen, post } from "./server.js";
import { drawer, startSidebar } from "./sidebar.js";
import { changed, on, state } from "./state.js";
import { setClock } from "./time.js";

let line = null;
let arriving = 0;
const visited = new Map(); // user id → where that person was last

/** What the address asks for: #/U…/C… | #/U…/home | #/U… */
function asked() {
  const [, user, place] = location.hash.split("/");
  return { user: user ? decodeURIComponent(user) : null, place: place ? decodeURIComponent(place) : null };
}

async function follow() {
  const { user, place } = asked();
  if (!state.me || (user && user !== state.me.id)) return become(user, place);
  return go(place);
}

/** See the workspace with the eyes of another person. */
async function become(user, place) {
  arriving += 1;
  const mine = arriving;
  const answer = await get("boot", { user: user || (await anybody()) });
  if (mine !== arriving) return;
  if (!answer.ok) {
    if (user) return become(null, null);
    await new Promise((resolve) => setTimeout(resolve, 800));
    return become(null, place);
  }
  line?.close();
  closePopover();
  forgetViews();
  take(answer);
  const me = state.me.id;
  line = listen(me, {
    heard: (event) => state.me.id === me && hear(event),
    lost: () => offline(true),
    back: () => {
      offline(false);
      refresh();
    },
  });
  offline(false);
  changed("boot");
  loadUnread();
  await line.opened; // what is said from now on is heard, and all before it is in the history
  if (mine !== arriving) return;
  await go(place);
  if (answer.modal) showView(answer.modal, answer.modal_depth || 1);
}

/** Whoever comes first in the company: the one whose story the demo tells. */
async function anybody() {
  const { ok, ...people } = await get("people_unread");
  return ok ? Object.keys(people)[0] : "";
}

function take(answer) {
  if (state.me && state.me.id !== answer.me.id) state.cameFrom = state.me.id;
  state.me = answer.me;
  state.team = answer.team;
  state.bot = answer.bot;
  state.people = new Map(answer.people.map((person) => [person.id, person]));
  if (!state.people.has(state.bot.id)) state.people.set(state.bot.id, { ...state.bot, is_bot: true });
  state.groups = new Map((answer.groups || []).map((group) => [group.id, group]));
  state.conversations = new Map(answer.conversations.map((conversation) => [conversation.id, conversation]));
  state.messages = new Map();
  state.firstUnread = new Map();
  state.commands = answer.commands || answer.command || [];
  state.shortcuts = answer.shortcuts || [];
  state.home = null;
  state.homeEnabled = Boolean(answer.home_enabled);
  state.adjustable = answer.clock.adjustable;
  state.hasNext = answer.clock.has_next;
  state.violations = answer.violations || 0;
  state.place = null;
  state.panel = null;
  setClock(answer.clock.now);
  speak(state.me.locale);
}

/** Where one lands without having asked for a place: what calls me, what is unread, where I was last, the first channel. */
function landing() {
  const open = [...state.conversations.values()].filter((c) => !c.archived);
  const newest = (list) => list.sort((a, b) => Number(b.last_ts || 0) - Number(a.last_ts || 0))[0];
  const last = visited.get(state.me.id);
  const called =
    newest(open.filter((c) => c.mentions)) || newest(open.filter((c) => c.unread && c.kind !== "channel"));
  if (called) return called.id;
  if (last && (last === "home" || state.conversations.has(last))) return last;
  const quiet =
    newest(open.filter((c) => c.kind === "private")) || open.find((c) => c.kind === "channel") || open[0];
  return quiet ? quiet.id : "home";
}

async function go(place) {
  let wanted = place || landing();
  if (wanted === "bot")
    wanted = [...state.conversations.values()].find((c) => c.with === state.bot.id)?.id || "home";
  const hash = `#/${state.me.id}/${wanted}`;
  if (location.hash !== hash) history.replaceState(null, "", hash);
  visited.set(state.me.id, wanted);
  if (wanted === "home") {
    state.place = { kind: "home", id: null };
    changed("place");
    const answer = await post("home");
    if (answer.ok && answer.view) state.home = answer.view;
    return changed("home");
  }
  const before = state.place?.id;
  state.place = { kind: "conversation", id: wanted };
  // The line "new" belongs to one visit.
  if (before && before !== wanted) state.firstUnread.delete(before);
  changed("place");
  const conversation = state.conversations.get(wanted);
  if (!conversation) return undefined;
  if (!state.messages.has(wanted) || conversation.unread) await loadHistory(wanted);
  markRead();
  // Slack tells an app when somebody looks at its messages, too.
  if (conversation.with === state.bot.id) post("home", { tab: "messages" });
  if (matchMedia("(hover: hover)").matches && !document.querySelector("dialog[open]"))
    document.querySelector("[data-testid=composer]")?.focus({ preventScroll: true });
  return undefined;
}

const byTime = (a, b) => Number(a.ts) - Number(b.ts);

function put(channel, message) {
  if (!state.messages.has(channel)) return;
  const rest = state.messages
    .get(channel)
    .filter((other) => other.ts !== message.ts || Boolean(other.ephemeral) !== Boolean(message.ephemeral));
  state.messages.set(channel, [...rest, message].sort(byTime));
  changed("messages", channel);
}

const HEARD = {
  message: (event) => put(event.channel, event.message),
  message_changed: (event) => put(event.channel, event.message),
  reaction: (event) => put(event.channel, event.message),
  ephemeral: (event) => put(event.channel, { ...event.message, ephemeral: true }),
  message_deleted(event) {
    const messages = state.messages.get(event.channel);
    if (!messages) return;
    state.messages.set(
      event.channel,
      messages.filter((message) => message.ts !== event.ts),
    );
    changed("messages", event.channel);
  },
  conversation(event) {
    state.conversations.set(event.conversation.id, event.conversation);
    changed("conversations");
  },
  conversation_gone(event) {
    state.conversations.delete(event.id);
    changed("conversations");
    if (state.place?.id === event.id) changed("place");
  },
  unread(event) {
    const conversation = state.conversations.get(event.channel);
    if (!conversation) return;
    Object.assign(conversation, { unread: event.unread, mentions: event.mentions });
    if (state.place?.id === event.channel) markRead();
    changed("conversations");
  },
  others(event) {
    state.unread = event.unread;
    changed("unread");
  },
  people(event) {
    state.people = new Map(event.people.map((person) => [person.id, person]));
    changed("people");
  },
  view_opened: (event) => showView(event.view, event.depth),
  view_pushed: (event) => showView(event.view, event.depth),
  view_updated: (event) => showView(event.view, event.depth),
  view_closed: (event) => showView(event.view, event.depth),
  home(event) {
    state.home = event.view;
    changed("home");
  },
  clock(event) {
    setClock(event.now);
    changed("clock");
  },
  violation(event) {
    state.violations = event.count;
    state.lastViolation = event.last;
    changed("violations");
  },
};

function hear(event) {
  HEARD[event.type]?.(event);
}

async function loadUnread() {
  const answer = await get("people_unread", { user: state.me.id });
  if (!answer.ok) return;
  const { ok: _, ...people } = answer;
  state.unread = people;
  changed("unread");
}

/** After the line was broken: everything may have changed meanwhile. */
async function refresh() {
  const answer = await get("boot", { user: state.me.id });
  if (!answer.ok) return become(null, null);
  const { place, home, panel } = state;
  take(answer);
  Object.assign(state, { place, home, panel });
  changed("boot");
  loadUnread();
  if (place?.kind === "conversation" && state.conversations.has(place.id)) await loadHistory(place.id);
  return showView(answer.modal || null, answer.modal_depth || 1);
}

function offline(yes) {
  const bar = document.getElementById("offline");
  bar.hidden = !yes;
  fill(bar, yes ? t("reconnecting") : "");
}

on("wanted-language", async (wanted) => {
  const locale = wanted === "ja" ? "ja-JP" : "en-US";
  state.me.locale = locale;
  await post("locale", { locale });
  speak(locale);
  changed("language");
});

startSidebar();
startConversation();
startPanel();
startClock();
startGuide();
window.addEventListener("hashchange", () => {
  drawer(false);
  follow();
});
follow();
