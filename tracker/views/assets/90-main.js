// Start: put the map into its place, join the parts, read the address.

const baseLayer = new CanvasLayer(drawBase, 1);
const eventLayer = new CanvasLayer(drawEvents, 2);
const topLayer = new CanvasLayer((c, v) => { drawTracks(c, v); drawChosen(c, v); drawShips(c, v); drawTools(c, v); }, 3);

const container = map.getContainer();
$("slot").prepend(container);
container.setAttribute("role", "application");
container.setAttribute("aria-label", "Map. Arrow keys move, plus and minus zoom; every event is also in the list.");
document.title = DATA.title;
$("title").textContent = DATA.title;
for (const id of ["synthetic-top", "synthetic-map"]) $(id).hidden = !PROVENANCE.synthetic;
for (const id of ["legend", "scale", "pointer", "tip", "hint"]) L.DomEvent.disableScrollPropagation($(id));
if (matchMedia("(prefers-reduced-motion: reduce)").matches) map.options.zoomAnimation = map.options.fadeAnimation = false;
if (innerWidth < 760) $("legend").open = false;

document.documentElement.dataset.theme = currentTheme();
readColours();
map.invalidateSize({ animate: false, pan: false });

// One world, cut where the events are farthest away. It ends where the coast that is carried ends: beyond lies a straight cut.
let homeMiddle = 0;
const homeLon = (lon) => homeMiddle + ((((lon - homeMiddle + 180) % 360) + 360) % 360) - 180;
const COAST_SOUTH = -73, COAST_NORTH = 79.5;
const SOUTH = Math.max(-85, LAT.reduce((a, b) => Math.min(a, b - 3), COAST_SOUTH));
const NORTH = Math.min(85, LAT.reduce((a, b) => Math.max(a, b + 3), COAST_NORTH));
/** The farthest that one may zoom out: the world fills the view and is never shown twice. */
function limitZoom() {
  const size = map.getSize(), high = worldY(SOUTH) - worldY(NORTH);
  map.setMinZoom(Math.max(1, Math.min(6, Math.log2((Math.max(size.x, size.y / high) + 1) / 256))));
}

/** Smallest view of rows, on the short side of the globe: [[south, west], [north, east]]. */
function boundsOf(rows_) {
  if (!rows_.length) return null;
  let south = 90, north = -90;
  for (const i of rows_) { south = Math.min(south, LAT[i]); north = Math.max(north, LAT[i]); }
  const lons = Float64Array.from(rows_, (i) => (LON[i] + 360) % 360).sort();
  let hole = lons[0] + 360 - lons[lons.length - 1], west = lons[0];
  for (let k = 1; k < lons.length; k++) if (lons[k] - lons[k - 1] > hole) { hole = lons[k] - lons[k - 1]; west = lons[k]; }
  const middle = homeLon(west + (360 - hole) / 2), left = middle - (360 - hole) / 2;
  return [[south, left], [north, left + 360 - hole]];
}
function fit(rows_, animate = true) {
  const bounds = boundsOf(rows_);
  const right = $("legend").open && innerWidth > 760 ? $("legend").offsetWidth + 20 : 40;
  if (bounds) map.fitBounds(bounds, { paddingTopLeft: [50, 30], paddingBottomRight: [right, 46], maxZoom: 9, animate });
  else map.setView([20, homeMiddle], map.getMinZoom(), { animate });
}

/** Show the chosen event with the part of its tracks that matters, on the copy of the world in view. */
function flyTo(i) {
  let dx = 0, dy = 0; // the event stays in the middle: half the view is the farthest part of the tracks
  for (const ship of tracksOf(i)) {
    if (ship.candidate) continue; // she was elsewhere when heard: the ship that was heard frames the view
    for (let k = ship.from; k < ship.to; k++) {
      const t = ship.track.t[k];
      if (t < START[i] - HOUR || t > END[i] + HOUR) continue;
      dx = Math.max(dx, Math.abs(ship.track.lon[k] + ship.turn - LON[i]));
      dy = Math.max(dy, Math.abs(ship.track.lat[k] - LAT[i]));
    }
  }
  const turn = homeLon(LON[i]) - LON[i];
  const bounds = [[Math.max(-85, LAT[i] - dy), LON[i] - dx + turn], [Math.min(85, LAT[i] + dy), LON[i] + dx + turn]];
  map.fitBounds(bounds, { padding: [30, 30], maxZoom: tracksOf(i).length ? 12 : 8, animate: false });
}

