// The ground: land, graticule, limits of waters, zones, ports and the names of seas.

const layerShown = { limits: true, zones: true, given: true, ports: true, seas: true, grid: true, coverage: false };
const LIMIT_STYLE = { baseline: ["coast", [1.5, 2.5], 1.2], "12nm": ["l12", [], 1.3], "24nm": ["l24", [2, 3], 1.1], "200nm": ["l200", [7, 4], 1.3], boundary: ["l200", [1, 3], 1.1] };

/** A packed line as paths around its own origin: pictures stay sharp at high zoom. */
function unpackLine(flat, closed) {
  const units = DATA.layers.units, n = flat.length / 2;
  const xs = new Float64Array(n), ys = new Float64Array(n), lon = new Float64Array(n);
  let x = 0, y = 0, box = [Infinity, Infinity, -Infinity, -Infinity];
  for (let k = 0; k < n; k++) {
    x += flat[2 * k];
    y += flat[2 * k + 1];
    lon[k] = x / units;
    xs[k] = worldX(lon[k]);
    ys[k] = worldY(y / units);
    box = [Math.min(box[0], xs[k]), Math.min(box[1], ys[k]), Math.max(box[2], xs[k]), Math.max(box[3], ys[k])];
  }
  const fill = new Path2D(), edge = new Path2D(), K = 1e6;
  let lifted = true;
  for (let k = 0; k < n; k++) {
    const px = (xs[k] - box[0]) * K, py = (ys[k] - box[1]) * K;
    fill[k ? "lineTo" : "moveTo"](px, py);
    // Rings that were cut at the antimeridian have an edge along it that is no coast.
    const seam = k && Math.abs(Math.abs(lon[k]) - 180) < 0.01 && Math.abs(Math.abs(lon[k - 1]) - 180) < 0.01;
    edge[lifted || seam ? "moveTo" : "lineTo"](px, py);
    lifted = false;
  }
  if (closed) fill.closePath();
  return { box, fill, edge, K };
}

const [LAND, LAKES] = ["shores", "lakes"].map((kind) =>
  ((DATA.layers.land || {})[kind] || []).map((ring) => unpackLine(ring, true)));
const LIMITS = (DATA.layers.limits || []).map((f) => ({ ...f, lines: f.lines.map((l) => unpackLine(l, false)) }));
const ZONES = (DATA.layers.zones || []).map((f) => ({ ...f, lines: f.lines.map((l) => unpackLine(l, f.area)) }));
const GIVEN = (DATA.layers.given || []).map((f) => ({ ...f, lines: f.lines.map((l) => unpackLine(l, f.area)) }));
const PORTS = (DATA.layers.ports || []).map(([name, lon, lat]) => ({ name, x: worldX(lon), y: worldY(lat) }));
const SEAS = (DATA.layers.seas || []).map(([name, lon, lat]) => ({ name, x: worldX(lon), y: worldY(lat) }));

const COVERAGE = (DATA.layers.coverage || []).map(([west, east, south, north, percent]) => ({
  x: worldX(west), y: worldY(north), w: worldX(east) - worldX(west), h: worldY(south) - worldY(north), percent }));

/** Call draw(path, pixel width) for each line in view, in every copy of the world. */
function eachLine(c, v, lines, draw) {
  for (const line of lines) {
    const [x0, y0, x1, y1] = line.box;
    if (toY(v, y1) < 0 || toY(v, y0) > v.h) continue;
    for (const copy of v.copies) {
      if (toX(v, x1 + copy) < 0 || toX(v, x0 + copy) > v.w) continue;
      const s = v.scale / line.K;
      c.save();
      c.translate(toX(v, x0 + copy), toY(v, y0));
      c.scale(s, s);
      draw(line, 1 / s);
      c.restore();
    }
  }
}

function drawBase(c, v) {
  c.fillStyle = colours.sea;
  c.fillRect(0, 0, v.w, v.h);
  c.lineJoin = "round";
  if (layerShown.grid) drawGrid(c, v);
  if (layerShown.zones) drawZones(c, v);
  if (layerShown.coverage) drawCoverage(c, v);
  if (layerShown.reaches) drawReaches(c, v);
  c.fillStyle = colours.land;
  c.strokeStyle = colours.coast;
  eachLine(c, v, LAND, (line) => c.fill(line.fill));
  c.fillStyle = colours.sea;
  eachLine(c, v, LAKES, (line) => c.fill(line.fill));
  eachLine(c, v, [...LAND, ...LAKES], (line, px) => { c.lineWidth = 0.8 * px; c.stroke(line.edge); });
  if (layerShown.limits) drawLimits(c, v);
  if (layerShown.given) drawGiven(c, v);
  const taken = [];
  if (layerShown.seas) drawSeas(c, v, taken);
  if (layerShown.given) drawAreaNames(c, v, GIVEN, colours.given, taken);
  if (layerShown.zones) drawAreaNames(c, v, ZONES, colours.zone, taken);
  if (layerShown.sightings) drawSightings(c, v, taken);
  if (layerShown.ports) drawPorts(c, v, taken);
  if (layerShown.grid) drawGridText(c, v);
}

