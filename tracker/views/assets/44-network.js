// Who met whom: ships as nodes among their meetings, a line for each pair, as wide as they met often. Follows the filters.
// A node lies at the middle of its ship's meetings, pushed away from her partners by some pixels, so that a pair that met
// once is seen too: its place says roughly where she met others, not where she was.

layerShown.network = false;
const MOST_PAIRS = 2000;  // more lines than this are a blot: those that met most often are drawn
const PUSH = 20;          // px
const MEETS = new Set(["likely", "possible"]);

/** A ship under all her identities; a name for the reader. */
function shipKey(i, n) { return get(`hull_id_${n}`, i) || `${get(`mmsi_${n}`, i)}`; }
function isMeeting(i) {
  return MEETS.has(get("verdict", i)) && !IN_PORT[i] && get("mmsi_1", i) !== null && get("mmsi_2", i) !== null;
}
let meetings = null;
function meetingRows() {
  if (!meetings) meetings = Array.from({ length: N }, (_, i) => i).filter(isMeeting);
  return meetings;
}

let network = null;
on("filtered", () => { network = null; });
function buildNetwork() {
  const nodes = new Map(), pairs = new Map();
  const node = (i, n) => {
    const key = shipKey(i, n);
    let ship = nodes.get(key);
    if (!ship) nodes.set(key, (ship = { key, x: 0, y: 0, n: 0, x0: EX[i], name: get(`name_${n}`, i) || `${get(`mmsi_${n}`, i)}`, flag: get(`flag_${n}`, i), with: new Set() }));
    const turn = Math.round(EX[i] - ship.x0); // the short way over the antimeridian
    ship.x += EX[i] - turn; ship.y += EY[i]; ship.n += 1;
    return ship;
  };
  for (const i of meetingRows()) {
    if (!passes[i]) continue;
    const one = node(i, 1), two = node(i, 2), [a, b] = one.key < two.key ? [one, two] : [two, one];
    const key = `${a.key}|${b.key}`;
    let pair = pairs.get(key);
    if (!pair) pairs.set(key, (pair = { a, b, count: 0, likely: 0, guess: true }));
    pair.count += 1;
    if (get("verdict", i) === "likely") pair.likely += 1;
    if (get("type", i) === "encounter") pair.guess = false;
    a.with.add(b); b.with.add(a);
  }
  for (const ship of nodes.values()) { ship.x /= ship.n; ship.y /= ship.n; }
  for (const ship of nodes.values()) {
    let dx = 0, dy = 0;
    for (const other of ship.with) { dx += ship.x - other.x - Math.round(ship.x - other.x); dy += ship.y - other.y; }
    let far = Math.hypot(dx, dy);
    if (far < 1e-7) { // she lies on her partner: the two part, by the order of their keys
      const [other] = ship.with, sign = !other || ship.key < other.key ? 1 : -1;
      const text = !other || ship.key < other.key ? ship.key : other.key;
      let hash = 0;
      for (let k = 0; k < text.length; k++) hash = (hash * 31 + text.charCodeAt(k)) % 360;
      dx = sign * Math.cos((hash * Math.PI) / 180); dy = sign * Math.sin((hash * Math.PI) / 180); far = 1;
    }
    ship.px = (PUSH * dx) / far; ship.py = (PUSH * dy) / far;
  }
  const all = [...pairs.values()].sort((p, q) => q.count - p.count || q.likely - p.likely || (p.a.key + p.b.key < q.a.key + q.b.key ? -1 : 1));
  const drawn = all.slice(0, MOST_PAIRS), seen = new Set(drawn.flatMap((pair) => [pair.a, pair.b]));
  return { pairs: drawn, nodes: [...seen], all: all.length };
}

function drawNetwork(c, v) {
  network = network || buildNetwork();
  c.lineCap = "round";
  for (const copy of v.copies) {
    const at = (ship, turn = 0) => [toX(v, ship.x + copy + turn) + ship.px, toY(v, ship.y) + ship.py];
    for (const pair of [...network.pairs].reverse()) {
      const [x1, y1] = at(pair.a), [x2, y2] = at(pair.b, Math.round(pair.a.x - pair.b.x));
      if (Math.max(x1, x2) < 0 || Math.min(x1, x2) > v.w || Math.max(y1, y2) < 0 || Math.min(y1, y2) > v.h) continue;
      c.strokeStyle = pair.guess ? colours.candidate : colours.text;
      c.globalAlpha = pair.guess ? 0.55 : 0.8;
      c.setLineDash(pair.guess ? [5, 4] : []);
      c.lineWidth = Math.min(10, 1.4 + 1.6 * (pair.count - 1));
      c.beginPath(); c.moveTo(x1, y1); c.lineTo(x2, y2); c.stroke();
    }
    c.setLineDash([]);
    c.globalAlpha = 1;
    for (const ship of network.nodes) {
      const [x, y] = at(ship);
      if (x < -40 || x > v.w + 40 || y < -20 || y > v.h + 20) continue;
      c.fillStyle = colours.text; c.strokeStyle = colours.halo; c.lineWidth = 1.5;
      c.beginPath(); c.arc(x, y, Math.min(7, 2.6 + 0.7 * ship.with.size), 0, 2 * Math.PI); c.fill(); c.stroke();
    }
  }
  c.lineCap = "butt";
}

/** Counts and names, over the events. */
function drawNetworkNames(c, v) {
  const taken = [];
  for (const copy of v.copies) {
    const at = (ship, turn = 0) => [toX(v, ship.x + copy + turn) + ship.px, toY(v, ship.y) + ship.py];
    c.font = `bold 12px ${FONT}`; c.lineWidth = 3.5;
    for (const pair of network.pairs) {
      if (pair.count < 2) continue;
      const [x1, y1] = at(pair.a), [x2, y2] = at(pair.b, Math.round(pair.a.x - pair.b.x));
      if ((x1 + x2) / 2 < 0 || (x1 + x2) / 2 > v.w) continue;
      c.fillStyle = colours.text; c.strokeStyle = colours.halo;
      label(c, `\u00d7${pair.count}`, (x1 + x2) / 2, (y1 + y2) / 2, taken, { gap: 1 });
    }
    if (v.zoom < 5) continue;
    c.font = `11px ${FONT}`; c.lineWidth = 3;
    for (const ship of [...network.nodes].sort((p, q) => q.with.size - p.with.size)) {
      const [x, y] = at(ship);
      if (x < -40 || x > v.w + 40 || y < -20 || y > v.h + 20) continue;
      c.fillStyle = colours.text; c.strokeStyle = colours.halo;
      label(c, ship.flag ? `${ship.name} (${ship.flag})` : ship.name, x + 9, y, taken, { align: "left", gap: 1 });
    }
  }
}

/** Words for the legend: what the lines are, and how many are left out. */
function networkWords() {
  network = network || buildNetwork();
  const told = `${figure(network.pairs.length, 0)} pair(s), likely and possible, as filtered`;
  return network.all > network.pairs.length ? `${told}; the ${figure(network.all - network.pairs.length, 0)} that met least are left out` : told;
}
