// The demo's clock, and every way a moment is written: always in the zone of the person shown.

import { language, t } from "./language.js";
import { state } from "./state.js";

let base = { server: Date.now() / 1000, local: performance.now() };

/** Take over the workspace's clock (seconds since 1970). */
export function setClock(now) {
  base = { server: Number(now), local: performance.now() };
}

/** The workspace's time now, in seconds since 1970; ticks on between updates. */
export const clockNow = () => base.server + (performance.now() - base.local) / 1000;

const zone = () => (state.me && state.me.tz) || "Asia/Tokyo";
const cache = new Map();

function format(seconds, options) {
  const key = `${language()}|${zone()}|${JSON.stringify(options)}`;
  if (!cache.has(key)) {
    const locale = language() === "ja" ? "ja-JP" : "en-GB";
    cache.set(key, new Intl.DateTimeFormat(locale, { timeZone: zone(), ...options }));
  }
  return cache.get(key).format(new Date(seconds * 1000));
}

/** 21:10 */
export const clockTime = (seconds) =>
  format(seconds, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const clockTimeSeconds = (seconds) =>
  format(seconds, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });

/** 2026-11-22, in the person's zone. */
export function isoDay(seconds) {
  const parts = new Intl.DateTimeFormat("en-CA", {
    timeZone: zone(),
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
  });
  return parts.format(new Date(seconds * 1000));
}

/** 11月22日（日） / Sun 22 Nov */
export function shortDay(seconds) {
  const weekday = format(seconds, { weekday: "short" });
  const day = format(seconds, { month: language() === "ja" ? "long" : "short", day: "numeric" });
  return language() === "ja" ? `${day}（${weekday}）` : `${weekday} ${day}`;
}

/** 2026年11月22日（日） / Sun 22 Nov 2026 */
function longDay(seconds) {
  const year = format(seconds, { year: "numeric" });
  return language() === "ja" ? `${year}${shortDay(seconds)}` : `${shortDay(seconds)} ${year}`;
}

/** The words of a date divider: today, yesterday, or the day. */
export function dividerDay(seconds) {
  const day = isoDay(seconds);
  if (day === isoDay(clockNow())) return t("today");
  if (day === isoDay(clockNow() - 86400)) return t("yesterday");
  return longDay(seconds);
}

/** 2026年11月22日（日）21:10 */
export const moment = (seconds) =>
  language() === "ja"
    ? `${longDay(seconds)}${clockTime(seconds)}`
    : `${longDay(seconds)}, ${clockTime(seconds)}`;

function ago(seconds) {
  const gap = clockNow() - seconds;
  const size = Math.abs(gap);
  if (size < 60) return t("just_now");
  const kind = gap > 0 ? "ago" : "in";
  if (size < 3600) return t(`${kind}_minutes`, { n: Math.floor(size / 60) });
  if (size < 86400) return t(`${kind}_hours`, { n: Math.floor(size / 3600) });
  return t(`${kind}_days`, { n: Math.floor(size / 86400) });
}

function pretty(seconds, otherwise) {
  const day = isoDay(seconds);
  if (day === isoDay(clockNow())) return t("today");
  if (day === isoDay(clockNow() - 86400)) return t("yesterday");
  return otherwise(seconds);
}

// Slack leaves the year out of {date…} within six months of now.
const yearly = (seconds, options) =>
  format(seconds, Math.abs(clockNow() - seconds) > 183 * 86400 ? { year: "numeric", ...options } : options);

const TOKENS = {
  date_num: isoDay,
  date_slash: (s) => isoDay(s).replaceAll("-", "/"),
  date: (s) => yearly(s, { month: "long", day: "numeric" }),
  date_short: (s) => yearly(s, { month: "short", day: "numeric" }),
  date_long: (s) => yearly(s, { weekday: "long", month: "long", day: "numeric" }),
  date_long_full: (s) => format(s, { year: "numeric", weekday: "long", month: "long", day: "numeric" }),
  date_pretty: (s) => pretty(s, TOKENS.date),
  date_short_pretty: (s) => pretty(s, TOKENS.date_short),
  date_long_pretty: (s) => pretty(s, TOKENS.date_long),
  day_divider_pretty: (s) => pretty(s, TOKENS.date_long),
  time: clockTime,
  time_secs: clockTimeSeconds,
  ago,
};

/** Fill Slack's date tokens, e.g. "{date_short} {time}". A token nobody knows stays as it is written. */
export const fillTokens = (pattern, seconds) =>
  pattern.replace(/\{(\w+)\}/g, (whole, token) => (TOKENS[token] ? TOKENS[token](seconds) : whole));

/** The person's wall clock at a moment: {date: "2026-11-22", time: "21:10"}. */
export const wallClock = (seconds) => ({
  date: isoDay(seconds),
  time: new Intl.DateTimeFormat("en-GB", {
    timeZone: zone(),
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(new Date(seconds * 1000)),
});

/** The moment (whole seconds since 1970) at which the person's wall clock shows this date and time. */
export function momentOf(date, time) {
  const wanted = Date.parse(`${date}T${time}:00Z`) / 1000;
  let guess = wanted;
  // Twice: the first correction may cross a change of summer time.
  for (let round = 0; round < 2; round += 1) {
    const shown = wallClock(guess);
    guess += wanted - Date.parse(`${shown.date}T${shown.time}:00Z`) / 1000;
  }
  return guess;
}

/** A plain date as people read it: 2026年11月22日（日）. `iso` is YYYY-MM-DD and has no zone. */
export const dayWords = (iso) => longDay(momentOf(iso, "12:00"));

/** YYYY-MM-DD from what people type (2026-11-22, 2026/11/22, 11/22, 2026年11月22日), or null. */
export function parseDay(text) {
  const plain = text
    .normalize("NFKC")
    .replace(/\(.*?\)/g, "")
    .trim();
  const found = plain.match(/^(?:(\d{4})\s*[-/.年]\s*)?(\d{1,2})\s*[-/.月]\s*(\d{1,2})\s*日?$/);
  if (!found) return null;
  const year = found[1] || isoDay(clockNow()).slice(0, 4);
  const iso = `${year}-${found[2].padStart(2, "0")}-${found[3].padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}

/** HH:mm from what people type (21:10, 2110, 9時, 9時5分), or null. */
export function parseTime(text) {
  const plain = text
    .normalize("NFKC")
    .trim()
    .replace(/時\s*$/, ":00")
    .replace("時", ":")
    .replace("分", "");
  const found = plain.match(/^(\d{1,2})\s*:\s*(\d{1,2})$/) || plain.match(/^(\d{1,2})(\d{2})$/);
  if (!found || Number(found[1]) > 23 || Number(found[2]) > 59) return null;
  return `${found[1].padStart(2, "0")}:${found[2].padStart(2, "0")}`;
}
