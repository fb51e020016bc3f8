// The country in one bar: intensive care beds in use against the limits of the national ladder.
import { element, icon } from "./elements.js";
import { count, share } from "./format.js";
import { store } from "./store.js";
import { text, texts } from "./texts.js";
import { stateWords } from "./tiles.js";

export function showNational() {
  const button = document.getElementById("national");
  const known = store.regions.NL;
  const state = known?.state ?? "unknown";
  const ic = known?.figures.find((figure) => figure.name === "ic");
  const ward = known?.figures.find((figure) => figure.name === "ward");
  const phase = known?.indicators.find((each) => each.name === "phase")?.value;
  const limits = store.catalogue.ladder;
  const passed = limits.filter((limit) => (ic?.value ?? 0) >= limit).length;
  button.dataset.state = state;
  button.setAttribute("aria-expanded", String(store.selected === "NL"));
  const facts = [
    ic?.value === null || ic === undefined ? text("national_none") : passed ? text("national_over", { limit: count(limits[passed - 1]) }) : text("national_under", { limit: count(limits[0]) }),
    ward?.value === null || ward === undefined ? "" : `${text("national_ward")} ${count(ward.value)}${ward.ratio === null ? "" : ` (${share(ward.ratio)})`}`,
    phase === null || phase === undefined ? "" : `${text("phase")} ${texts.phases[phase] ?? phase}`,
  ];
  button.replaceChildren(
    element("span", {},
      element("span", { class: "title" }, text("national")),
      element("span", { class: "word" }, icon(known?.stale && state === "ok" ? "stale" : state), ` ${stateWords(state, known?.stale)}`),
      element("br"),
      element("span", { class: "value" }, count(ic?.value)), ` ${text("national_ic")} `,
      element("span", { class: "meaning" }, facts.filter(Boolean).join(" · "))),
    bar(ic?.value, limits, passed),
  );
}

function bar(value, limits, passed) {
  const longest = Math.max(limits.at(-1) ?? 1, value ?? 0) * 1.13;
  const filled = element("span", { class: "fill", "data-rung": String(passed) });
  filled.style.display = "block";
  filled.style.width = `${(100 * (value ?? 0)) / longest}%`;
  const marks = limits.map((limit) => {
    const mark = element("span", { class: "mark-limit" }, count(limit));
    mark.style.left = `${(100 * limit) / longest}%`;
    return mark;
  });
  return element("span", { class: "bar", "aria-hidden": "true" }, element("span", { class: "track" }, filled), ...marks);
}
