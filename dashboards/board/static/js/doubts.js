// Who is not known to be who they say, or would be counted twice: kind by kind, with what to do.
import { element, icon } from "./elements.js";
import { moment } from "./format.js";
import { names, store } from "./store.js";
import { text, texts } from "./texts.js";

const SENDERS = "unwatched_sources";

// A card for each kind and topic: what it means for the figures, and who it is.
export function doubtsSection(known) {
  if (!known.doubts.length) return [];
  return [
    element("section", { class: "doubts", "aria-labelledby": "doubts-title" },
      element("h3", { id: "doubts-title" }, text("doubts")),
      ...known.doubts.map((each) => element("div", { class: "card", "data-state": "unknown" },
        element("p", { class: "norm" }, icon("unknown"), ` ${texts.topics[each.topic]}: ${texts.doubt_kinds[each.doubt] ?? each.doubt}`),
        list(each),
        element("p", { class: "small" }, texts.doubt_means[each.doubt] ?? "")))),
  ];
}

// One line for the country and for each region.
export function showDoubts(open) {
  const section = document.getElementById("doubts");
  const regions = Object.values(store.regions)
    .filter((known) => known.doubts.length)
    .sort((a, b) => a.id.localeCompare(b.id)); // the country first
  section.hidden = !regions.length || Boolean(store.selected);
  const focused = [...section.querySelectorAll("button")].indexOf(document.activeElement);
  section.querySelector(".list").replaceChildren(...regions.map((known) => {
    const entry = element("button", { type: "button", class: "entry", "data-state": "unknown" }, icon("unknown"),
      element("span", {}, element("span", { class: "what" }, `${names(known.id).abbreviation}: `), kinds(known).join(", ")));
    entry.addEventListener("click", () => open(known.id));
    return entry;
  }));
  if (focused >= 0) section.querySelectorAll("button")[focused]?.focus({ preventScroll: true });
}

function kinds(known) {
  const counts = new Map();
  for (const each of known.doubts) counts.set(each.doubt, (counts.get(each.doubt) ?? 0) + each.count);
  return [...counts].map(([kind, count]) => `${(texts.doubt_kinds[kind] ?? kind).toLowerCase()}${count > 1 ? ` (${count})` : ""}`);
}

function list(each) {
  const when = (at) => (each.doubt === SENDERS ? text("heard_last", { at }) : text("doubt_since", { at }));
  const rest = each.count - each.named.length;
  return element("ul", {},
    ...each.named.map((one) => element("li", {}, element("strong", {}, one.what), element("small", {}, when(moment(one.since))))),
    rest > 0 ? element("li", {}, rest === 1 ? text("and_one") : text("and_others", { count: rest })) : "");
}
