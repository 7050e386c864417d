// Events as columns, and the small helpers that every part uses.
// Texts come from the radio: they are only ever set as text nodes, never parsed as HTML.

const DATA = JSON.parse(document.getElementById("tracker-data").textContent);
const COLUMNS = DATA.events.columns;
const N = DATA.events.count;
const PROVENANCE = DATA.provenance || {};
const DRAWING = DATA.drawing;
const HOUR = 3600;

/** Value of a column at row i: number, text, list of texts, or null when unknown. */
function get(name, i) {
  const column = COLUMNS[name];
  if (!column) return null;
  if (column.n) return column.n[i];
  if (column.c) return column.c[i] < 0 ? null : column.d[column.c[i]];
  const codes = column.l[i];
  return codes ? codes.map((code) => column.d[code]) : null;
}

/** A whole number column as Float64Array, unknown as NaN. */
function numbers(name) {
  const out = new Float64Array(N).fill(NaN);
  const column = COLUMNS[name];
  if (column) for (let i = 0; i < N; i++) if (column.n[i] !== null) out[i] = column.n[i];
  return out;
}

const LON = numbers("lon"), LAT = numbers("lat");
const START = numbers("start_time"), END = numbers("end_time");
const CONFIDENCE = numbers("confidence"), RISK = numbers("risk_score");
const HAS_RISK = Boolean(COLUMNS.risk_score);
const ID_ROW = new Map();
for (let i = 0; i < N; i++) ID_ROW.set(get("event_id", i), i);

