// Elements that choose: from the app's options, from people and conversations, by radio buttons and checkboxes.

import { enter } from "./acting.js";
import { h, uniqueId } from "./dom.js";
import { textObject } from "./mrkdwn.js";
import { avatar, conversationName, personName } from "./names.js";
import { picker } from "./picker.js";
import { state } from "./state.js";

const choice = (option, group) => ({
  value: option.value,
  label: option.text.text,
  description: option.description?.text,
  group,
  option,
});
const allChoices = (source) =>
  source.option_groups
    ? source.option_groups.flatMap((group) => group.options.map((option) => choice(option, group.label.text)))
    : (source.options || []).map((option) => choice(option));

/** static_select, external_select and their multi_ forms. */
export function select(element, field) {
  const many = element.type.startsWith("multi_");
  const external = element.type.endsWith("external_select");
  const held = field.surface.get(field.blockId, element);
  const start = many ? held.selected_options : [held.selected_option].filter(Boolean);
  const ask = async (text) => {
    const answer = await field.surface.suggest(field.blockId, element, text);
    return answer.ok ? allChoices(answer) : null;
  };
  const options = external ? [] : allChoices(element);
  const node = picker({
    options,
    ask: external ? ask : null,
    minQuery: external ? (element.min_query_length ?? 3) : 0,
    // In the words of the present view: the app may have written them anew since they were chosen.
    chosen: start.map((option) => options.find((o) => o.value === option.value) ?? choice(option)),
    many,
    max: element.max_selected_items,
    placeholder: element.placeholder?.text,
    clearable: field.optional,
    label: field.label,
    changed: (chosen) =>
      enter(
        element,
        field,
        node,
        many
          ? { selected_options: chosen.map((c) => c.option) }
          : { selected_option: chosen[0]?.option ?? null },
      ),
  });
  return node;
}

const personChoice = (person) => ({
  value: person.id,
  label: personName(person),
  search: `${person.name} ${person.name_en} ${person.handle}`,
  picture: () => avatar(person, "small"),
});
const conversationChoice = (conversation) => ({
  value: conversation.id,
  label: `${conversation.kind === "dm" ? "@" : conversation.kind === "private" ? "🔒" : "#"}${conversationName(conversation)}`,
});

function conversationsFor(element) {
  const wanted = element.type.includes("channels") ? ["public"] : element.filter?.include;
  const kinds = { channel: "public", private: "private", dm: "im" };
  return [...state.conversations.values()]
    .filter(
      (c) =>
        !c.archived &&
        (!wanted || wanted.includes(kinds[c.kind])) &&
        !(element.filter?.exclude_bot_users && c.with === state.bot.id),
    )
    .map(conversationChoice);
}

/** users_select, conversations_select, channels_select and their multi_ forms. */
export function directory(element, field) {
  const many = element.type.startsWith("multi_");
  const noun = element.type.includes("users")
    ? "user"
    : element.type.includes("channels")
      ? "channel"
      : "conversation";
  const key = many ? `selected_${noun}s` : `selected_${noun}`;
  const options =
    noun === "user"
      ? [...state.people.values()].filter((person) => !person.deleted).map(personChoice)
      : conversationsFor(element);
  const held = [field.surface.get(field.blockId, element)[key]].flat().filter(Boolean);
  const node = picker({
    options,
    chosen: held.map((id) => options.find((option) => option.value === id) || { value: id, label: id }),
    many,
    max: element.max_selected_items,
    placeholder: element.placeholder?.text,
    clearable: field.optional,
    label: field.label,
    changed: (chosen) =>
      enter(element, field, node, { [key]: many ? chosen.map((c) => c.value) : (chosen[0]?.value ?? null) }),
  });
  return node;
}

/** Radio buttons and checkboxes. */
export function boxes(element, field) {
  const many = element.type === "checkboxes";
  const name = uniqueId("choice");
  const held = field.surface.get(field.blockId, element);
  const isHeld = (option) =>
    many
      ? held.selected_options.some((o) => o.value === option.value)
      : held.selected_option?.value === option.value;
  const node = h(
    "div",
    { class: "boxes", role: many ? "group" : "radiogroup", ...field.label, id: field.label?.id },
    element.options.map((option) =>
      h(
        "label",
        { class: "box", "data-value": option.value },
        h("input", { type: many ? "checkbox" : "radio", name, value: option.value, checked: isHeld(option) }),
        h(
          "span",
          { class: "box-words" },
          textObject(option.text),
          option.description && h("span", { class: "option-description" }, textObject(option.description)),
        ),
      ),
    ),
  );
  node.addEventListener("change", () => {
    const checked = new Set([...node.querySelectorAll("input:checked")].map((box) => box.value));
    const chosen = element.options.filter((option) => checked.has(option.value));
    enter(element, field, node, many ? { selected_options: chosen } : { selected_option: chosen[0] ?? null });
  });
  node.focus = () => (node.querySelector("input:checked") || node.querySelector("input"))?.focus();
  return node;
}
