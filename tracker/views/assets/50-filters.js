// Filters: what is shown, kept in the address so that a view can be sent to a colleague.

const DEFAULTS = () => ({
  q: "", type: null, verdict: null, waters: null, conf: 0, since: "", until: "", flag: "", state: "", inport: false,
  listed: false, region: null,
});
let filters = DEFAULTS();
let chosen = -1;          // row of the chosen event, -1 for none
let shown = [];           // rows that pass, in order of the list
let passes = new Uint8Array(N);
const IN_PORT = Uint8Array.from({ length: N }, (_, i) => (get("in_port", i) ? 1 : 0));

const ORDERS = {
  rank: ["rank", null],
  confidence: ["confidence", (a, b) => down(CONFIDENCE[a], CONFIDENCE[b])],
  newest: ["newest first", (a, b) => START[b] - START[a]],
  oldest: ["oldest first", (a, b) => START[a] - START[b]],
  longest: ["duration", (a, b) => down(get("duration_h", a), get("duration_h", b))],
  cargo: ["cargo", (a, b) => down(get("cargo_best_t", a), get("cargo_best_t", b))],
  closest: ["distance", (a, b) => down(negative(get("min_distance_m", a)), negative(get("min_distance_m", b)))],
};
let order = "rank";
const negative = (v) => (v === null ? null : -v);
/** Larger first, unknown last. */
function down(a, b) {
  const x = a === null || Number.isNaN(a) ? -Infinity : a, y = b === null || Number.isNaN(b) ? -Infinity : b;
  return x === y ? 0 : y - x;
}

let haystack = null;
function searchText(i) {
  if (!haystack) {
    const columns = ["event_id", "name_1", "name_2", "mmsi_1", "mmsi_2", "imo_1", "imo_2", "callsign_1", "callsign_2",
      "port", "sea", "listed_1", "listed_2", "group_id"].filter((name) => COLUMNS[name]);
    haystack = Array.from({ length: N }, (_, row) => columns.map((name) => get(name, row) ?? "").join(" ").toLowerCase());
  }
  return haystack[i];
}

const orNone = (value) => value ?? "none";

// Ships alone are many and carry no verdict: hidden unless asked for, or unless there is nothing else.
const TYPE_NAMES = [...new Set(Array.from({ length: N }, (_, i) => get("type", i)))];
const USUAL = TYPE_NAMES.filter((name) => !(name in ALONE));
const SET_ASIDE = USUAL.length > 0 && USUAL.length < TYPE_NAMES.length;
/** Types that are shown: what was picked, else the usual ones; null for all. */
const shownTypes = () => filters.type || (SET_ASIDE ? USUAL : null);
/** Hidden for what it is, before any other filter is asked. */
const isSetAside = (i) => (!filters.inport && IN_PORT[i] === 1) || (SET_ASIDE && !filters.type && isAlone(i));

function applyFilters() {
  const f = filters;
  const since = f.since ? Date.parse(`${f.since}T00:00:00Z`) / 1000 : -Infinity;
  const until = f.until ? Date.parse(`${f.until}T00:00:00Z`) / 1000 + 86400 : Infinity; // the day itself counts
  const words = f.q.toLowerCase().split(/\s+/).filter(Boolean);
  const picked = { type: shownTypes(), verdict: f.verdict, waters: f.waters };
  const sets = Object.keys(picked).filter((key) => picked[key]).map((key) => [key, new Set(picked[key])]);
  shown = [];
  for (let i = 0; i < N; i++) {
    const ok = (f.inport || !IN_PORT[i]) && END[i] >= since && START[i] < until &&
      (!f.conf || CONFIDENCE[i] >= f.conf) &&
      sets.every(([key, set]) => set.has(orNone(get(key, i)))) &&
      (!f.flag || get("flag_1", i) === f.flag || get("flag_2", i) === f.flag) &&
      (!f.state || get("state", i) === f.state) &&
      (!f.listed || (get("listed_1", i) || []).length + (get("listed_2", i) || []).length > 0) &&
      (!f.region || isInside(f.region, LON[i], LAT[i])) &&
      (!words.length || words.every((word) => searchText(i).includes(word)));
    passes[i] = ok ? 1 : 0;
    if (ok) shown.push(i);
  }
  if (ORDERS[order][1]) shown.sort((a, b) => ORDERS[order][1](a, b) || a - b);
  emit("filtered");
}

