// Slack's mrkdwn as nodes. Input is escaped text (&amp; &lt; &gt;); whatever is not markup is shown as it is written.

import { h } from "./dom.js";
import { EMOJI } from "./emoji.js";
import { language, t } from "./language.js";
import { personName } from "./names.js";
import { state } from "./state.js";
import { fillTokens } from "./time.js";

/** The three entities Slack knows, and no others. */
export const unescape = (text) => text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");

const WORDLIKE = /[\p{L}\p{N}]/u;
const STYLES = { "*": "strong", _: "em", "~": "s" };

/** A whole mrkdwn text: code fences, quotes, lines, and what is inside them. */
export function mrkdwn(text, { verbatim = false } = {}) {
  const parts = [];
  String(text ?? "")
    .split(/```/)
    .forEach((piece, place, all) => {
      const fenced = place % 2 === 1 && place < all.length - 1;
      if (fenced)
        parts.push(h("pre", { class: "code" }, unescape(piece.replace(/^\n/, "").replace(/\n$/, ""))));
      else parts.push(lines(place % 2 === 1 ? `\`\`\`${piece}` : piece, verbatim));
    });
  return h("div", { class: "mrkdwn" }, parts);
}

function lines(text, verbatim) {
  const rows = text.split("\n");
  const nodes = [];
  let quote = [];
  const endQuote = () => {
    if (quote.length)
      nodes.push(
        h(
          "blockquote",
          {},
          quote.map((row) => line(row, verbatim)),
        ),
      );
    quote = [];
  };
  for (let place = 0; place < rows.length; place += 1) {
    const row = rows[place];
    const three = row.match(/^(?:&gt;){3} ?/);
    if (three) {
      quote.push(row.slice(three[0].length), ...rows.slice(place + 1));
      break;
    }
    const one = row.match(/^(?:&gt;|>) ?/);
    if (one) {
      quote.push(row.slice(one[0].length));
      continue;
    }
    endQuote();
    // The line breaks beside a code fence belong to the fence.
    if (row === "" && (place === 0 || place === rows.length - 1) && rows.length > 1) continue;
    nodes.push(line(row, verbatim));
  }
  endQuote();
  return nodes;
}

function line(row, verbatim) {
  if (row === "") return h("div", { class: "line blank" });
  return h("div", { class: lineClass(row) }, inline(row, verbatim));
}

/** Items hang: what goes on in the next line begins under their words. */
function lineClass(row) {
  if (/^\s*\d+\.\s/u.test(row)) return "line item numbered";
  return /^\s*[•◦▪・-]\s/u.test(row) ? "line item" : "line";
}

/** The nodes of one line. */
function inline(text, verbatim = false) {
  const nodes = [];
  let plain = "";
  const flush = () => {
    if (plain) nodes.push(unescape(plain));
    plain = "";
  };
  let place = 0;
  while (place < text.length) {
    const rest = text.slice(place);
    const found =
      code(rest) ||
      control(rest) ||
      emoji(rest, text[place - 1]) ||
      styled(text, place, verbatim) ||
      (!verbatim && bareLink(rest, text[place - 1]));
    if (found) {
      flush();
      nodes.push(found.node);
      place += found.length;
    } else {
      plain += text[place];
      place += 1;
    }
  }
  flush();
  return nodes;
}

