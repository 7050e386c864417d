// Measuring in nautical miles, and drawing a region that turns into GeoJSON and a command.

let tool = null;          // null, "measure", "box", "polygon"
let points = [];          // [lat, lon] in drawing order; longitudes run on past 180
let ghost = null;         // where the pointer is
let measured = [];        // finished measurement

function setTool(name) {
  tool = tool === name ? null : name;
  points = [];
  ghost = null;
  if (tool === "measure") measured = [];
  for (const kind of ["measure", "box", "polygon"]) $(`tool-${kind}`).setAttribute("aria-pressed", String(tool === kind));
  map.getContainer().classList.toggle("drawing", Boolean(tool));
  map.dragging[tool === "box" ? "disable" : "enable"]();
  map.doubleClickZoom[tool ? "disable" : "enable"]();
  const hints = { measure: "Click points to measure; double-click or Enter to end.", box: "Drag a box over the map.",
    polygon: "Click corners; double-click or Enter to close." };
  $("hint").textContent = tool ? `${hints[tool]} Escape to leave.` : "";
  $("hint").hidden = !tool;
  topLayer.redraw();
}
for (const kind of ["measure", "box", "polygon"]) $(`tool-${kind}`).addEventListener("click", () => setTool(kind));

function screenPath(c, v, path, close) {
  c.beginPath();
  path.forEach(([lat, lon], k) => c[k ? "lineTo" : "moveTo"](toX(v, worldX(lon)), toY(v, worldY(lat))));
  if (close) c.closePath();
}

function drawTools(c, v) {
  const ring = tool === "box" && points.length && ghost ? boxRing(points[0], ghost)
    : tool === "polygon" && points.length ? [...points, ghost].filter(Boolean) : null;
  const region = ring || (filters.region && filters.region.map(([lon, lat]) => [lat, lon]));
  c.lineWidth = 2;
  c.strokeStyle = c.fillStyle = colours.accent;
  if (region) {
    for (const copy of ring ? [0] : v.copies) {
      screenPath(c, v, region.map(([lat, lon]) => [lat, lon + 360 * copy]), true);
      c.globalAlpha = 0.1;
      c.fill();
      c.globalAlpha = 1;
      c.setLineDash([6, 4]);
      c.stroke();
      c.setLineDash([]);
    }
  }
  const path = tool === "measure" && points.length ? [...points, ghost].filter(Boolean) : measured;
  if (path.length > 1) drawMeasure(c, v, path);
}

function drawMeasure(c, v, path) {
  for (const [width, colour] of [[4.5, colours.halo], [2, colours.accent]]) {
    screenPath(c, v, path, false);
    c.lineWidth = width;
    c.strokeStyle = colour;
    c.stroke();
  }
  c.font = `600 12px ${FONT}`;
  let total = 0;
  path.forEach(([lat, lon], k) => {
    const x = toX(v, worldX(lon)), y = toY(v, worldY(lat));
    c.fillStyle = colours.accent;
    c.beginPath();
    c.arc(x, y, 3.5, 0, 2 * Math.PI);
    c.fill();
    if (!k) return;
    const [lat0, lon0] = path[k - 1], leg = metresBetween(lat0, lon0, lat, lon);
    total += leg;
    const course = String(Math.round(bearing(lat0, lon0, lat, lon)) % 360).padStart(3, "0");
    const text = `${figure(total / 1852, total < 18520 ? 2 : 1)} nm${k > 1 ? ` (+${figure(leg / 1852, 1)})` : ""} \u00b7 ${course}\u00b0`;
    c.strokeStyle = colours.halo;
    c.fillStyle = colours.text;
    c.lineWidth = 3.5;
    c.textAlign = "left";
    c.textBaseline = "middle";
    c.strokeText(text, x + 8, y - 9);
    c.fillText(text, x + 8, y - 9);
  });
}

function boxRing([lat1, lon1], [lat2, lon2]) {
  const [s, n] = [Math.min(lat1, lat2), Math.max(lat1, lat2)], [w, e] = [Math.min(lon1, lon2), Math.max(lon1, lon2)];
  return [[s, w], [s, e], [n, e], [n, w]];
}

const at = (event) => [event.latlng.lat, event.latlng.lng];
map.on("mousemove", (event) => {
  if (!tool) return;
  ghost = at(event);
  topLayer.redraw();
});
map.on("mousedown", (event) => { if (tool === "box") points = [at(event)]; });
map.on("mouseup", (event) => {
  if (tool !== "box" || !points.length) return;
  const ring = boxRing(points[0], at(event)), size = map.latLngToContainerPoint(ring[0]).distanceTo(map.latLngToContainerPoint(ring[2]));
  setTool("box");
  if (size > 6) finishRegion(ring, true);
});
map.on("click", (event) => {
  if (tool === "measure" || tool === "polygon") { points.push(at(event)); topLayer.redraw(); }
});
map.on("dblclick", endTool);
function endTool() {
  if (tool !== "measure" && tool !== "polygon") return;
  // The double click came as two clicks: the second is a repetition.
  const path = points.filter((p, k) => !k || map.latLngToContainerPoint(p).distanceTo(map.latLngToContainerPoint(points[k - 1])) > 2);
  const was = tool;
  setTool(tool);
  if (was === "measure") { measured = path; topLayer.redraw(); } else if (path.length >= 3) finishRegion(path, false);
}
// A box by touch: the map's own mouse events do not come from fingers.
map.getContainer().addEventListener("touchstart", (event) => {
  if (tool !== "box" || event.touches.length !== 1) return;
  points = [at({ latlng: map.mouseEventToLatLng(event.touches[0]) })];
}, { passive: true });
map.getContainer().addEventListener("touchmove", (event) => {
  if (tool !== "box" || !points.length) return;
  ghost = at({ latlng: map.mouseEventToLatLng(event.touches[0]) });
  topLayer.redraw();
}, { passive: true });
map.getContainer().addEventListener("touchend", () => {
  if (tool !== "box" || !points.length || !ghost) return;
  const ring = boxRing(points[0], ghost);
  setTool("box");
  finishRegion(ring, true);
});