on("filtered", () => { eventLayer.redraw(); topLayer.redraw(); });
on("coloured", () => { eventLayer.redraw(); topLayer.redraw(); });
on("theme", () => { baseLayer.redraw(); eventLayer.redraw(); topLayer.redraw(); });
let folded = false;       // the legend was closed to make room for an event
on("chosen", ({ fly, quiet }) => {
  if (chosen >= 0 && $("legend").open && innerWidth < 1500) { $("legend").open = false; folded = true; }
  if (chosen < 0 && folded) { $("legend").open = true; folded = false; }
  if (chosen >= 0 && fly && !quiet && innerWidth < 760) $("slot").scrollIntoView();
  map.invalidateSize({ animate: false, pan: false });
  if (fly && chosen >= 0) flyTo(chosen);
  eventLayer.redraw();
  topLayer.redraw();
});

// Paper is narrower than the screen: the map is drawn for it, around the same middle.
let legendBefore = true;
on("print", (start) => {
  if (start && $("slot").style.width) return; // some browsers announce a print twice
  if (start) legendBefore = $("legend").open;
  $("legend").open = start || legendBefore;
  const slot = $("slot").style;
  [slot.width, slot.height] = start ? ["960px", "540px"] : ["", ""];
  map.invalidateSize({ animate: false });
  for (const layer of [baseLayer, eventLayer, topLayer]) layer.reset();
});

$("tool-fit").addEventListener("click", () => fit(shown));
$("tool-print").addEventListener("click", () => print());
$("tool-theme").addEventListener("click", toggleTheme);
addEventListener("keydown", (event) => {
  if (event.key === "Escape") {
    if (!$("sheet").hidden) hideSheet(); else if (tool) setTool(tool); else if (measured.length) { measured = []; topLayer.redraw(); } else if (chosen >= 0) choose(-1);
    return;
  }
  if (event.key === "Enter" && points.length) { endTool(); event.preventDefault(); return; }
  if (event.target.closest("input, select, textarea") || event.ctrlKey || event.metaKey || event.altKey) return;
  const keys = { m: () => setTool("measure"), b: () => setTool("box"), g: () => setTool("polygon"), t: toggleTheme, f: () => fit(shown),
    "/": () => $("f-text").focus(), " ": () => { if (chosen >= 0 && !$("play").hidden) play(!playing); } };
  const act = keys[event.key];
  if (!act || (event.key === " " && event.target.closest("button, summary"))) return;
  event.preventDefault();
  act();
});
new ResizeObserver(() => map.invalidateSize({ animate: false, pan: false })).observe($("slot"));

const everywhere = boundsOf(Array.from({ length: N }, (_, i) => i));
if (everywhere) homeMiddle = wrapLon((everywhere[0][1] + everywhere[1][1]) / 2);
map.options.maxBoundsViscosity = 1;
limitZoom();
map.setMaxBounds([[SOUTH, homeMiddle - 180], [NORTH, homeMiddle + 180]]);
map.on("resize", limitZoom);
fit(Array.from({ length: N }, (_, i) => i).filter((i) => !IN_PORT[i]), false);
baseLayer.addTo(map);
eventLayer.addTo(map);
topLayer.addTo(map);
L.control.zoom({ position: "topleft" }).addTo(map);
buildFilters();
buildFoot();
applyTheme(currentTheme());
if (!N) {
  $("empty").hidden = false;
  $("empty").textContent = "No events: nothing in this data met the rules of detection. Sources says what was read.";
}
readHash();
if (chosen < 0 && shown.length) fit(shown, false);
drawScale();
document.documentElement.dataset.ready = "true";
