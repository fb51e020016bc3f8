// The tile map: one button a region, placed as on the map, changed in place so that focus stays.
import { element, icon } from "./elements.js";
import { count, dayTime, share, wholeShare } from "./format.js";
import { store } from "./store.js";
import { text, texts } from "./texts.js";

const tiles = new Map();

export function buildTiles(open) {
  const list = document.getElementById("tiles");
  list.replaceChildren();
  tiles.clear();
  for (const region of store.catalogue.regions) {
    const button = element("button", { type: "button", class: "tile", id: `tile-${region.id}`, "aria-controls": "detail", "aria-expanded": "false", title: region.name });
    button.addEventListener("click", () => open(region.id));
    button.addEventListener("keydown", (event) => move(event, region));
    const item = element("li", {}, button);
    item.style.gridRow = region.row;
    item.style.gridColumn = `${region.column} / span 2`;
    list.append(item);
    tiles.set(region.id, { button, region });
  }
  buildLegend();
  showTiles();
}

export function showTiles() {
  for (const { button, region } of tiles.values()) {
    const known = store.regions[region.id];
    const state = known?.state ?? "unknown";
    button.dataset.state = state;
    button.classList.toggle("is-stale", Boolean(known?.stale));
    button.setAttribute("aria-expanded", String(store.selected === region.id));
    const active = known ? known.breaches.length - known.pending : 0;
    button.replaceChildren(
      element("span", { class: "top" },
        element("span", { class: "abbreviation" }, region.abbreviation),
        element("span", { class: "sign" }, active ? element("span", { class: "number" }, String(active), element("span", { class: "unseen" }, ` ${counted(active)}`)) : "", icon(known?.stale && state === "ok" ? "stale" : state))),
      element("span", { class: "name" }, element("span", { class: "area" }, region.area), element("time", { class: "stand", datetime: known?.observed_at }, dayTime(known?.observed_at, store.clock?.at))),
      element("span", { class: "status" }, element("span", { class: "word" }, stateWords(state, known?.stale)), ...remarks(known)),
      element("span", { class: "figures" }, ...(known?.figures ?? []).map((figure) => row(figure, known))),
    );
  }
}

// What is old may no longer be called good.
export function stateWords(state, stale) {
  if (!stale) return texts.states[state];
  return state === "ok" ? texts.stale : `${texts.states[state]} · ${texts.stale.toLowerCase()}`;
}

function remarks(known) {
  if (!known) return [];
  const complete = Math.min(...known.figures.map((figure) => figure.completeness));
  const words = [
    known.pending && known.state !== "pending" ? text("pending_count", { count: known.pending }) : "",
    // Two lines of words say as much already, and a third would push the figures out of the tile.
    complete < 0.995 && known.state !== "undecided-over" ? text("reported", { share: wholeShare(complete) }) : "",
  ];
  return words.filter(Boolean).map((word) => element("span", { class: "remark" }, ` · ${word}`));
}

function counted(active) {
  return active === 1 ? texts.breach_word : texts.breaches_word;
}

function row(figure, region) {
  const old = figure.observed_at && isOld(figure, region) ? " is-old" : "";
  const label = element("span", { class: "label", title: texts.figure_meaning[figure.name] }, texts.figures[figure.name]);
  const amount = figure.value === null ? "–" : count(figure.value);
  if (figure.name === "followup") {
    const free = figure.of === null ? "" : `, ${text("followup_free", { free: count(figure.of) })}`;
    const waiting = figure.value === null ? amount : text("followup_value", { waiting: amount });
    return element("span", { class: "figure" }, label, element("span", { class: `amount${old}` }, old ? `${waiting} ${texts.old}` : waiting + free));
  }
  const of = figure.name === "referrals" || figure.value === null || figure.of === null ? "" : `/${count(figure.of)}`;
  return element("span", { class: "figure" }, label, element("span", { class: `amount${old}` }, amount + of), element("span", { class: `share${old}` }, old ? texts.old : share(figure.ratio)));
}

function isOld(figure, region) {
  const names = { ic: "beds_occupied", ward: "beds_occupied", referrals: "referrals_week", followup: "followup_waiting" };
  const fresh = region.indicators.find((each) => each.name === names[figure.name])?.fresh_seconds;
  return fresh && (Date.parse(store.clock.at) - Date.parse(figure.observed_at)) / 1000 > fresh;
}

// Arrow keys go to the nearest tile in that direction; Tab visits them north to south.
function move(event, from) {
  const steps = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };
  const step = steps[event.key];
  if (!step) return;
  event.preventDefault();
  const distance = ({ row, column }) => {
    const [down, right] = [row - from.row, (column - from.column) / 2];
    const [along, aside] = step[0] ? [down * step[0], right] : [right * step[1], down];
    return along > 0 ? along + 2 * Math.abs(aside) : Infinity;
  };
  const [nearest] = store.catalogue.regions.filter((each) => distance(each) < Infinity).sort((a, b) => distance(a) - distance(b));
  if (nearest) tiles.get(nearest.id).button.focus();
}

function buildLegend() {
  const states = ["critical", "warning", "undecided-over", "info", "pending", "undecided", "ok", "unknown"].map((state) =>
    element("li", { "data-state": state }, icon(state), element("span", {}, texts.states[state])));
  states.push(element("li", { "data-state": "unknown" }, icon("stale"), element("span", {}, texts.stale)));
  document.querySelector("#legend ul").replaceChildren(...states);
}