/** Fog where less was heard; where no ship is known to have been there is no cell. */
const fog = (percent) => 0.06 + 0.6 * (1 - Math.min(percent, 100) / 100);
function drawCoverage(c, v) {
  c.fillStyle = c.strokeStyle = colours["grid-text"];
  c.lineWidth = 0.5;
  for (const cell of COVERAGE) {
    const y = toY(v, cell.y), h = cell.h * v.scale, w = cell.w * v.scale;
    if (y + h < 0 || y > v.h) continue;
    for (const copy of v.copies) {
      const x = toX(v, cell.x + copy);
      if (x + w < 0 || x > v.w) continue;
      c.globalAlpha = fog(cell.percent);
      c.fillRect(x, y, w, h);
      c.globalAlpha = 0.5;
      c.strokeRect(x, y, w, h);
    }
  }
  c.globalAlpha = 1;
}

function drawLimits(c, v) {
  for (const limit of LIMITS) {
    const [colour, dash, width] = LIMIT_STYLE[limit.kind] || ["l200", [], 1];
    c.strokeStyle = colours[colour];
    eachLine(c, v, limit.lines, (line, px) => {
      c.lineWidth = width * px;
      c.setLineDash(dash.map((d) => d * px));
      c.stroke(line.edge);
    });
  }
  c.setLineDash([]);
}

/** Outlines of the polygons that a user gave; those that several states claim are dashed. */
function drawGiven(c, v) {
  c.strokeStyle = colours.given;
  for (const zone of GIVEN) {
    eachLine(c, v, zone.lines, (line, px) => {
      c.lineWidth = 1.8 * px;
      c.setLineDash(zone.kind === "contested" ? [6 * px, 4 * px] : []);
      c.stroke(line.edge);
    });
  }
  c.setLineDash([]);
}

let hatch = null;
on("theme", () => { hatch = null; });
function drawZones(c, v) {
  if (!hatch) {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 8;
    const t = tile.getContext("2d");
    t.strokeStyle = colours.zone;
    t.globalAlpha = 0.5;
    t.lineWidth = 1;
    t.beginPath();
    for (const d of [-8, 0, 8]) { t.moveTo(d, 8); t.lineTo(d + 8, 0); }
    t.stroke();
    hatch = c.createPattern(tile, "repeat");
  }
  for (const zone of ZONES) {
    eachLine(c, v, zone.lines, (line, px) => {
      c.strokeStyle = colours.zone;
      if (!zone.area) { // a treaty line parts waters, it holds none
        c.lineWidth = 1.6 * px;
        c.setLineDash([8 * px, 3 * px, 2 * px, 3 * px]);
        c.stroke(line.edge);
        c.setLineDash([]);
        return;
      }
      c.save();
      c.clip(line.fill);
      c.globalAlpha = v.zoom < 8 ? 1 : 0.45; // from near, hatching would hide what lies on it
      c.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
      c.fillStyle = hatch;
      c.fillRect(0, 0, v.w, v.h);
      c.restore();
      c.lineWidth = px;
      c.stroke(line.edge);
    });
  }
}

/** Write text unless it would run over another; true when written. */
function label(c, text, x, y, taken, { align = "center", gap = 4, width = 0 } = {}) {
  const w = width || c.measureText(text).width, left = align === "center" ? x - w / 2 : x;
  const box = [left - gap, y - 8 - gap, left + w + gap, y + 8 + gap];
  if (taken.some((b) => b[0] < box[2] && b[2] > box[0] && b[1] < box[3] && b[3] > box[1])) return false;
  taken.push(box);
  c.textAlign = align;
  c.textBaseline = "middle";
  c.strokeText(text, x, y);
  c.fillText(text, x, y);
  return true;
}

function eachPoint(v, points, draw) {
  for (const point of points) {
    const y = toY(v, point.y);
    if (y < -20 || y > v.h + 20) continue;
    for (const copy of v.copies) {
      const x = toX(v, point.x + copy);
      if (x > -80 && x < v.w + 80) draw(point, x, y);
    }
  }
}

