// The rich_text block: everything in it is literal, styles come as data.

import { h } from "./dom.js";
import { channelMention, emojiNode, groupMention, link, userMention } from "./mrkdwn.js";
import { fillTokens } from "./time.js";

/** A rich_text block, or the elements of one. */
export function richText(block) {
  return h("div", { class: "rich" }, (block.elements || []).map(part));
}

function part(element) {
  switch (element.type) {
    case "rich_text_section":
      return h("div", { class: "rich-section" }, pieces(element));
    case "rich_text_quote":
      return h("blockquote", {}, pieces(element));
    case "rich_text_preformatted":
      return h("pre", { class: "code" }, pieces(element));
    case "rich_text_list":
      return list(element);
    default:
      return null;
  }
}

function list(element) {
  const indent = Number(element.indent || 0);
  const ordered = element.style === "ordered";
  return h(
    ordered ? "ol" : "ul",
    {
      class: `rich-list depth-${indent % 3}`,
      start: ordered && element.offset ? element.offset + 1 : null,
      style: { marginInlineStart: `${indent * 1.5}em` },
    },
    (element.elements || []).map((item) =>
      h("li", {}, item.type === "rich_text_section" ? pieces(item) : part(item)),
    ),
  );
}

const pieces = (element) => (element.elements || []).map((piece) => style(piece, content(piece)));

function content(piece) {
  switch (piece.type) {
    case "text":
      return piece.text;
    case "link":
      return link(piece.url, piece.text || piece.url);
    case "user":
      return userMention(piece.user_id);
    case "usergroup":
      return groupMention(piece.usergroup_id);
    case "channel":
      return channelMention(piece.channel_id);
    case "broadcast":
      return h("span", { class: "mention mine" }, `@${piece.range}`);
    case "emoji":
      return emojiNode(piece.name);
    case "date":
      return h(
        "time",
        { title: piece.fallback || "" },
        fillTokens(piece.format || "{date_num} {time}", Number(piece.timestamp)),
      );
    case "color":
      return h("code", {}, piece.value);
    default:
      return piece.text || "";
  }
}

function style(piece, node) {
  const wanted = piece.style || {};
  let result = node;
  if (wanted.code) result = h("code", {}, result);
  if (wanted.bold) result = h("strong", {}, result);
  if (wanted.italic) result = h("em", {}, result);
  if (wanted.strike) result = h("s", {}, result);
  if (wanted.underline) result = h("u", {}, result);
  return result;
}
