// What the client itself checks before it hands a form in, as Slack's does.

import { t } from "./language.js";

/** block id → what is wrong, in words; empty when the form may go. */
export function checkView(view, surface) {
  const errors = {};
  for (const block of view.blocks || []) {
    if (block.type !== "input") continue;
    const unreadable = surface.wrong.get(block.block_id);
    const words = unreadable ? t(unreadable) : check(block, surface.get(block.block_id, block.element));
    if (words) errors[block.block_id] = words;
  }
  return errors;
}

function check(block, held) {
  const element = block.element;
  const value = entry(held);
  const empty =
    value === null ||
    value === undefined ||
    value.length === 0 ||
    (typeof value === "string" && !value.trim());
  if (empty)
    return block.optional
      ? null
      : t("value" in held || "rich_text_value" in held || "files" in held ? "required" : "choose");
  if (element.type === "number_input") return number(element, value);
  if (element.type === "email_text_input" && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) return t("not_email");
  if (element.type === "url_text_input" && !/^https?:\/\/\S+\.\S+|^https?:\/\/localhost\S*/.test(value))
    return t("not_url");
  if (typeof value === "string") {
    if (element.min_length && value.length < element.min_length)
      return t("too_short", { n: element.min_length });
    if (element.max_length && value.length > element.max_length)
      return t("too_long", { n: element.max_length });
    if (element.type === "plain_text_input" && value.length > 3000) return t("too_long", { n: 3000 });
  }
  return null;
}

/** The one thing an entry of `state.values` carries beside its type. */
function entry(held) {
  const key = Object.keys(held).find((name) => name !== "type");
  return held[key];
}

function number(element, value) {
  const amount = Number(value);
  if (!/^-?\d+(\.\d+)?$/.test(value)) return t("not_number");
  if (!element.is_decimal_allowed && !Number.isInteger(amount)) return t("not_integer");
  if (element.min_value !== undefined && amount < Number(element.min_value))
    return t("too_small", { n: element.min_value });
  if (element.max_value !== undefined && amount > Number(element.max_value))
    return t("too_large", { n: element.max_value });
  return null;
}