function code(rest) {
  const found = rest.match(/^`([^`\n]+)`/);
  return found && { node: h("code", {}, unescape(found[1])), length: found[0].length };
}

function emoji(rest) {
  const found = rest.match(/^:([a-z0-9_+-]+):/);
  const character = found && EMOJI.get(found[1]);
  return character && { node: emojiNode(found[1]), length: found[0].length };
}

/** An emoji with its name for those who cannot see it; an unknown one stays a word between colons. */
export function emojiNode(name) {
  const character = EMOJI.get(name);
  return character ? h("span", { class: "emoji", role: "img", "aria-label": name }, character) : `:${name}:`;
}

function styled(text, place, verbatim) {
  const mark = text[place];
  const tag = STYLES[mark];
  if (!tag) return null;
  // Slack wants no letter right before the opening mark and right after the closing one, Japanese ones included.
  const before = text[place - 1];
  if (
    (before && WORDLIKE.test(before)) ||
    !text[place + 1] ||
    /\s/.test(text[place + 1]) ||
    text[place + 1] === mark
  )
    return null;
  for (let end = place + 2; end < text.length; end += 1) {
    if (text[end] !== mark || /\s/.test(text[end - 1])) continue;
    const after = text[end + 1];
    if (after && (WORDLIKE.test(after) || after === mark)) continue;
    return { node: h(tag, {}, inline(text.slice(place + 1, end), verbatim)), length: end + 1 - place };
  }
  return null;
}

function bareLink(rest, before) {
  if (before && WORDLIKE.test(before)) return null;
  const found = rest.match(/^https?:\/\/[^\s<>|"'）」、。]+/);
  return found && { node: link(unescape(found[0]), unescape(found[0])), length: found[0].length };
}

/** `<…>`: mentions, channels, groups, dates, links. Anything else between the brackets is left alone. */
function control(rest) {
  const found = rest.match(/^<([^<>\n]+)>/);
  if (!found) return null;
  const [target, label] = split(found[1]);
  const node = controlNode(target, label);
  return node && { node, length: found[0].length };
}

function split(inside) {
  const bar = inside.indexOf("|");
  return bar < 0 ? [inside, null] : [inside.slice(0, bar), unescape(inside.slice(bar + 1))];
}

function controlNode(target, label) {
  if (/^@[UW][A-Z0-9]+$/.test(target)) return userMention(target.slice(1), label);
  if (/^#C[A-Z0-9]+$/.test(target)) return channelMention(target.slice(1), label);
  if (/^!subteam\^S[A-Z0-9]+$/.test(target)) return groupMention(target.slice(9), label);
  if (/^!(here|channel|everyone)$/.test(target)) return mention(`@${target.slice(1)}`, true);
  if (target.startsWith("!date^")) return dateNode(target, label);
  if (/^(https?:\/\/|mailto:|tel:)/.test(target))
    return link(unescape(target), label ?? unescape(target).replace(/^mailto:/, ""));
  return null;
}

const mention = (words, mine) => h("span", { class: mine ? "mention mine" : "mention" }, words);

/** @name of a person, marked when it is the one looking. */
export function userMention(id, label = null) {
  const person = state.people.get(id);
  return mention(`@${person ? personName(person) : label || id}`, id === state.me.id);
}

/** #name of a channel that can be opened; a private one of others shows no name. */
export function channelMention(id, label = null) {
  const conversation = state.conversations.get(id);
  if (!conversation) return h("span", { class: "mention quiet" }, label ? `#${label}` : t("private_channel"));
  return h(
    "a",
    { class: "mention channel", href: `#/${state.me.id}/${id}` },
    `${conversation.kind === "private" ? "🔒" : "#"}${conversation.name}`,
  );
}

/** @handle of a user group. */
export function groupMention(id, label = null) {
  const group = state.groups.get(id);
  const handle = group ? group.handle : (label || id).replace(/^@/, "");
  return mention(`@${handle}`, Boolean(group && (group.users || group.members || []).includes(state.me.id)));
}

function dateNode(target, fallback) {
  const [, seconds, pattern, address] = target.split("^");
  if (!/^\d+$/.test(seconds) || !pattern) return null;
  const words = h(
    "time",
    { datetime: new Date(seconds * 1000).toISOString(), title: fallback || "" },
    fillTokens(unescape(pattern), Number(seconds)),
  );
  return address && /^https?:/.test(address) ? link(unescape(address), words) : words;
}

/** A link that leaves the page in a tab of its own; only web, mail and phone addresses. */
export function link(address, words) {
  if (!/^(https?:|mailto:|tel:)/i.test(address)) return h("span", {}, words);
  return h(
    "a",
    { class: "link", href: address, target: "_blank", rel: "noopener noreferrer", lang: language() },
    words,
  );
}

/** plain_text: never markup; short names of emoji only if `emoji` is not false. */
export function plainText(text, withEmoji = true) {
  if (!withEmoji) return [text];
  return String(text)
    .split(/(:[a-z0-9_+-]+:)/)
    .map((piece) => (/^:.+:$/.test(piece) ? emojiNode(piece.slice(1, -1)) : piece));
}

/** A Block Kit text object of either type. */
export function textObject(object) {
  if (!object) return null;
  if (object.type === "mrkdwn") return mrkdwn(object.text, { verbatim: object.verbatim });
  return h("span", { class: "plain" }, plainText(object.text, object.emoji !== false));
}
