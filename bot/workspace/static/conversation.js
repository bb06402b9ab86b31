// The middle of the page: the open conversation's messages, and where one is while reading.

import { blockNodes } from "./blocks.js";
import { makeComposer } from "./composer.js";
import { fill, h } from "./dom.js";
import { drawHead } from "./heading.js";
import { language, t } from "./language.js";
import { isSystem } from "./message.js";
import { messageNodes, place } from "./messages.js";
import { avatar, conversationIcon, conversationName } from "./names.js";
import { get, post } from "./server.js";
import { changed, on, openConversation, state } from "./state.js";
import { makeSurface } from "./surface.js";

const list = () => document.getElementById("messages");
const scroller = () => document.getElementById("scroller");
const foot = () => document.getElementById("composer-place");

let known = new Map();
let drawn = null; // the channel whose messages stand on the page
let composer = null;
let homeSurface = null;
let stuck = true; // at the end of the conversation, and staying there

/** Is the newest message in sight? */
const atBottom = () => scroller().scrollHeight - scroller().scrollTop - scroller().clientHeight < 80;
const toBottom = () => {
  scroller().scrollTop = scroller().scrollHeight;
};

/** Get the messages of a channel (again), and mark where the unread ones begin. */
export async function loadHistory(channel) {
  const person = state.me.id;
  const answer = await get("history", { user: person, channel });
  if (!answer.ok || person !== state.me.id) return;
  state.messages.set(
    channel,
    answer.messages.slice().sort((a, b) => Number(a.ts) - Number(b.ts)),
  );
  const unread = state.conversations.get(channel)?.unread || 0;
  const others = answer.messages.filter(
    (message) => message.user !== state.me.id && !message.ephemeral && !isSystem(message),
  );
  if (unread > 0 && others.length)
    state.firstUnread.set(channel, others.at(-Math.min(unread, others.length)).ts);
  changed("messages", channel);
}

/** Tell the workspace that everything in the open conversation has been seen. */
export function markRead() {
  const conversation = openConversation();
  if (!conversation || state.place.kind === "home" || document.hidden || !conversation.unread) return;
  conversation.unread = 0;
  conversation.mentions = 0;
  post("read", { channel: conversation.id });
  changed("conversations");
}

function beginning(conversation) {
  const name = conversationName(conversation);
  const words =
    conversation.kind !== "dm"
      ? t("empty_channel", { name: conversation.kind === "private" ? name : `#${name}` })
      : t(conversation.with === state.me.id ? "empty_self" : "empty_dm", { name });
  const partner = conversation.kind === "dm" && state.people.get(conversation.with);
  return h(
    "div",
    { class: "beginning" },
    partner
      ? avatar(partner, "large")
      : h("span", { class: "beginning-sign" }, conversationIcon(conversation)),
    h("h2", {}, name),
    h("p", {}, words),
  );
}

function drawMessages(channel) {
  const conversation = openConversation();
  if (!conversation || state.place.kind === "home" || (channel && channel !== conversation.id)) return;
  const messages = (state.messages.get(conversation.id) || []).filter(
    (m) => !m.thread_ts || m.thread_ts === m.ts || m.subtype === "thread_broadcast" || m.ephemeral,
  );
  const switched = drawn !== conversation.id;
  const follow = switched || atBottom();
  if (switched) {
    known = new Map();
    list().replaceChildren();
  }
  drawn = conversation.id;
  const drawing = messageNodes(conversation.id, messages, known, {
    unreadFrom: state.firstUnread.get(conversation.id),
  });
  const start = known.get("beginning")?.node || beginning(conversation);
  drawing.nodes.unshift(start);
  drawing.next.set("beginning", { node: start, sign: "" });
  place(list(), drawing);
  known = drawing.next;
  stuck = follow;
  if (follow) toBottom();
  document.getElementById("jump").hidden = follow;
  if (follow) markRead();
}

function drawHome() {
  if (drawn !== "home") scroller().scrollTop = 0;
  stuck = false;
  drawn = "home";
  known = new Map();
  homeSurface ||= makeSurface({ type: "home" });
  const view = state.home;
  fill(
    list(),
    h(
      "div",
      { class: "home", "data-testid": "home" },
      view?.blocks?.length
        ? blockNodes(view.blocks, homeSurface)
        : h("p", { class: "home-empty" }, t("no_home")),
    ),
  );
}

function drawFoot() {
  const conversation = openConversation();
  const key =
    state.place?.kind === "home" || !conversation
      ? ""
      : `${conversation.id} ${conversation.archived} ${conversation.members.includes(state.me.id)} ${language()} ${state.me.id}`;
  if (foot().dataset.key === key) return;
  foot().dataset.key = key;
  composer = null;
  if (!key) fill(foot());
  else if (!conversation.members.includes(state.me.id))
    fill(foot(), h("div", { class: "archived" }, t("not_member")));
  else if (conversation.archived) fill(foot(), h("div", { class: "archived" }, t("archived")));
  else {
    const name = `${conversation.kind === "dm" ? "" : "#"}${conversationName(conversation)}`;
    composer = makeComposer({
      channel: conversation.id,
      placeholder: t("message_to", { name }),
      sent: toBottom,
    });
    fill(foot(), composer);
  }
}

function drawPlace() {
  document.getElementById("main").classList.toggle("at-home", state.place?.kind === "home");
  drawHead();
  drawFoot();
  if (state.place?.kind === "home") return drawHome();
  const conversation = openConversation();
  if (!conversation) {
    drawn = null;
    return fill(list(), h("div", { class: "beginning" }, h("p", {}, t("not_here"))));
  }
  return state.messages.has(conversation.id) ? drawMessages() : fill(list());
}

/** Put words into the message box of the open conversation and go there. */
export function writeInComposer(words) {
  composer?.write(words);
}

export function startConversation() {
  on("place language boot", drawPlace);
  on("conversations people", () => {
    drawHead();
    drawFoot();
    drawMessages();
  });
  on("messages", drawMessages);
  on("home", () => state.place?.kind === "home" && drawHome());
  on("boot", () => {
    homeSurface = null;
  });
  scroller().addEventListener("scroll", () => {
    if (!atBottom()) return;
    document.getElementById("jump").hidden = true;
    markRead();
  });
  document.getElementById("jump").addEventListener("click", toBottom);
  document.addEventListener("visibilitychange", markRead);
  // Pictures and late fonts change the height; whoever was at the end stays there.
  new ResizeObserver(() => {
    if (stuck) toBottom();
  }).observe(list());
  scroller().addEventListener("scroll", () => {
    stuck = state.place?.kind !== "home" && atBottom();
  });
}
