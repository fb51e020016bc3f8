// What the page knows: the catalogue (fixed), the regions and transitions (changing), and how it stands.
const KEPT = 60;

export const store = { catalogue: null, clock: null, regions: {}, transitions: [], selected: null, remark: "" };

export function take(document, whole) {
  if (whole) {
    store.regions = {};
    store.transitions = [];
  }
  store.clock = document.clock;
  Object.assign(store.regions, document.regions);
  store.transitions = [...document.transitions, ...store.transitions].slice(0, KEPT);
}

export function names(region) {
  const { regions, country } = store.catalogue;
  return [...regions, country].find((each) => each.id === region);
}

export function norm(id) {
  return store.catalogue.norms[id] ?? { title: id, short: id, unit: "", source: "", article: "", assumption: "", action: "", roles: [], below: false };
}

export function activeBreaches() {
  const all = Object.values(store.regions).flatMap((region) => region.breaches.map((breach) => ({ ...breach, region: region.id })));
  const rank = { critical: 0, warning: 1, info: 2 };
  return all
    .filter((breach) => breach.state === "active")
    .sort((a, b) => rank[a.severity] - rank[b.severity] || b.since.localeCompare(a.since) || a.region.localeCompare(b.region));
}