const round4 = (value) => Math.round(value * 1e4) / 1e4;
function finishRegion(path, isBox) {
  setFilters({ region: path.map(([lat, lon]) => [round4(lon), round4(lat)]) });
  showRegion(isBox);
}

/** GeoJSON of a ring, cut in two where it crosses the antimeridian (RFC 7946, 3.1.9) when it is a box. */
function regionJson(ring, isBox) {
  const wrap = (lon) => round4(wrapLon(lon));
  const [w, e] = [Math.min(...ring.map((p) => p[0])), Math.max(...ring.map((p) => p[0]))];
  const [s, n] = [Math.min(...ring.map((p) => p[1])), Math.max(...ring.map((p) => p[1]))];
  const rect = (a, b) => [[[a, s], [b, s], [b, n], [a, n], [a, s]]];
  const shift = Math.floor((w + 180) / 360) * 360;
  let geometry;
  if (isBox && e - shift > 180) geometry = { type: "MultiPolygon", coordinates: [rect(wrap(w), 180), rect(-180, wrap(e))] };
  else {
    let flat = ring.map(([lon, lat]) => [round4(lon - shift), lat]);
    const area = flat.reduce((sum, p, k) => { const q = flat[(k + 1) % flat.length]; return sum + p[0] * q[1] - q[0] * p[1]; }, 0);
    if (area < 0) flat = flat.reverse();
    geometry = { type: "Polygon", coordinates: [[...flat, flat[0]]] };
  }
  return { type: "Feature", properties: {}, geometry };
}

/** Quoted for a shell when it needs to be. */
const quoted = (text) => (/^[\w./:,+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`);

function commandText(region) {
  const f = filters, words = ["tracker events", quoted(PROVENANCE.case || "CASE"), "--region", quoted(region)];
  const picked = { type: shownTypes(), verdict: f.verdict, waters: f.waters };
  // a query that names port calls shows them; here they are hidden as all that lies in port
  if (picked.type && !f.inport) picked.type = picked.type.filter((name) => name !== "port_call");
  for (const key of Object.keys(picked)) {
    const values = (picked[key] || []).filter((value) => value !== "none");
    if (values.length) words.push(`--${key}`, quoted(values.join(",")));
  }
  if (f.conf) words.push("--min-confidence", String(f.conf));
  if (f.since) words.push("--since", f.since);
  if (f.until) words.push("--until", day(Date.parse(`${f.until}T00:00:00Z`) / 1000 + 86400)); // exclusive there
  if (f.flag) words.push("--flag", quoted(f.flag));
  if (f.state) words.push("--state", quoted(f.state));
  if (f.listed) words.push("--listed");
  if (f.inport) words.push("--in-port");
  return words.join(" ");
}

function showRegion(isBox) {
  const ring = filters.region, json = JSON.stringify(regionJson(ring, isBox), null, 1);
  const lons = ring.map((p) => p[0]), lats = ring.map((p) => p[1]);
  const box = [wrapLon(Math.min(...lons)), Math.min(...lats), wrapLon(Math.max(...lons)), Math.max(...lats)].map(round4).join(",");
  const command = commandText(isBox ? box : "region.geojson");
  const save = () => {
    const url = URL.createObjectURL(new Blob([json], { type: "application/geo+json" }));
    el("a", { href: url, download: "region.geojson" }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  };
  showSheet("Drawn region",
    el("p", {}, `${figure(shown.length, 0)} event(s) inside, with the filters as they are. The list shows these only.`),
    el("label", {}, isBox ? "The same on the command line" : "The same on the command line, after saving region.geojson"),
    el("textarea", { id: "region-command", readOnly: true, rows: 3, value: command, "aria-label": "Command" }),
    filters.q ? el("p", { class: "dim" }, "The search text has no option on the command line (--name, --mmsi and --imo search one field).") : null,
    el("label", {}, "GeoJSON"),
    el("textarea", { id: "region-json", readOnly: true, rows: 8, value: json, "aria-label": "GeoJSON" }),
    el("p", { class: "card-foot" }, copyButton("Copy command", () => command), copyButton("Copy GeoJSON", () => json),
      el("button", { type: "button", on: { click: save } }, "Save region.geojson"),
      el("button", { type: "button", id: "region-clear", on: { click: () => { setFilters({ region: null }); hideSheet(); } } }, "Remove region")));
}

let sheetFrom = null;
function showSheet(title, ...content) {
  $("sheet").classList.toggle("side", title === "Drawn region"); // beside the region, not on it
  sheetFrom = document.activeElement;
  $("sheet").replaceChildren(el("div", { class: "card-head" }, el("h2", { id: "sheet-title" }, title),
    el("div", { class: "card-tools" }, el("button", { type: "button", id: "sheet-close", "aria-label": "Close", on: { click: hideSheet } }, "\u2715"))),
  ...content.flat().filter(Boolean));
  $("sheet").hidden = false;
  $("sheet-close").focus();
}
function hideSheet() {
  $("sheet").hidden = true;
  if (sheetFrom && sheetFrom.isConnected) sheetFrom.focus();
}
on("filtered", () => topLayer.redraw());