function setFilters(change) {
  Object.assign(filters, change);
  applyFilters();
  writeHash();
}

/** Point in a drawn ring of [lon, lat]; the ring may run past 180. */
function isInside(ring, lon, lat) {
  const west = Math.min(...ring.map((p) => p[0]));
  const x = west + ((((lon - west) % 360) + 360) % 360);
  let inside = false;
  for (let a = 0, b = ring.length - 1; a < ring.length; b = a++) {
    const [xa, ya] = ring[a], [xb, yb] = ring[b];
    if (ya > lat !== yb > lat && x < ((xb - xa) * (lat - ya)) / (yb - ya) + xa) inside = !inside;
  }
  return inside;
}

// --- the address -----------------------------------------------------------------------------------

function hashText() {
  const p = new URLSearchParams();
  if (chosen >= 0) p.set("e", get("event_id", chosen));
  for (const key of ["q", "since", "until", "flag", "state"]) if (filters[key]) p.set(key, filters[key]);
  for (const key of ["type", "verdict", "waters"]) if (filters[key]) p.set(key, filters[key].join(","));
  if (filters.conf) p.set("conf", String(filters.conf));
  if (filters.inport) p.set("inport", "1");
  if (filters.listed) p.set("listed", "1");
  if (filters.region) p.set("region", filters.region.map((c) => `${c[0]},${c[1]}`).join(";"));
  if (order !== "rank") p.set("sort", order);
  return p.toString();
}

let ownHash = null;
function writeHash() {
  ownHash = hashText();
  try { history.replaceState(null, "", `#${ownHash}`); } catch { location.hash = ownHash; }
}

const asDay = (text) => (/^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text)) ? text : "");
function readHash() {
  const p = new URLSearchParams(location.hash.slice(1));
  filters = DEFAULTS();
  for (const key of ["q", "flag", "state"]) filters[key] = p.get(key) || "";
  for (const key of ["since", "until"]) filters[key] = asDay(p.get(key) || "");
  for (const key of ["type", "verdict", "waters"]) if (p.has(key)) filters[key] = p.get(key).split(",").filter(Boolean);
  filters.conf = Math.max(0, Math.min(1, Number(p.get("conf")) || 0));
  filters.inport = p.get("inport") === "1";
  filters.listed = p.get("listed") === "1";
  const ring = (p.get("region") || "").split(";").map((c) => c.split(",").map(Number));
  if (ring.length >= 3 && ring.every((c) => c.length === 2 && c.every(Number.isFinite))) filters.region = ring;
  order = ORDERS[p.get("sort")] ? p.get("sort") : "rank";
  const wanted = p.get("e");
  applyFilters();
  emit("restored");
  choose(wanted !== null && ID_ROW.has(wanted) ? ID_ROW.get(wanted) : -1, { fly: true, quiet: true });
  if (wanted && !ID_ROW.has(wanted)) notify(`This map has no event ${wanted}.`);
}
addEventListener("hashchange", () => { if (location.hash.slice(1) !== ownHash) readHash(); });

/** Choose an event, or none with -1. A chosen event is shown even when the filters would hide it. */
function choose(i, { fly = false, quiet = false } = {}) {
  chosen = i;
  notify(i >= 0 && !passes[i] ? isSetAside(i) && isAlone(i)
    ? "Ships alone are hidden from the list; this one is shown because it was asked for by its link or chosen before."
    : "The chosen event is outside your filters; it is shown because it was asked for by its link or chosen before." : "");
  emit("chosen", { fly, quiet });
  if (!quiet) writeHash();
}
on("filtered", () => {
  if (chosen >= 0) notify(passes[chosen] ? "" : "The chosen event is outside your filters; it stays shown until you close it.");
});

function notify(text) {
  $("notice").textContent = text;
  $("notice").hidden = !text;
}
