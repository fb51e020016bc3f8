// Zorgbemiddeling: asks where a treatment has a shorter wait, and lays the answer out as tables.
import { element } from "./elements.js";
import { amount, labelWord, moment, wholeShare } from "./format.js";
import { fetchJson, fill, loadTexts, text, texts } from "./texts.js";

const AGAIN_MS = 15000;
const date = new Intl.DateTimeFormat("nl-NL", { day: "numeric", month: "short", year: "numeric" });
const form = document.getElementById("ask");
let regions = {};
let known = false;

async function ask() {
  const asked = new URLSearchParams(new FormData(form));
  history.replaceState(null, "", `/bemiddeling?${asked}`);
  await showStanding();
  let answer;
  try {
    answer = await fetch(`/api/bemiddeling?${asked}`);
  } catch {
    show(element("p", {}, text("mediation_lost")));
    return;
  }
  const found = await answer.json();
  if (answer.ok) show(...lay(found));
  else show(...refusal(found));
}

function show(...parts) {
  document.getElementById("answer").replaceChildren(...parts);
}

function refusal(found) {
  const again = (found.suggestions ?? []).filter((name) => !regions[name]).map((name) => {
    const button = element("button", { type: "button", class: "suggestion" }, name);
    button.addEventListener("click", () => {
      form.elements.behandeling.value = name;
      ask();
    });
    return button;
  });
  return [
    element("h2", {}, again.length ? text("mediation_unknown") : found.error),
    again.length ? element("p", { class: "aside" }, text("mediation_meant")) : "",
    element("div", { class: "suggestions" }, ...again),
  ];
}

function lay(found) {
  return [
    element("h2", {}, text("mediation_answer", { name: found.name, region: regions[found.region] })),
    element("p", { class: "aside" }, text("as_of", { at: moment(found.at) })),
    ...found.comparisons.map(comparison),
  ];
}

function comparison(each) {
  const kind = [labelWord(each.access), each.specialism].map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join(", ");
  const known = each.shortest_here !== null;
  const either = each.within_days === each.treeknorm_days ? "" : text("mediation_or", { days: each.within_days });
  const norm = each.treeknorm_days === null ? "" : text("mediation_norm", { days: either + amount(each.treeknorm_days, "d") });
  const here = known ? text("mediation_shortest", { days: amount(each.shortest_here, "d") }) : text("mediation_none_here");
  return element("section", {},
    element("h3", {}, kind),
    element("p", { class: "aside" }, [here, norm].filter(Boolean).join(" · ")),
    element("table", {},
      element("thead", {}, element("tr", {}, ...texts.mediation_columns.map((word, place) =>
        element("th", { scope: "col", class: place === 1 ? "number" : null }, word)))),
      group(text("mediation_here"), each.here, text("mediation_nobody")),
      group(known ? text("mediation_shorter") : text("mediation_elsewhere"), each.shorter, text("mediation_nowhere")),
      each.not_known.length ? group(text("mediation_not_known"), each.not_known, "") : ""));
}

function group(title, offers, nothing) {
  const rows = offers.length ? offers.map(row) : [element("tr", {}, element("td", { colspan: 7, class: "is-shut" }, nothing))];
  return element("tbody", {}, element("tr", {}, element("th", { colspan: 7, scope: "rowgroup" }, title)), ...rows);
}

function row(offer) {
  const shut = offer.days === null;
  const held = shut ? "" : { true: text("mediation_over"), false: text("mediation_within") }[offer.over_treeknorm] ?? text("mediation_undecided");
  const tone = shut ? "is-shut" : { true: "is-over", false: "is-within" }[offer.over_treeknorm] ?? "";
  const partly = offer.completeness < 1 ? fill(texts.complete, { share: wholeShare(offer.completeness) }) : "";
  return element("tr", {},
    element("td", {}, offer.region === "NL" ? text("mediation_no_region") : `${offer.region} ${regions[offer.region]}`),
    element("td", { class: "number" }, offer.distance_km ? `${offer.distance_km}\u00a0km` : ""),
    element("td", { class: `wait ${tone}` }, shut ? texts.mediation_status[offer.status] : amount(offer.days, "d")),
    element("td", { class: tone }, held),
    element("td", {}, offer.location),
    element("td", { class: "aside" }, date.format(new Date(offer.peildatum))),
    element("td", { class: "aside" }, offer.source, partly ? element("br") : "", partly ? element("small", {}, partly) : ""));
}

// A page that stays open must say when its answers no longer follow the stream.
async function showStanding() {
  const banner = document.getElementById("banner");
  let words = text("mediation_lost");
  try {
    const { clock } = await (await fetch("/healthz")).json();
    document.getElementById("replay").hidden = !clock.replay;
    words = known ? "" : text("waiting");
    if (clock.state === "quiet") words = `${text("as_of", { at: moment(clock.reported_at) })}. ${text("may_differ")}`;
  } catch {
    // no connection: that is what the words say
  }
  banner.hidden = !words;
  if (banner.textContent !== words) banner.textContent = words;
}

await loadTexts();
const catalogue = await fetchJson("/api/catalogue");
regions = Object.fromEntries(catalogue.regions.map((each) => [each.id, each.area]));
document.getElementById("region").append(...catalogue.regions.map((each) => element("option", { value: each.id }, `${each.id} ${each.area}`)));
const { at, names } = await fetchJson("/api/behandelingen");
known = Boolean(at);
document.getElementById("treatments").append(...names.map((name) => element("option", { value: name })));
form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask();
});
const wanted = new URLSearchParams(location.search);
for (const name of ["behandeling", "regio"]) if (wanted.get(name)) form.elements[name].value = wanted.get(name);
if (wanted.get("behandeling")) ask();
else showStanding();
setInterval(showStanding, AGAIN_MS);
