// Numbers, moments and durations as a Dutch reader expects them, in the time of Amsterdam.
import { text, texts } from "./texts.js";

const ZONE = "Europe/Amsterdam";
const whole = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 0 });
const tenth = new Intl.NumberFormat("nl-NL", { minimumFractionDigits: 1, maximumFractionDigits: 1 });
const loose = new Intl.NumberFormat("nl-NL", { maximumFractionDigits: 1 });
const long = new Intl.DateTimeFormat("nl-NL", { weekday: "short", day: "numeric", month: "long", year: "numeric", hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const short = new Intl.DateTimeFormat("nl-NL", { day: "numeric", month: "short", hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const numeric = new Intl.DateTimeFormat("nl-NL", { day: "2-digit", month: "2-digit", hour: "2-digit", minute: "2-digit", timeZone: ZONE });
const daytime = new Intl.DateTimeFormat("nl-NL", { hour: "2-digit", minute: "2-digit", second: "2-digit", timeZone: ZONE });

export const moment = (iso) => (iso ? long.format(new Date(iso)).replace(" om ", " ") : text("no_time"));
export const shortMoment = (iso) => (iso ? short.format(new Date(iso)) : "");

// The day is only said where it is another than that of the stream.
export function dayTime(iso, now) {
  if (!iso) return "";
  const [day, time] = numeric.format(new Date(iso)).split(", ");
  return now && numeric.format(new Date(now)).startsWith(day) ? time : `${day} ${time}`;
}

export const clockTime = (date) => daytime.format(date);
export const count = (value) => (value === null || value === undefined ? "–" : loose.format(value));
export const share = (value) => (value === null || value === undefined ? "–" : `${tenth.format(100 * value)}\u00a0%`);
export const wholeShare = (value) => `${whole.format(Math.floor(100 * value))}\u00a0%`;

export function amount(value, unit) {
  if (value === null || value === undefined) return texts.unknown_value;
  if (unit === "ratio") return share(value);
  if (unit === "times") return `${tenth.format(value)}\u00a0×`;
  if (unit === "phase") return texts.phases[value] ?? count(value);
  if (unit === "s") return shortMoment(new Date(1000 * value).toISOString());
  const shown = loose.format(value);
  return `${shown}\u00a0${(shown === "1" ? texts.unit_of_one[unit] : null) ?? texts.units[unit] ?? unit}`.trim();
}

export function duration(seconds) {
  const s = Math.max(0, Math.round(seconds));
  if (s < 90) return `${s} s`;
  if (s < 5400) return `${Math.round(s / 60)} min`;
  if (s < 2 * 86400) return `${Math.round(s / 3600)} uur`;
  return `${Math.floor(s / 86400)} dagen`;
}

export function between(from, to) {
  return duration((Date.parse(to) - Date.parse(from)) / 1000);
}

export const labelWord = (value) => texts.labels[value] ?? texts.topics[value]?.toLowerCase() ?? value;
