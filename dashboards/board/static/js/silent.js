// Who is silent in a region, topic by topic, and which norms nobody can judge because of that.
import { element, icon } from "./elements.js";
import { between, labelWord, moment } from "./format.js";
import { names, norm, store } from "./store.js";
import { text, texts } from "./texts.js";

const NAMED_ON_CARD = 3;
// Here the newest full week counts, so whoever did not tell that yet is missed from the moment somebody else did.
const BY_WEEK = new Set(["care.referrals", "care.production"]);

// Every topic on which somebody is missed, with what that leaves unjudged; then what is so by silence in another region.
export function silentSection(known) {
  const missed = known.silent.filter((each) => each.view === "missed");
  const given_up = known.silent.filter((each) => each.view === "given_up");
  const here = new Set(known.silent.map((each) => each.topic));
  const doubted = new Set(missed.map((each) => each.topic));
  const elsewhere = known.unjudged.filter((each) => !each.topics.some((topic) => here.has(topic)));
  if (!known.silent.length && !known.unjudged.length) return [];
  return [
    element("section", { class: "silent", "aria-labelledby": "silent-title" },
      element("h3", { id: "silent-title" }, text("silent")),
      ...missed.map((each) => element("div", { class: "card", "data-state": "unknown" },
        element("p", { class: "norm" }, icon("unknown"), ` ${texts.topics[each.topic]}: ${counted(each)}`),
        list(each),
        ...unjudged(known.unjudged.filter((one) => one.topics.includes(each.topic))))),
      elsewhere.length ? element("div", { class: "card", "data-state": "unknown" },
        element("p", { class: "norm" }, icon("unknown"), ` ${text("silent_elsewhere")}`), ...unjudged(elsewhere)) : "",
      ...given_up.map((each) => gone(each, known.unjudged.filter((one) => one.topics.includes(each.topic) && !one.topics.some((topic) => doubted.has(topic)))))),
  ];
}

// On a breach: who keeps it from being judged; nothing where that is not silence, or nobody here.
export function keptBy(breach, known) {
  const one = known.unjudged.find((each) => each.norm === breach.norm && each.scope === breach.scope);
  if (!one) return "";
  const missed = known.silent.filter((each) => each.view === "missed" && one.topics.includes(each.topic));
  const all = [...new Set(missed.flatMap((each) => each.named).sort(longestFirst).map((each) => called(each.location)))];
  const told = Math.max(all.length, ...missed.map((each) => each.count));
  const rest = told - Math.min(NAMED_ON_CARD, all.length);
  const who = all.slice(0, NAMED_ON_CARD).join(", ") + (rest ? ` ${others(rest)}` : "");
  return text("kept_by", { who: all.length ? who : text("somebody_elsewhere") });
}

// One line a region for who looks at the whole country, what leaves the most unjudged first.
export function showSilent(open) {
  const section = document.getElementById("silent");
  const regions = Object.values(store.regions)
    .map((known) => ({ known, missed: known.silent.filter((each) => each.view === "missed") }))
    .filter(({ known, missed }) => known.id !== "NL" && missed.length)
    .sort((a, b) => b.known.unjudged.length - a.known.unjudged.length || a.known.id.localeCompare(b.known.id));
  section.hidden = !regions.length || Boolean(store.selected);
  const focused = [...section.querySelectorAll("button")].indexOf(document.activeElement);
  section.querySelector(".list").replaceChildren(...regions.map(({ known, missed }) => {
    const entry = element("button", { type: "button", class: "entry", "data-state": "unknown" }, icon("unknown"),
      element("span", {},
        element("span", { class: "what" }, `${names(known.id).abbreviation}: ${missed.map((each) => `${texts.topics[each.topic]} ${each.count}`).join(", ")}`),
        known.unjudged.length ? element("span", { class: "small" }, ` · ${known.unjudged.length === 1 ? text("unjudged_one") : text("unjudged_count", { count: known.unjudged.length })}`) : ""));
    entry.addEventListener("click", () => open(known.id));
    return entry;
  }));
  if (focused >= 0) section.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
}

function list(each) {
  const rest = each.count - each.named.length;
  return element("ul", {},
    ...each.named.map((one) => element("li", {},
      element("strong", {}, called(one.location)),
      one.partly ? ` (${text("partly")})` : "",
      element("small", {}, text("told_last", { at: moment(one.told_at), age: between(one.told_at, store.clock.at) })))),
    rest ? element("li", {}, others(rest)) : "");
}

function unjudged(all) {
  const titles = (which) => all.filter(which).map(title);
  const [kept, over, unknown] = [titles((one) => one.open), titles((one) => !one.open && one.over), titles((one) => !one.open && !one.over)];
  return [
    kept.length ? element("p", { class: "next" }, text("kept_open", { norms: kept.join("; ") })) : "",
    over.length ? element("p", { class: "next" }, text("perhaps_over", { norms: over.join("; ") })) : "",
    unknown.length ? element("p", { class: "small" }, text("cannot_judge", { norms: unknown.join("; ") })) : "",
  ];
}

function title(one) {
  const scope = one.scope ? ` (${one.scope.split(",").map((part) => labelWord(part.split("=").at(-1))).join(", ")})` : "";
  return norm(one.norm).title + scope;
}

function gone(each, all) {
  const told = each.named.map((one) => `${called(one.location)}${one.partly ? ` (${text("partly")})` : ""}, ${moment(one.told_at)}`);
  const rest = each.count - each.named.length;
  if (rest) told.push(others(rest));
  return element("div", { class: "gone" }, element("p", { class: "small" }, text("given_up", { topic: texts.topics[each.topic], who: told.join("; ") })), ...unjudged(all));
}

const longestFirst = (a, b) => a.told_at.localeCompare(b.told_at) || a.location.localeCompare(b.location);
const called = (location) => names(location)?.name ?? location;
const others = (count) => (count === 1 ? text("and_one") : text("and_others", { count }));

function counted({ topic, count }) {
  if (BY_WEEK.has(topic)) return count === 1 ? text("behind_one") : text("behind_count", { count });
  return count === 1 ? text("silent_one") : text("silent_count", { count });
}
