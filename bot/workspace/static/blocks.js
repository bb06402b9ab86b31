// Block Kit's blocks as nodes, on whatever surface they stand.

import { elementNode } from "./elements.js";
import { h, uniqueId } from "./dom.js";
import { t } from "./language.js";
import { mrkdwn, plainText, textObject } from "./mrkdwn.js";
import { richText } from "./richtext.js";

/** The nodes of a list of blocks. */
export const blockNodes = (blocks, surface) =>
  h(
    "div",
    { class: "blocks" },
    (blocks || []).map((block) => blockNode(block, surface)),
  );

/** The node of one block; one that nobody knows shows nothing, as in Slack. */
function blockNode(block, surface) {
  const make = MAKERS[block.type];
  if (!make) return null;
  const node = make(block, surface);
  node.dataset.blockId = block.block_id || "";
  node.dataset.blockType = block.type;
  return node;
}

const free = (block, surface) => ({
  surface,
  blockId: block.block_id,
  input: false,
  dispatch: true,
  optional: false,
  label: {},
});

function section(block, surface) {
  const accessory =
    block.accessory &&
    elementNode(block.accessory, {
      ...free(block, surface),
      label: { "aria-label": block.text?.text?.slice(0, 80) },
    });
  return h(
    "div",
    { class: `block section ${block.accessory ? `with-accessory accessory-${block.accessory.type}` : ""}` },
    h(
      "div",
      { class: "section-main" },
      block.text && h("div", { class: "section-text" }, textObject(block.text)),
      block.fields &&
        h(
          "div",
          { class: "fields" },
          block.fields.map((field) => h("div", { class: "section-field" }, textObject(field))),
        ),
    ),
    accessory && h("div", { class: "accessory" }, accessory),
  );
}

const header = (block) =>
  h(
    "div",
    { class: "block header-block", role: "heading", "aria-level": "3" },
    plainText(block.text.text, block.text.emoji !== false),
  );
const divider = () => h("hr", { class: "block divider" });

function context(block) {
  return h(
    "div",
    { class: "block context" },
    block.elements.map((item) =>
      item.type === "image"
        ? h("img", { class: "context-image", src: item.image_url, alt: item.alt_text })
        : h("span", { class: "context-text" }, textObject(item)),
    ),
  );
}

const actions = (block, surface) =>
  h(
    "div",
    { class: "block actions" },
    block.elements.map((element) =>
      elementNode(element, { ...free(block, surface), label: { "aria-label": element.placeholder?.text } }),
    ),
  );

function image(block) {
  return h(
    "figure",
    { class: "block image-block" },
    block.title && h("figcaption", {}, plainText(block.title.text)),
    h("img", { src: block.image_url || block.slack_file?.url, alt: block.alt_text, loading: "lazy" }),
  );
}

/** An input block: label, control, hint, and room for what is wrong with it. */
function input(block, surface) {
  const id = uniqueId("field");
  const describes = [block.hint && `${id}-hint`, `${id}-error`].filter(Boolean).join(" ");
  const control = elementNode(block.element, {
    surface,
    blockId: block.block_id,
    input: true,
    dispatch: Boolean(block.dispatch_action),
    optional: Boolean(block.optional),
    label: {
      "aria-labelledby": `${id}-label`,
      "aria-describedby": describes,
      "aria-required": block.optional ? null : "true",
    },
  });
  const label = h(
    "div",
    { class: "field-label", id: `${id}-label` },
    plainText(block.label.text, block.label.emoji !== false),
    block.optional && h("span", { class: "optional" }, t("optional")),
  );
  label.addEventListener("click", () => control.focus());
  return h(
    "div",
    { class: "block field", "data-testid": `field-${block.block_id}` },
    label,
    control,
    h("div", { class: "field-error", id: `${id}-error`, role: "alert" }),
    block.hint &&
      h(
        "div",
        { class: "field-hint", id: `${id}-hint` },
        plainText(block.hint.text, block.hint.emoji !== false),
      ),
  );
}

const LEVELS = { default: "💬", info: "ℹ️", warning: "⚠️", error: "⛔", success: "✅" };
const alert = (block) =>
  h(
    "div",
    { class: `block alert ${block.level || "default"}`, role: "note" },
    h("span", { class: "emoji", "aria-hidden": "true" }, LEVELS[block.level || "default"]),
    h("div", {}, textObject(block.text)),
  );

function table(block) {
  const cell = (content) => (content.type === "rich_text" ? richText(content) : content.text);
  return h(
    "div",
    { class: "block table-block" },
    h(
      "table",
      {},
      block.rows.map((row, place) =>
        h(
          "tr",
          {},
          row.map((content) => h(place ? "td" : "th", {}, cell(content))),
        ),
      ),
    ),
  );
}

const MAKERS = {
  section,
  header,
  divider,
  context,
  actions,
  image,
  input,
  alert,
  table,
  rich_text: (block) => h("div", { class: "block" }, richText(block)),
  markdown: (block) =>
    h(
      "div",
      { class: "block" },
      mrkdwn(
        block.text
          .replace(/&/g, "&amp;")
          .replace(/</g, "&lt;")
          .replace(/\*\*(.+?)\*\*/g, "*$1*"),
      ),
    ),
};
