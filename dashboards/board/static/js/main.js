// Puts the page together: texts and catalogue once, then whatever the server sends.
import { clockHeard, connectionFound, connectionLost, showStanding } from "./banner.js";
import { showDoubts } from "./doubts.js";
import { follow } from "./link.js";
import { showLatest, showNow, speak } from "./lists.js";
import { showNational } from "./national.js";
import { showPanel } from "./panel.js";
import { showSilent } from "./silent.js";
import { names, store, take } from "./store.js";
import { fetchJson, loadTexts, text, texts } from "./texts.js";
import { buildTiles, showTiles } from "./tiles.js";

let epoch = null;

function show() {
  showStanding();
  showNational();
  showTiles();
  showPanel(close);
  showNow(open);
  showSilent(open);
  showDoubts(open);
  showLatest();
}

function open(region) {
  store.remark = "";
  history.replaceState(null, "", `#${region}`);
  select(region);
  document.getElementById("detail-title").focus({ preventScroll: window.innerWidth > 900 });
}

function close() {
  const region = store.selected;
  history.replaceState(null, "", location.pathname);
  select(null);
  document.getElementById(region === "NL" ? "national" : `tile-${region}`)?.focus();
}

function select(region) {
  store.selected = region;
  show();
}

// A mail links to `#R07`; an unknown region is said, not obeyed.
function selectFromAddress() {
  const region = location.hash.slice(1);
  store.remark = region && !names(region) ? text("unknown_region", { region: region.slice(0, 20) }) : "";
  select(names(region) ? region : null);
}

async function loadCatalogue() {
  store.catalogue = await fetchJson("/api/catalogue");
  texts.topics = { ...store.catalogue.topics, ...texts.topics };
  buildTiles(open);
  selectFromAddress();
}

async function heard(name, document, server) {
  take(document, name === "snapshot");
  clockHeard();
  if (epoch !== null && epoch !== server) await loadCatalogue();
  epoch = server;
  if (name === "change") speak(document.transitions);
  if (Object.keys(document.regions).length || document.transitions.length || name === "snapshot") show();
  else showStanding();
}

await loadTexts();
await loadCatalogue();
document.getElementById("national").addEventListener("click", () => open("NL"));
window.addEventListener("hashchange", selectFromAddress);
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && store.selected) close();
});
setInterval(showStanding, 1000);
setInterval(show, 60000); // ages grow while nothing happens
follow({ heard, lost: connectionLost, found: connectionFound });
