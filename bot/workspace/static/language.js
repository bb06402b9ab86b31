// The language of the page: the locale of the person shown decides, Japanese comes first.

import { WORDS } from "./words.js";

let current = "ja";

/** The language of the page now: "ja" or "en". */
export const language = () => current;

/** Follow a person's locale ("ja", "ja-JP", "en-US", …). */
export function speak(locale) {
  current = String(locale || "ja").startsWith("ja") ? "ja" : "en";
  document.documentElement.lang = current;
}

/** The words for `key`, with `{name}` places filled in. */
export function t(key, places = {}) {
  const words = WORDS[key][current === "ja" ? 0 : 1];
  return words.replace(/\{(\w+)\}/g, (whole, name) => (name in places ? String(places[name]) : whole));
}
