// Block Kit's elements: buttons, choices, dates, texts, files. Each keeps its entry on the surface and tells the app when it should.

import { confirmed } from "./confirm.js";
import { dayField, momentField, timeField } from "./dates.js";
import { fill, h, icon, uniqueId } from "./dom.js";
import { fileInput } from "./files.js";
import { t } from "./language.js";
import { plainText, textObject } from "./mrkdwn.js";
import { avatar, conversationName, personName } from "./names.js";
import { picker } from "./picker.js";
import { showMenu, toast } from "./popover.js";
import { richTextInput } from "./richinput.js";
import { state } from "./state.js";

/**
 * The node of an element. `field`: {surface, blockId, input: bool (in an input block), dispatch: bool, optional, label: aria attributes}.
 * Elements outside input blocks tell the app at once, those inside only where the block dispatches.
 */
export function elementNode(element, field) {
  const make = MAKERS[element.type];
  if (!make) return h("span", { class: "unknown" }, element.type);
  const node = make(element, field);
  node.dataset.actionId = element.action_id || "";
  node.classList.add("element");
  if (element.focus_on_load) node.dataset.focus = "true";
  return node;
}

async function act(element, field, node, fields) {
  if (field.input && !field.dispatch) return;
  if (element.confirm && !(await confirmed(element.confirm))) return;
  node.classList.remove("failed");
  node.classList.add("working");
  node.setAttribute("aria-busy", "true");
  const answer = await field.surface.act(field.blockId, element, fields);
  node.classList.remove("working");
  node.removeAttribute("aria-busy");
  if (answer.ok) return;
  node.classList.add("failed");
  node.title = t("action_failed");
  toast(t("failed"), { error: true });
}

/** Keep `fields` and tell the app if it wants to know. */
function enter(element, field, node, fields) {
  field.surface.set(field.blockId, element, fields);
  act(element, field, node, fields);
}

function button(element, field) {
  const node = h(
    element.url ? "a" : "button",
    {
      class: `button ${element.style || ""}`, type: element.url ? null : "button", "aria-label": element.accessibility_label,
      href: element.url, target: element.url ? "_blank" : null, rel: element.url ? "noopener noreferrer" : null, "data-value": element.value,
    },
    h("span", { class: "button-words" }, plainText(element.text.text, element.text.emoji !== false)),
    h("span", { class: "spinner", "aria-hidden": "true" }),
    h("span", { class: "failure" }, icon("warning")),
  );
  node.addEventListener("click", () => {
    if (!node.classList.contains("working")) act(element, { ...field, input: false }, node, { text: element.text, value: element.value, url: element.url });
  });
  return node;
}

function overflow(element, field) {
  const node = h("button", { class: "button overflow", type: "button", "aria-haspopup": "menu", "aria-label": t("more") }, icon("dots"));
  node.addEventListener("click", () =>
    showMenu(node, element.options.map((option) => ({
      label: option.text.text,
      description: option.description?.text,
      dataset: { value: option.value || "" },
      run: () => {
        if (option.url && /^https?:/.test(option.url)) window.open(option.url, "_blank", "noopener");
        act(element, { ...field, input: false }, node, { selected_option: option });
      },
    }))),
  );
  return node;
}

const choice = (option, group) => ({ value: option.value, label: option.text.text, description: option.description?.text, group, option });
const allChoices = (source) =>
  source.option_groups ? source.option_groups.flatMap((group) => group.options.map((option) => choice(option, group.label.text))) : (source.options || []).map((option) => choice(option));

function select(element, field) {
  const many = element.type.startsWith("multi_");
  const external = element.type.endsWith("external_select");
  const held = field.surface.get(field.blockId, element);
  const start = many ? held.selected_options : [held.selected_option].filter(Boolean);
  const ask = async (text) => {
    const answer = await field.surface.suggest(field.blockId, element, text);
    return answer.ok ? allChoices(answer) : null;
  };
  const node = picker({
    options: external ? [] : allChoices(element),
    ask: external ? ask : null,
    minQuery: external ? element.min_query_length ?? 3 : 0,
    chosen: start.map((option) => choice(option)),
    many,
    max: element.max_selected_items,
    placeholder: element.placeholder?.text,
    clearable: field.optional,
    label: field.label,
    changed: (chosen) => enter(element, field, node, many ? { selected_options: chosen.map((c) => c.option) } : { selected_option: chosen[0]?.option ?? null }),
  });
  return node;
}

const personChoice = (person) => ({ value: person.id, label: personName(person), search: `${person.name} ${person.name_en} ${person.handle}`, picture: () => avatar(person, "small") });
const conversationChoice = (conversation) => ({ value: conversation.id, label: `${conversation.kind === "dm" ? "@" : conversation.kind === "private" ? "🔒" : "#"}${conversationName(conversation)}` });

function conversationsFor(element) {
  const wanted = element.type.includes("channels") ? ["public"] : element.filter?.include;
  const kinds = { channel: "public", private: "private", dm: "im" };
  return [...state.conversations.values()].filter((c) => !c.archived && (!wanted || wanted.includes(kinds[c.kind])) && !(element.filter?.exclude_bot_users && c.with === state.bot.id)).map(conversationChoice);
}

