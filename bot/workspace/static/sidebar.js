// The left side: whose screen this is (everybody's unread marks in sight), channels, direct messages, the app.

import { fill, h, icon } from "./dom.js";
import { t } from "./language.js";
import { avatar, conversationIcon, conversationName, personName, shortName } from "./names.js";
import { on, state } from "./state.js";

// Slack's own voice has no screen to look at.
const SLACKBOT = "USLACKBOT";

const badge = (count, label) =>
  count > 0 ? h("span", { class: "badge", "aria-label": label }, count > 99 ? "99+" : count) : null;

function drawPeople() {
  const humans = [...state.people.values()].filter(
    (person) => !person.is_bot && !person.deleted && person.id !== SLACKBOT,
  );
  fill(
    document.getElementById("people"),
    humans.map((person) => {
      const mine = person.id === state.me.id;
      const unread = mine
        ? { unread: 0, mentions: 0 }
        : state.unread[person.id] || { unread: 0, mentions: 0 };
      const label = mine
        ? t("current_person", { name: personName(person) })
        : unread.unread || unread.mentions
          ? t("unread_of", { name: personName(person), n: unread.mentions || unread.unread })
          : personName(person);
      return h(
        "a",
        {
          class: `person ${mine ? "current" : ""}`,
          href: `#/${person.id}`,
          "data-testid": `person-${person.handle}`,
          "aria-label": label,
          title: label,
          "aria-current": mine ? "true" : null,
        },
        h(
          "span",
          { class: "person-face" },
          avatar(person),
          badge(unread.mentions),
          !unread.mentions && unread.unread > 0 && h("span", { class: "dot" }),
        ),
        h("span", { class: "person-name" }, shortName(person)),
      );
    }),
  );
}

function row(conversation) {
  const open = state.place?.kind === "conversation" && state.place.id === conversation.id;
  const dm = conversation.kind === "dm";
  const partner = dm && state.people.get(conversation.with);
  const name = conversationName(conversation);
  return h(
    "a",
    {
      class: `row ${open ? "current" : ""} ${conversation.unread ? "unread" : ""} ${conversation.archived ? "faded" : ""}`,
      href: `#/${state.me.id}/${conversation.id}`,
      "aria-current": open ? "page" : null,
      "data-testid": dm ? `dm-${conversation.with}` : `channel-${conversation.name}`,
      "data-channel": conversation.id,
      title: name,
    },
    partner ? avatar(partner, "tiny") : conversationIcon(conversation),
    h("span", { class: "row-name" }, name),
    badge(conversation.mentions, t("unread_of", { name, n: conversation.mentions })),
  );
}

function appRow() {
  const bot = state.people.get(state.bot.id) || { ...state.bot, is_bot: true };
  const dm = [...state.conversations.values()].find((c) => c.with === state.bot.id);
  const open = state.place?.kind === "home" || (dm && state.place?.id === dm.id);
  const target = state.homeEnabled && !dm?.unread ? "home" : dm ? dm.id : "home";
  return h(
    "a",
    {
      class: `row ${open ? "current" : ""} ${dm?.unread ? "unread" : ""}`,
      href: `#/${state.me.id}/${target}`,
      "data-testid": "app-bot",
      "aria-current": open ? "page" : null,
    },
    avatar(bot, "tiny"),
    h("span", { class: "row-name" }, personName(bot)),
    badge(dm?.mentions || dm?.unread),
  );
}

function group(words, rows) {
  if (!rows.length) return null;
  return h("section", { class: "group", "aria-label": words }, h("h2", {}, words), rows);
}

function drawList() {
  const all = [...state.conversations.values()];
  const channels = all
    .filter((c) => c.kind !== "dm")
    .sort(
      (a, b) =>
        Number(a.archived) - Number(b.archived) ||
        Number(a.kind === "private") - Number(b.kind === "private") ||
        a.name.localeCompare(b.name),
    );
  const direct = all.filter((c) => c.kind === "dm" && c.with !== state.bot.id);
  fill(
    document.getElementById("list"),
    group(
      t("channels"),
      channels
        .filter((c) => !c.archived || c.unread || c.id === state.place?.id || c.kind === "private")
        .map(row),
    ),
    group(t("direct"), direct.map(row)),
    group(t("apps"), [appRow()]),
  );
}

function drawTeam() {
  const me = state.people.get(state.me.id) || state.me;
  fill(
    document.getElementById("team"),
    h("div", { class: "team-name" }, state.team.name),
    h("div", { class: "team-me" }, avatar(me, "tiny"), h("span", {}, `${personName(me)}${t("you")}`)),
  );
  fill(
    document.getElementById("drawer-toggle"),
    icon("menu"),
    avatar(me, "tiny"),
    badge(
      Object.entries(state.unread)
        .filter(([id]) => id !== state.me.id)
        .reduce((sum, [, unread]) => sum + unread.mentions, 0) +
        [...state.conversations.values()].reduce((sum, c) => sum + c.mentions, 0),
    ),
  );
  document.getElementById("drawer-toggle").setAttribute("aria-label", t("open_menu"));
  document.getElementById("people").setAttribute("aria-label", t("people"));
}

function drawTitle() {
  const mentions = [...state.conversations.values()].reduce((sum, c) => sum + c.mentions, 0);
  document.title = `${mentions ? `(${mentions}) ` : ""}${state.team.name}`;
}

/** Open or shut the drawer that holds the left side on a phone. */
export function drawer(open) {
  document.getElementById("app").classList.toggle("drawer-open", open);
  document.getElementById("drawer-toggle").setAttribute("aria-expanded", String(open));
  if (open) document.querySelector("#people .current")?.focus();
}

// Arrow keys walk through the list and the row of faces.
function walk(event) {
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!step) return;
  const all = [...event.currentTarget.querySelectorAll("a")];
  const at = all.indexOf(document.activeElement);
  if (at < 0) return;
  event.preventDefault();
  all[(at + step + all.length) % all.length].focus();
}

export function startSidebar() {
  const all = () => {
    drawPeople();
    drawList();
    drawTeam();
    drawTitle();
  };
  on("boot people language place conversations unread", all);
  for (const id of ["list", "people"]) document.getElementById(id).addEventListener("keydown", walk);
  document
    .getElementById("drawer-toggle")
    .addEventListener("click", () =>
      drawer(!document.getElementById("app").classList.contains("drawer-open")),
    );
  document.getElementById("veil").addEventListener("click", () => drawer(false));
  document.getElementById("side").addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    drawer(false);
    document.getElementById("drawer-toggle").focus();
  });
  document
    .getElementById("list")
    .addEventListener("click", (event) => event.target.closest("a") && drawer(false));
}
