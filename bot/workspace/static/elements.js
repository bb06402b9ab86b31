// Block Kit's elements. Each keeps its entry on the surface and tells the app when it should.

import { act } from "./acting.js";
import { boxes, directory, select } from "./choices.js";
import { dayField, momentField, timeField } from "./dates.js";
import { fill, h, icon } from "./dom.js";
import { fileInput } from "./files.js";
import { t } from "./language.js";
import { plainText } from "./mrkdwn.js";
import { showMenu } from "./popover.js";
import { richTextInput } from "./richinput.js";

/**
 * The node of an element. `field`: {surface, blockId, input (in an input block?), dispatch, optional,
 * label (aria attributes)}.
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

function button(element, field) {
  const node = h(
    element.url ? "a" : "button",
    {
      class: `button ${element.style || ""}`,
      type: element.url ? null : "button",
      "aria-label": element.accessibility_label,
      href: element.url,
      target: element.url ? "_blank" : null,
      rel: element.url ? "noopener noreferrer" : null,
      "data-value": element.value,
    },
    h("span", { class: "button-words" }, plainText(element.text.text, element.text.emoji !== false)),
    h("span", { class: "spinner", "aria-hidden": "true" }),
    h("span", { class: "failure" }, icon("warning")),
  );
  node.addEventListener("click", () => {
    if (!node.classList.contains("working"))
      act(element, { ...field, input: false }, node, {
        text: element.text,
        value: element.value,
        url: element.url,
      });
  });
  return node;
}

function overflow(element, field) {
  const node = h(
    "button",
    { class: "button overflow", type: "button", "aria-haspopup": "menu", "aria-label": t("more") },
    icon("dots"),
  );
  node.addEventListener("click", () =>
    showMenu(
      node,
      element.options.map((option) => ({
        label: option.text.text,
        description: option.description?.text,
        dataset: { value: option.value || "" },
        run: () => {
          if (option.url && /^https?:/.test(option.url)) window.open(option.url, "_blank", "noopener");
          act(element, { ...field, input: false }, node, { selected_option: option });
        },
      })),
    ),
  );
  return node;
}

const TEXT_TYPES = {
  number_input: "text",
  email_text_input: "email",
  url_text_input: "url",
  plain_text_input: "text",
};
const INPUT_MODES = { number_input: "decimal", email_text_input: "email", url_text_input: "url" };

function text(element, field) {
  const held = field.surface.get(field.blockId, element);
  const control = h(element.multiline ? "textarea" : "input", {
    class: "text",
    type: element.multiline ? null : TEXT_TYPES[element.type],
    inputmode: INPUT_MODES[element.type],
    rows: element.multiline ? 4 : null,
    placeholder: element.placeholder?.text,
    value: held.value ?? "",
    autocomplete: "off",
    ...field.label,
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
    if (field.dispatch && triggers.includes("on_character_entered"))
      act(element, field, node, { value: control.value });
  });
  control.addEventListener("keydown", (event) => {
    if (
      event.key === "Enter" &&
      !event.isComposing &&
      field.dispatch &&
      !element.multiline &&
      triggers.includes("on_enter_pressed")
    ) {
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
  return h("img", {
    class: "element-image",
    src: element.image_url || element.slack_file?.url,
    alt: element.alt_text,
    loading: "lazy",
  });
}

const files = (element, field) =>
  fileInput(element, field, (list) => field.surface.set(field.blockId, element, { files: list }));
const rich = (element, field) =>
  richTextInput(element, field, field.surface.get(field.blockId, element).rich_text_value, (value) =>
    field.surface.set(field.blockId, element, { rich_text_value: value }),
  );

const MAKERS = {
  button,
  overflow,
  image,
  workflow_button: button,
  static_select: select,
  multi_static_select: select,
  external_select: select,
  multi_external_select: select,
  users_select: directory,
  multi_users_select: directory,
  conversations_select: directory,
  multi_conversations_select: directory,
  channels_select: directory,
  multi_channels_select: directory,
  radio_buttons: boxes,
  checkboxes: boxes,
  plain_text_input: text,
  number_input: text,
  email_text_input: text,
  url_text_input: text,
  datepicker: dated("selected_date", dayField),
  timepicker: dated("selected_time", timeField),
  datetimepicker: dated("selected_date_time", momentField),
  file_input: files,
  rich_text_input: rich,
};
