// What people and conversations are called on the screen, and the coloured square that stands for a person.

import { h, icon } from "./dom.js";
import { language, t } from "./language.js";
import { state } from "./state.js";

const COLOURS = [
  "#2f7d6d",
  "#b4572e",
  "#3c6db0",
  "#8a4d92",
  "#a8781c",
  "#b23f57",
  "#4b5d73",
  "#5b7a2e",
  "#177e96",
];

/** A person's name in the language of the screen. */
export const personName = (person) => (language() === "en" && person.name_en) || person.name;

/** The name by id; an unknown id stays as it is. */
export const nameOf = (id) => (state.people.has(id) ? personName(state.people.get(id)) : id);

/** The name without what stands in brackets: 営業担当（報告する人） → 営業担当. */
export const shortName = (person) => personName(person).replace(/\s*[（(].*?[）)]\s*$/, "");

function initials(person) {
  const words = shortName(person)
    .split(/[\s　]+/)
    .filter(Boolean);
  if (language() === "en")
    return words
      .slice(0, 2)
      .map((word) => word[0].toUpperCase())
      .join("");
  return [...(words.at(-1) || "?")][0];
}

/** The square that stands for a person. */
export function avatar(person, size = "") {
  const place = Math.max(0, [...state.people.keys()].indexOf(person.id));
  const node = h("span", { class: `avatar ${size} ${person.is_bot ? "bot" : ""}`, "aria-hidden": "true" });
  if (person.is_bot) node.append(botFace());
  else node.append(initials(person));
  node.style.backgroundColor = person.is_bot
    ? ""
    : cssColour(person.color) || COLOURS[place % COLOURS.length];
  return node;
}

function cssColour(colour) {
  if (!colour) return null;
  return /^[0-9a-f]{6}$/i.test(colour) ? `#${colour}` : colour;
}

const botFace = () => icon("bell");

/** The person behind a message, the bot included; strangers get a plain entry. */
export function authorOf(message) {
  const id = message.user || (message.bot_id ? state.bot.id : "");
  return (
    state.people.get(id) || {
      id,
      name: message.username || id || state.bot.name,
      name_en: "",
      is_bot: Boolean(message.bot_id),
    }
  );
}

/** A conversation as the list and the header call it. */
export function conversationName(conversation) {
  if (conversation.kind !== "dm") return conversation.name;
  const name = nameOf(conversation.with);
  return conversation.with === state.me.id ? `${name}${t("you")}` : name;
}

/** The sign before a channel's name. */
export const conversationIcon = (conversation) => icon(conversation.kind === "private" ? "lock" : "hash");