/** users_select, conversations_select, channels_select and their multi_ forms. */
function directory(element, field) {
  const many = element.type.startsWith("multi_");
  const noun = element.type.includes("users") ? "user" : element.type.includes("channels") ? "channel" : "conversation";
  const key = many ? `selected_${noun}s` : `selected_${noun}`;
  const options = noun === "user" ? [...state.people.values()].filter((person) => !person.deleted).map(personChoice) : conversationsFor(element);
  const held = [field.surface.get(field.blockId, element)[key]].flat().filter(Boolean);
  const node = picker({
    options,
    chosen: held.map((id) => options.find((option) => option.value === id) || { value: id, label: id }),
    many,
    max: element.max_selected_items,
    placeholder: element.placeholder?.text,
    clearable: field.optional,
    label: field.label,
    changed: (chosen) => enter(element, field, node, { [key]: many ? chosen.map((c) => c.value) : chosen[0]?.value ?? null }),
  });
  return node;
}

/** Radio buttons and checkboxes. */
function boxes(element, field) {
  const many = element.type === "checkboxes";
  const name = uniqueId("choice");
  const held = field.surface.get(field.blockId, element);
  const isHeld = (option) => (many ? held.selected_options.some((o) => o.value === option.value) : held.selected_option?.value === option.value);
  const node = h(
    "div",
    { class: "boxes", role: many ? "group" : "radiogroup", ...field.label, id: field.label?.id },
    element.options.map((option) =>
      h(
        "label",
        { class: "box", "data-value": option.value },
        h("input", { type: many ? "checkbox" : "radio", name, value: option.value, checked: isHeld(option) }),
        h("span", { class: "box-words" }, textObject(option.text), option.description && h("span", { class: "option-description" }, textObject(option.description))),
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

const TEXT_TYPES = { number_input: "text", email_text_input: "email", url_text_input: "url", plain_text_input: "text" };
const INPUT_MODES = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

function text(element, field) {
  const held = field.surface.get(field.blockId, element);
  const control = h(element.multiline ? "textarea" : "input", {
    class: "text", type: element.multiline ? null : TEXT_TYPES[element.type], inputmode: INPUT_MODES[element.type], rows: element.multiline ? 4 : null,
    placeholder: element.placeholder?.text, value: held.value ?? "", autocomplete: "off", ...field.label,
  });
  const left = h("span", { class: "characters", "aria-hidden": "true" });
  const node = h("div", { class: "text-field" }, control, left);
  const triggers = element.dispatch_action_config?.trigger_actions_on || ["on_enter_pressed"];
  const count = () => {
    const rest = element.max_length ? element.max_length - control.value.length : Infinity;
    fill(left, rest <= Math.max(20, element.max_length / 10) ? String(rest) : "");
    left.classList.toggle("over", rest < 0);
  };
  control.addEventListener("input", () => {
    field.surface.set(field.blockId, element, { value: control.value === "" ? null : control.value });
    count();
    if (field.dispatch && triggers.includes("on_character_entered")) act(element, field, node, { value: control.value });
  });
  control.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && !event.isComposing && field.dispatch && !element.multiline && triggers.includes("on_enter_pressed")) {
      event.preventDefault();
      event.stopPropagation();
      act(element, field, node, { value: control.value });
    }
  });
  count();
  node.focus = () => control.focus();
  return node;
}

/** A date, time or moment. `key` is its name in Slack's state. */
const dated = (key, make) => (element, field) => {
  const node = make({
    value: field.surface.get(field.blockId, element)[key],
    placeholder: element.placeholder?.text,
    label: field.label,
    changed: (value, wrong) => {
      const before = field.surface.get(field.blockId, element)[key];
      if (wrong) field.surface.wrong.set(field.blockId, key === "selected_time" ? "not_time" : "not_date");
      else field.surface.wrong.delete(field.blockId);
      field.surface.set(field.blockId, element, { [key]: value });
      if (value !== before && !wrong) act(element, field, node, { [key]: value });
    },
  });
  return node;
};

function image(element) {
  return h("img", { class: "element-image", src: element.image_url || element.slack_file?.url, alt: element.alt_text, loading: "lazy" });
}

const files = (element, field) => fileInput(element, field, (list) => field.surface.set(field.blockId, element, { files: list }));
const rich = (element, field) => richTextInput(element, field, field.surface.get(field.blockId, element).rich_text_value, (value) => field.surface.set(field.blockId, element, { rich_text_value: value }));

const MAKERS = {
  button, overflow, image, workflow_button: button,
  static_select: select, multi_static_select: select, external_select: select, multi_external_select: select,
  users_select: directory, multi_users_select: directory, conversations_select: directory, multi_conversations_select: directory, channels_select: directory, multi_channels_select: directory,
  radio_buttons: boxes, checkboxes: boxes,
  plain_text_input: text, number_input: text, email_text_input: text, url_text_input: text,
  datepicker: dated("selected_date", dayField), timepicker: dated("selected_time", timeField), datetimepicker: dated("selected_date_time", momentField),
  file_input: files, rich_text_input: rich,
};