function drawSeas(c, v, taken) {
  if (v.zoom > 10) return;
  c.font = `italic ${v.zoom < 5 ? 12 : 14}px ${FONT}`;
  c.letterSpacing = "2px";
  c.fillStyle = colours["sea-text"];
  c.strokeStyle = colours.sea;
  c.lineWidth = 3;
  eachPoint(v, SEAS, (sea, x, y) => label(c, sea.name, x, y, taken, { gap: 10 }));
  c.letterSpacing = "0px";
}

function drawAreaNames(c, v, areas, colour, taken) {
  if (v.zoom < 5.5) return;
  c.font = `11px ${FONT}`;
  c.fillStyle = colour;
  c.strokeStyle = colours.sea;
  c.lineWidth = 3;
  for (const zone of areas) {
    if (!zone.lines.length || !zone.name) continue;
    const [x0, y0, x1, y1] = zone.lines[0].box;
    if ((x1 - x0) * v.scale < c.measureText(zone.name).width * 0.8) continue;
    eachPoint(v, [{ x: (x0 + x1) / 2, y: (y0 + y1) / 2 }], (_, x, y) => label(c, zone.name, x, y, taken));
  }
}

function drawPorts(c, v, taken) {
  if (v.zoom < 6.5) return;
  c.font = `11px ${FONT}`;
  c.lineWidth = 3;
  eachPoint(v, PORTS, (port, x, y) => {
    if (v.zoom < 8 && taken.some((b) => b[0] < x + 3 && b[2] > x - 3 && b[1] < y + 3 && b[3] > y - 3)) return;
    c.fillStyle = colours.port;
    c.fillRect(x - 2, y - 2, 4, 4);
    c.strokeStyle = colours.halo;
    c.fillStyle = colours.port;
    if (v.zoom >= 7.5) label(c, port.name, x + 6, y, taken, { align: "left", gap: 2 });
  });
}

const FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Helvetica Neue', Arial, sans-serif";
const GRID_STEPS = [30, 20, 10, 5, 2, 1, 0.5, 1 / 3, 1 / 6, 1 / 12, 1 / 30, 1 / 60, 1 / 120, 1 / 300, 1 / 600];

function gridLines(v) {
  const degree = v.scale / 360, step = GRID_STEPS.filter((s) => s * degree >= 90).pop() || 30;
  const west = lonOf(v.left / v.scale), east = lonOf((v.left + v.w) / v.scale);
  const north = latOf(v.top / v.scale), south = latOf((v.top + v.h) / v.scale);
  const lons = [], lats = [];
  for (let k = Math.ceil(west / step); k * step <= east; k++) lons.push(k * step);
  for (let k = Math.ceil(Math.max(-80, south) / step); k * step <= Math.min(84, north); k++) lats.push(k * step);
  return { step, lons, lats };
}

function drawGrid(c, v) {
  const { lons, lats } = gridLines(v);
  c.strokeStyle = colours.grid;
  c.lineWidth = 1;
  c.beginPath();
  for (const lon of lons) { const x = Math.round(toX(v, worldX(lon))) + 0.5; c.moveTo(x, 0); c.lineTo(x, v.h); }
  for (const lat of lats) { const y = Math.round(toY(v, worldY(lat))) + 0.5; c.moveTo(0, y); c.lineTo(v.w, y); }
  c.stroke();
}

function gridText(value, step, positive, negative) {
  const a = Math.abs(value), suffix = Math.abs(value) < 1e-9 ? "" : value < 0 ? negative : positive;
  if (step >= 1) return `${Math.round(a)}\u00b0${suffix}`;
  const minutes = Math.round(a * 600) / 10, d = Math.floor(minutes / 60 + 1e-9);
  return `${d}\u00b0${(minutes - d * 60).toFixed(step < 1 / 60 ? 1 : 0).padStart(2, "0")}\u2032${suffix}`;
}

function drawGridText(c, v) {
  const { step, lons, lats } = gridLines(v);
  // The canvas is wider than the view by PAD: labels sit at the edge of the view.
  const left = v.size.x * PAD, top = v.size.y * PAD;
  c.font = `10px ${FONT}`;
  c.fillStyle = colours["grid-text"];
  c.strokeStyle = colours.sea;
  c.lineWidth = 2.5;
  const write = (text, x, y) => { c.strokeText(text, x, y); c.fillText(text, x, y); };
  c.textAlign = "center";
  c.textBaseline = "top";
  for (const lon of lons) write(gridText(wrapLon(lon), step, "E", "W"), toX(v, worldX(lon)), top + 3);
  c.textAlign = "left";
  c.textBaseline = "middle";
  for (const lat of lats) {
    const y = toY(v, worldY(lat));
    if (y > top + 18 && y < top + v.size.y - 44) write(gridText(lat, step, "N", "S"), left + 4, y);
  }
}
