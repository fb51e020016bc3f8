// Says in clear words whether what is shown is the present, and since when it is not.
import { clockTime, duration, moment, shortMoment } from "./format.js";
import { store } from "./store.js";
import { text } from "./texts.js";

const DAY_MS = 86400000;
let lostSince = null;
let heardAt = Date.now();

export function connectionLost(since) {
  lostSince = since;
  showStanding();
}

export function connectionFound() {
  lostSince = null;
  showStanding();
}

export function clockHeard() {
  heardAt = Date.now();
}

export function showStanding() {
  const clock = store.clock;
  const standing = lostSince ? "lost" : (clock?.state ?? "waiting");
  document.body.dataset.standing = standing;
  const shown = document.getElementById("clock");
  shown.textContent = clock?.at ? moment(clock.at) : text("no_time");
  if (clock?.at) shown.dateTime = clock.at;
  showReplay(clock);
  const words = remark(standing, clock);
  const banner = document.getElementById("banner");
  banner.hidden = !words;
  if (banner.textContent !== words) banner.textContent = words;
}

// Reports run ahead of judgement in a fast replay; more than a day is worth saying.
function showReplay(clock) {
  const badge = document.getElementById("replay");
  badge.hidden = !clock?.replay;
  if (badge.hidden) return;
  const ahead = Date.parse(clock.reported_at) - Date.parse(clock.at ?? clock.reported_at);
  badge.textContent = ahead > DAY_MS ? text("replay_behind", { at: shortMoment(clock.reported_at) }) : text("replay");
}

function remark(standing, clock) {
  const asides = [store.remark, clock?.ignored ? `${text("ignored", { count: clock.ignored })}.` : ""];
  if (standing === "running") return asides.filter(Boolean).join(" ");
  if (standing === "waiting") return [text("waiting"), ...asides].filter(Boolean).join(" ");
  const idle = (clock?.idle_seconds ?? 0) + (Date.now() - heardAt) / 1000;
  const parts = [text(standing, { since: lostSince ? clockTime(lostSince) : "", idle: duration(idle) })];
  if (clock?.at) parts.push(`${text("as_of", { at: moment(clock.at) })}.`, text("may_differ"));
  return parts.join(" ");
}
