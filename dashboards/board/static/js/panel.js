// The panel of one region: its breaches, and every figure with its time and completeness.
import { doubtsSection } from "./doubts.js";
import { element, icon } from "./elements.js";
import { amount, between, labelWord, moment, shortMoment } from "./format.js";
import { keptBy, silentSection } from "./silent.js";
import { names, norm, store } from "./store.js";
import { text, texts } from "./texts.js";

export function showPanel(close) {
  const panel = document.getElementById("detail");
  const region = store.selected && names(store.selected);
  panel.hidden = !region;
  document.getElementById("now").hidden = Boolean(region);
  if (!region) return;
  const scrolled = panel.dataset.region === region.id ? (panel.querySelector(".body")?.scrollTop ?? 0) : 0;
  const focused = panel.contains(document.activeElement) ? document.activeElement.className : null;
  panel.dataset.region = region.id;
  const button = element("button", { type: "button", class: "close" }, text("close"));
  button.addEventListener("click", close);
  const known = store.regions[region.id];
  const body = element("div", { class: "body", tabindex: "0", role: "group", "aria-labelledby": "detail-title" }, ...(known ? contents(known) : [element("p", { class: "empty" }, texts.states.unknown)]));
  panel.replaceChildren(
    element("div", { class: "head" }, element("h2", { id: "detail-title", class: "heading", tabindex: "-1" }, region.abbreviation, element("small", {}, region.name)), element("a", { href: `/rapport/${region.id}`, class: "report" }, text("report")), button),
    body,
  );
  body.scrollTop = scrolled;
  if (focused) panel.querySelector(`.${focused}`)?.focus({ preventScroll: true });
}

function contents(known) {
  const remarks = known.stale ? [element("p", { class: "remark" }, icon("stale"), ` ${text("stale_since", { at: moment(known.observed_at) })}`)] : [];
  const cards = known.breaches.map((breach) => card(breach, known));
  return [
    ...remarks,
    element("h3", {}, text("panel_breaches")),
    ...(cards.length ? cards : [element("p", { class: "empty" }, text("now_none"))]),
    ...silentSection(known),
    ...doubtsSection(known),
    element("h3", {}, text("panel_indicators")),
    ...tables(known),
  ];
}

function card(breach, known) {
  const rule = norm(breach.norm);
  const active = breach.state === "active";
  const state = active ? breach.severity : "pending";
  const limit = text(rule.below ? "limit_below" : "limit", { limit: amount(breach.limit, rule.unit || breach.unit) });
  const role = rule.roles[breach.step - 1];
  const ladder = active ? text("step", { step: breach.step, steps: rule.roles.length || breach.step, role: store.catalogue.roles[role] ?? role ?? "" }) : text("step_none");
  const ends = rule.clear?.[known.id];
  const end = ends === undefined ? "" : text(rule.below ? "ends_above" : "ends_below", { limit: amount(ends, rule.unit) });
  const kept = keptBy(breach, known);
  return element("article", { class: "card", "data-state": state },
    element("p", { class: "word" }, icon(state), ` ${texts.states[state]}`),
    element("p", { class: "norm" }, breach.scope ? `${rule.title} (${breach.scope.split(",").map((part) => labelWord(part.split("=").at(-1))).join(", ")})` : rule.title),
    element("p", { class: "held" }, element("strong", {}, amount(breach.value, rule.unit || breach.unit)), `  ${limit}`),
    breach.counts ? element("p", {}, `= ${breach.counts}`) : "",
    breach.where ? element("p", { class: "where" }, text("where", { who: breach.where })) : "",
    kept ? element("p", { class: "kept" }, kept) : "",
    breach.judged === false && !kept ? element("p", { class: "small" }, text("not_judged")) : "",
    end && active ? element("p", { class: "small" }, end) : "",
    element("p", {}, text("since", { at: moment(breach.since), age: between(breach.since, store.clock.at) })),
    element("p", { class: "next" }, ladder),
    element("p", { class: "small" }, [text("data_of", { at: moment(breach.observed_at) }), breach.rests_on].filter(Boolean).join(" · ")),
    rule.action ? element("p", {}, rule.action) : "",
    rule.source ? element("p", { class: "small" }, text("source", rule)) : "",
    rule.assumption ? element("p", { class: "small" }, text("assumption", { text: rule.assumption })) : "",
  );
}

function tables(known) {
  const topics = Object.keys(texts.topics);
  const groups = new Map(topics.map((topic) => [topic, []]));
  for (const indicator of known.indicators) groups.get(store.catalogue.indicators[indicator.name]?.topic ?? "")?.push(indicator);
  return [...groups].filter(([, rows]) => rows.length).map(([topic, rows]) =>
    folded(topic, rows.length, element("table", {},
      element("caption", { class: "unseen" }, texts.topics[topic]),
      element("thead", { class: "unseen" }, element("tr", {}, ...["column_figure", "column_value"].map((name) => element("th", { scope: "col" }, text(name))))),
      element("tbody", {}, ...rows.sort(inOrder).map(figureRow)))));
}

// Hundreds of figures: a topic opens when it is asked for, and stays so while the panel is drawn again.
const opened = new Set(["care.occupancy"]);

function folded(topic, count, table) {
  const details = element("details", { class: "topic" }, element("summary", { class: `of-${topic.replace(/\W/g, "-")}` }, `${texts.topics[topic]} (${count})`), table);
  details.open = opened.has(topic);
  details.addEventListener("toggle", () => (details.open ? opened.add(topic) : opened.delete(topic)));
  return details;
}

// As in the catalogue of indicators, totals before their parts.
function inOrder(a, b) {
  const order = Object.keys(store.catalogue.indicators);
  const parts = (each) => Object.values(each.labels).map((value) => (value === "all" ? "" : value)).join();
  return order.indexOf(a.name) - order.indexOf(b.name) || parts(a).localeCompare(parts(b));
}

function figureRow(indicator) {
  const kind = store.catalogue.indicators[indicator.name] ?? { text: indicator.name, unit: indicator.unit };
  const unit = indicator.unit === "s" ? "s" : kind.unit;
  const labels = Object.values(indicator.labels).filter((value) => value !== "all").map(labelWord).join(", ");
  const age = (Date.parse(store.clock.at) - Date.parse(indicator.observed_at)) / 1000;
  const old = indicator.fresh_seconds && age > indicator.fresh_seconds;
  const time = `${shortMoment(indicator.observed_at)}${old ? ` (${texts.old})` : ""}`;
  return element("tr", {},
    element("th", { scope: "row" },
      labels ? `${kind.text} (${labels})` : kind.text,
      element("small", {},
        element("span", { class: old ? "is-old" : "" }, time),
        " · ",
        element("span", { class: indicator.completeness < 0.995 ? "is-partial" : "" }, indicator.rests_on))),
    element("td", { class: "value" }, amount(indicator.value, unit), indicator.carried ? element("small", { class: "is-partial" }, range(indicator, unit)) : ""));
}

// Of what is carried forward: between what bounds the figure likely lies by now.
function range({ low, high }, unit) {
  if (low === null && high === null) return text("range_unknown");
  if (low === null) return text("range_most", { high: amount(high, unit) });
  return high === null ? text("range_least", { low: amount(low, unit) }) : text("range", { low: amount(low, unit), high: amount(high, unit) });
}
