// The events on the map: copies of symbols, thinned where they would hide each other, found again through a grid.

const EX = new Float64Array(N), EY = new Float64Array(N);
for (let i = 0; i < N; i++) { EX[i] = worldX(LON[i]); EY[i] = worldY(LAT[i]); }
const CELL = 16;        // px, grid for finding an event under the pointer
const MERGE = 3;        // px, symbols nearer than this are one spot: the top one is drawn
const CROWD = 2500;     // events in view from which symbols are smaller and merge sooner
let hits = { grid: new Map(), view: null };
let hover = -1;
// Drawn last is on top: the hottest value, then the better rank.
let heat = null;
on("coloured", () => { heat = null; });
function hottestFirst() {
  if (!heat) {
    const value = Float64Array.from({ length: N }, (_, i) => { const v = valueOf(i); return v >= 0 ? v : -1; });
    heat = Uint32Array.from({ length: N }, (_, i) => i).sort((a, b) => value[b] - value[a] || a - b);
  }
  return heat;
}

/** Rows in view with their places: [row, x, y, row, x, y, ...], hottest first. */
function eventsInView(v) {
  const seen = [];
  for (const i of hottestFirst()) {
    if (!passes[i] || i === chosen) continue;
    const y = toY(v, EY[i]);
    if (y < 0 || y > v.h) continue;
    for (const copy of v.copies) {
      const x = toX(v, EX[i] + copy);
      if (x >= 0 && x <= v.w) seen.push(i, x, y);
    }
  }
  return seen;
}

function drawEvents(c, v) {
  if (layerShown.network) drawNetwork(c, v);
  const seen = eventsInView(v), crowded = seen.length > 3 * CROWD;
  const merge = crowded ? 2 * MERGE : MERGE, size = crowded ? SPRITE * 0.7 : SPRITE, half = size / 2;
  const w = Math.ceil(v.w / merge) + 1, taken = new Uint8Array(w * (Math.ceil(v.h / merge) + 1));
  const grid = new Map(), spots = [];
  for (let k = 0; k < seen.length; k += 3) {
    const [i, x, y] = [seen[k], seen[k + 1], seen[k + 2]];
    const key = Math.floor(y / CELL) * 65536 + Math.floor(x / CELL), bucket = grid.get(key);
    if (bucket) bucket.push(i, x, y); else grid.set(key, [i, x, y]);
    const spot = Math.floor(y / merge) * w + Math.floor(x / merge);
    if (!taken[spot]) { taken[spot] = 1; spots.push(k); }
  }
  c.globalAlpha = chosen >= 0 ? 0.42 : 1;
  for (const k of spots.reverse()) {
    c.drawImage(sprite(get("type", seen[k]), stepOf(seen[k]), v.ratio), seen[k + 1] - half, seen[k + 2] - half, size, size);
  }
  c.globalAlpha = 1;
  if (layerShown.network) drawNetworkNames(c, v);
  hits = { grid, view: v };
}

/** Rows under a point of the map's container, nearest first. */
function eventsAt(point, reach) {
  const v = hits.view;
  if (!v) return [];
  const layer = map.containerPointToLayerPoint(point).subtract(v.corner), found = [];
  const cx = Math.floor(layer.x / CELL), cy = Math.floor(layer.y / CELL);
  for (let dy = -1; dy <= 1; dy++) {
    for (let dx = -1; dx <= 1; dx++) {
      const bucket = hits.grid.get((cy + dy) * 65536 + cx + dx) || [];
      for (let k = 0; k < bucket.length; k += 3) {
        const d = Math.hypot(bucket[k + 1] - layer.x, bucket[k + 2] - layer.y);
        if (d <= reach) found.push([d, bucket[k]]);
      }
    }
  }
  // What lies on top of the spot comes first, so a click takes what the eye sees.
  found.sort((a, b) => Math.floor(a[0] / 5) - Math.floor(b[0] / 5) || (valueOf(b[1]) || 0) - (valueOf(a[1]) || 0) || a[1] - b[1]);
  return [...new Set(found.map((f) => f[1]))];
}

function setHover(i) {
  if (hover === i) return;
  hover = i;
  topLayer.redraw();
}

/** Ring around the hovered event, and the chosen one in full, above everything. */
function drawChosen(c, v) {
  for (const [i, colour, r] of [[hover, colours.accent, 11], [chosen, colours.accent, 13]]) {
    if (i < 0) continue;
    for (const copy of v.copies) {
      const x = toX(v, EX[i] + copy), y = toY(v, EY[i]);
      if (x < -20 || x > v.w + 20) continue;
      if (i !== chosen) c.drawImage(sprite(get("type", i), stepOf(i), v.ratio), x - 15, y - 15, SPRITE, SPRITE);
      c.beginPath();
      c.arc(x, y, r, 0, 2 * Math.PI);
      c.lineWidth = 4;
      c.strokeStyle = colours.halo;
      c.stroke();
      c.lineWidth = 2;
      c.strokeStyle = colour;
      c.stroke();
      // Zoomed in far, the symbol would hide the hulls: the ring alone marks the place.
      if (i === chosen && (v.zoom < 10.5 || !tracksOf(i).length)) {
        c.drawImage(sprite(get("type", i), stepOf(i), v.ratio), x - 15, y - 15, SPRITE, SPRITE);
      }
    }
  }
}
