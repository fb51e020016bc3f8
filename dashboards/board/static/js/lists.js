// What plays now, by severity, and the latest transitions, newest first.
import { element, icon } from "./elements.js";
import { amount, between, shortMoment } from "./format.js";
import { activeBreaches, names, norm, store } from "./store.js";
import { fill, text, texts } from "./texts.js";

// Without enough figures, or between its limit and the limit at which it ends, a breach is not over: say so, or it looks
// like a mistake.
function inside(breach, rule) {
  if (breach.judged === false) return ` · ${text("not_judged").toLowerCase()}`;
  if (breach.value === null || breach.limit === breach.value) return "";
  const within = rule.below ? breach.value > breach.limit : breach.value < breach.limit;
  const ends = rule.clear?.[breach.region];
  if (!within || ends === undefined) return "";
  return ` · ${text(rule.below ? "ends_above" : "ends_below", { limit: amount(ends, rule.unit) }).toLowerCase()}`;
}

export function showNow(open) {
  const entries = activeBreaches().map((breach) => {
    const rule = norm(breach.norm);
    const entry = element("button", { type: "button", class: "entry", "data-state": breach.severity },
      icon(breach.severity),
      element("span", {},
        element("span", { class: "what" }, `${names(breach.region).abbreviation}: ${rule.short}`),
        element("br"),
        `${amount(breach.value, rule.unit || breach.unit)} `,
        element("span", { class: "small" }, `${text(rule.below ? "limit_below" : "limit", { limit: amount(breach.limit, rule.unit || breach.unit) })} · ${texts.states[breach.severity].toLowerCase()}, ${between(breach.since, store.clock.at)}${inside(breach, rule)}`)));
    entry.addEventListener("click", () => open(breach.region));
    return entry;
  });
  refill("#now .list", entries, text("now_none"));
}

export function showLatest() {
  const entries = store.transitions.map((transition) => {
    const rule = norm(transition.norm);
    const ending = texts.endings[transition.reason]; // nobody told that it is over
    const state = ending ? "unknown" : { pending: "pending", resolved: "ok" }[transition.state] ?? transition.severity;
    return element("div", { class: "entry", "data-state": state },
      icon(state),
      element("span", {},
        element("span", { class: "what" }, `${names(transition.region).abbreviation}: ${ending ?? fill(texts.transitions[transition.state] ?? transition.state, transition)}`),
        ` ${rule.short}`,
        element("br"),
        element("span", { class: "small" }, `${shortMoment(transition.at)} · ${amount(transition.value, rule.unit || transition.unit)}, ${text(rule.below ? "limit_below" : "limit", { limit: amount(transition.limit, rule.unit || transition.unit) })}`)));
  });
  refill("#latest .list", entries, text("latest_none"));
}

// Only worth saying aloud: what began to be critical, one sentence at a time.
export function speak(transitions) {
  const news = transitions.find((each) => ["active", "reopened"].includes(each.state) && each.severity === "critical");
  if (!news) return;
  const words = { region: names(news.region).name, norm: norm(news.norm).title, state: texts.states[news.severity] };
  document.getElementById("spoken").textContent = text("announce", words);
}

function refill(selector, entries, none) {
  const list = document.querySelector(selector);
  const focused = [...list.children].indexOf(document.activeElement);
  const scrolled = list.scrollTop;
  list.replaceChildren(...(entries.length ? entries : [element("p", { class: "empty" }, none)]));
  list.scrollTop = scrolled;
  if (focused >= 0) list.children[Math.min(focused, list.children.length - 1)]?.focus({ preventScroll: true });
}