/** Element with properties and children; strings become text nodes. */
function el(tag, props, ...children) {
  const node = document.createElement(tag);
  for (const [key, value] of Object.entries(props || {})) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on") for (const [type, fn] of Object.entries(value)) node.addEventListener(type, fn);
    else if (key === "class") node.className = value;
    else if (key in node && key !== "list" && !key.startsWith("aria")) node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(...children.flat(3).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

const SVG = "http://www.w3.org/2000/svg";
function svg(tag, props, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [key, value] of Object.entries(props || {})) node.setAttribute(key, value);
  node.append(...children);
  return node;
}

const $ = (id) => document.getElementById(id);

// One small bus: parts announce what changed, others listen.
const listeners = {};
function on(name, fn) { (listeners[name] = listeners[name] || []).push(fn); }
function emit(name, value) { for (const fn of listeners[name] || []) fn(value); }

// --- words and figures -------------------------------------------------------------------------

const UNKNOWN = "unknown";
const TYPES = {
  encounter: "Encounter", dark_encounter: "Dark encounter", loitering: "Loitering", gap: "Gap in AIS",
  spoofing: "Spoofing", port_call: "Port call", identity_change: "Identity change",
};
const VERDICTS = { likely: "Likely", possible: "Possible", unlikely: "Unlikely", none: "Not judged" };
const WATERS = {
  internal_waters: "Internal waters", archipelagic_waters: "Archipelagic waters", territorial_sea: "Territorial sea",
  contiguous_zone: "Contiguous zone", eez: "EEZ", high_seas: "High seas", none: "Not placed",
};

function figure(value, digits, unit) {
  if (value === null || value === undefined || Number.isNaN(value)) return null;
  const text = value.toLocaleString("en-GB", { minimumFractionDigits: 0, maximumFractionDigits: digits });
  return unit ? `${text}\u00a0${unit}` : text;
}

function utc(seconds, { seconds: withSeconds = false } = {}) {
  const text = new Date(seconds * 1000).toISOString();
  return `${text.slice(0, 10)} ${text.slice(11, withSeconds ? 19 : 16)}Z`;
}
const day = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

function span(hours) {
  if (hours === null || Number.isNaN(hours)) return UNKNOWN;
  const minutes = Math.round(hours * 60);
  if (minutes < 90) return `${minutes}\u00a0min`;
  if (hours < 72) return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, "0")}`;
  return `${figure(hours / 24, 1)}\u00a0days`;
}

const wrapLon = (lon) => ((((lon + 180) % 360) + 360) % 360) - 180;

function angle(value, positive, negative, width) {
  const minutes = Math.round(Math.abs(value) * 60 * 100) / 100;
  const degrees = Math.floor(minutes / 60);
  return `${String(degrees).padStart(width, "0")}\u00b0${(minutes - degrees * 60).toFixed(2).padStart(5, "0")}\u2032${value < 0 ? negative : positive}`;
}
/** Degrees and decimal minutes, as on a chart. */
function place(lat, lon) { return `${angle(lat, "N", "S", 2)} ${angle(wrapLon(lon), "E", "W", 3)}`; }
function decimal(lat, lon) { return `${lat.toFixed(4)}, ${wrapLon(lon).toFixed(4)}`; }

function distance(metres) {
  if (metres === null || Number.isNaN(metres)) return null;
  if (metres < 1000) return figure(metres, metres < 10 ? 1 : 0, "m");
  return `${figure(metres / 1852, metres < 18520 ? 2 : 1, "nm")}`;
}

// Type of ship and cargo: ITU-R M.1371-5, table 53.
function shipType(code) {
  if (code === null) return null;
  const single = { 30: "Fishing", 31: "Towing", 32: "Towing, long", 33: "Dredging", 34: "Diving", 35: "Military",
    36: "Sailing", 37: "Pleasure craft", 50: "Pilot", 51: "Search and rescue", 52: "Tug", 53: "Port tender",
    54: "Anti-pollution", 55: "Law enforcement", 58: "Medical", 59: "Non-combatant" };
  const tens = { 2: "Wing in ground", 4: "High-speed craft", 6: "Passenger", 7: "Cargo", 8: "Tanker", 9: "Other" };
  const name = single[code] || tens[Math.floor(code / 10)];
  return name ? `${name} (${code})` : `Type ${code}`;
}

/** Rounded to three significant digits: an estimate has no more. */
function rough(value, unit) {
  if (value === null || Number.isNaN(value)) return null;
  return figure(Number(value.toPrecision(3)), 3, unit);
}
function percent(share) { return share > 0 && share < 0.01 ? "under 1\u00a0%" : `${Math.round(share * 100)}\u00a0%`; }

// What a figure or a flag rests on, in words.
const BASES = {
  mid: "from MMSI", hull: "from hull size", "hull and draught": "from hull size and draught", length: "from length",
  registry: "from a register", history: "from flag history", watchlist: "from a watchlist",
  "history, false": "FALSE flag by its history", "registry, false": "FALSE flag by the register",
};
const basisText = (basis) => (basis ? ` (${BASES[basis] || basis})` : "");

/** Ships alone: no pair, no verdict; set aside unless asked for. */
const ALONE = { gap: ["gap", "gaps"], loitering: ["loitering", "loitering"], spoofing: ["false position", "false positions"] };
const isAlone = (i) => get("type", i) in ALONE;

/** The type of an event in words, with what kind of false position it is. */
function typeName(i) {
  const name = TYPES[get("type", i)] || get("type", i), kind = get("spoofing_type", i);
  return kind ? `${name}: ${String(kind).replaceAll("_", " ")}` : name;
}

/** The second ship was not heard there: whoever is named is a candidate, never a partner that was seen. */
const isDark = (i) => get("type", i) === "dark_encounter";
const NOT_HEARD = "not heard";

function anyName(i, n) {
  const name = get(`name_${n}`, i), mmsi = get(`mmsi_${n}`, i);
  return name || (mmsi === null ? null : `MMSI ${mmsi}`);
}
/** Name to show for ship n of event i; a candidate's name is only ever got from `candidateName`. */
function shipName(i, n) { return n === 2 && isDark(i) ? NOT_HEARD : anyName(i, n); }
function candidateName(i) { return isDark(i) ? anyName(i, 2) : null; }

/** Ranked candidates of a dark encounter: [{mmsi, probability or null}]; null when they cannot be read. */
function candidatesOf(i) {
  let listed;
  try { listed = JSON.parse(get("candidates", i) || "[]"); } catch { return null; }
  if (!Array.isArray(listed)) return null;
  const kept = listed.filter((one) => one && Number.isInteger(one.mmsi));
  return kept.map(({ mmsi, probability: p }) => ({ mmsi, probability: p >= 0 && p <= 1 ? p : null }));
}
/** "best candidate EAGLEBAY, 15 %" */
function candidateText(i) {
  const name = candidateName(i);
  if (!name) return "no candidate named";
  const best = (candidatesOf(i) || []).find((one) => one.mmsi === get("mmsi_2", i));
  return `best candidate ${name}${best && best.probability !== null ? `, ${percent(best.probability)}` : ""}`;
}
