// What stands around the map: legend with layers, scale bar, position of the pointer, tooltip, provenance.

function swatch(draw, w = 34, h = 16) {
  const canvas = el("canvas", { width: w * 2, height: h * 2, class: "sw", "aria-hidden": "true" }), c = canvas.getContext("2d");
  canvas.style.width = `${w}px`;
  canvas.style.height = `${h}px`;
  c.scale(2, 2);
  draw(c, w, h);
  return canvas;
}
const lineSwatch = (colour, width, dash) => swatch((c, w, h) => {
  c.strokeStyle = colours[colour];
  c.lineWidth = width;
  c.setLineDash(dash);
  c.moveTo(1, h / 2);
  c.lineTo(w - 1, h / 2);
  c.stroke();
});

function layerRow(key, title, mark, exists) {
  if (!exists) return null;
  const box = el("input", { type: "checkbox", id: `layer-${key}`, checked: layerShown[key],
    on: { change: () => { layerShown[key] = box.checked; baseLayer.redraw(); if (key === "network") { eventLayer.redraw(); buildLegend(); } } } });
  return el("label", { class: "check" }, box, mark, el("span", {}, title));
}

function buildLegend() {
  const types = Object.keys(TYPES).filter((name) => (COLUMNS.type ? COLUMNS.type.d : []).includes(name));
  const by = el("select", { id: "colour-by", "aria-label": "Colour by",
    on: { change: () => { colourBy.name = by.value; emit("coloured"); buildLegend(); } } },
    el("option", { value: "confidence" }, "confidence"), HAS_RISK ? el("option", { value: "risk" }, "risk") : null);
  by.value = colourBy.name;
  const top = colourBy.name === "risk" ? 100 : 1;
  const ramp = el("div", { class: "ramp" }, [0, 1, 2, 3, 4].map((step) => {
    const bar = el("span", {}, el("small", {}, `${figure((step * top) / 5, 1)}${step === 4 ? `\u2013${top}` : ""}`));
    bar.style.setProperty("--fill", colours[`ramp${step}`]);
    return bar;
  }));
  const kinds = new Set(LIMITS.map((limit) => limit.kind));
  const names = { "12nm": "12 nm, territorial sea", "24nm": "24 nm, contiguous zone", "200nm": "200 nm, exclusive economic zone",
    boundary: "waters of two states meet", baseline: "declared baseline" };
  $("legend-body").replaceChildren(...[
    el("div", { class: "legend-part" }, el("label", {}, "Colour and size: ", by, el("b", { class: "print-only" }, colourBy.name)), ramp),
    types.length ? el("div", { class: "legend-part two" }, types.map((name) => el("div", { class: "key" }, shapeIcon(name, 3, 20), el("span", {}, TYPES[name])))) : null,
    Object.keys(DATA.tracks).length ? el("div", { class: "legend-part" },
      el("div", { class: "key" }, lineSwatch("ship1", 2.4, []), el("span", {}, "first ship, heard")),
      el("div", { class: "key" }, lineSwatch("ship2", 2.4, []), el("span", {}, "second ship, heard")),
      el("div", { class: "key" }, lineSwatch("ship1", 1, []), el("span", {}, `interpolated, silent over ${figure(DRAWING.silence_min, 0)} min`)),
      el("div", { class: "key" }, lineSwatch("ship1", 1.6, [5, 4]), el("span", {}, `dark, silent over ${figure(DRAWING.dark_min / 60, 1)} h`)),
      types.includes("dark_encounter") ? el("div", { class: "key" }, lineSwatch("candidate", 1.4, [6, 4]), el("span", {}, "best candidate, not observed there")) : null) : null,
    el("div", { class: "legend-part" },
      layerRow("limits", "Limits of waters", null, LIMITS.length),
      LIMITS.length ? Object.keys(names).filter((kind) => kinds.has(kind)).map((kind) => {
        const [colour, dash, width] = LIMIT_STYLE[kind];
        return el("div", { class: "key sub" }, lineSwatch(colour, width + 0.4, dash), el("span", {}, names[kind]));
      }) : null,
      layerRow("zones", "Joint and special zones", swatch((c, w, h) => { c.fillStyle = colours.zone; c.globalAlpha = 0.3; c.fillRect(2, 2, w - 4, h - 4); c.globalAlpha = 1; c.strokeStyle = colours.zone; c.strokeRect(2, 2, w - 4, h - 4); }), ZONES.length),
      ZONES.some((zone) => !zone.area) ? el("div", { class: "key sub" }, lineSwatch("zone", 1.6, [8, 3, 2, 3]), el("span", {}, "treaty line")) : null,
      layerRow("given", "Zones given by the user", lineSwatch("given", 1.8, []), GIVEN.length),
      GIVEN.some((zone) => zone.kind === "contested") ? el("div", { class: "key sub" }, lineSwatch("given", 1.8, [6, 4]), el("span", {}, "claimed by several states")) : null,
      REACHES.length ? layerRow("reaches", "Reach of a silent ship", lineSwatch("candidate", 1.4, [6, 4]), REACHES.length) : null,
      ...REACHES.map((reach) => el("div", { class: "key sub" }, el("span", {}, reach.name))),
      SIGHTINGS.length ? layerRow("sightings", "Seen from space, fits no ship heard", swatch((c, w, h) => { c.strokeStyle = colours.candidate; c.lineWidth = 1.6; c.beginPath(); c.moveTo(w / 2, h / 2 - 5); c.lineTo(w / 2 + 5, h / 2); c.lineTo(w / 2, h / 2 + 5); c.lineTo(w / 2 - 5, h / 2); c.closePath(); c.stroke(); }), SIGHTINGS.length) : null,
      layerRow("ports", "Ports", swatch((c, w, h) => { c.fillStyle = colours.port; c.fillRect(w / 2 - 2, h / 2 - 2, 4, 4); }), PORTS.length),
      layerRow("seas", "Names of seas", null, SEAS.length), layerRow("grid", "Graticule", null, true),
      layerRow("coverage", "Coverage: share of ship-hours heard", swatch((c, w, h) => { c.fillStyle = colours["grid-text"];
        [100, 75, 50, 25, 0].forEach((percent, k) => { c.globalAlpha = fog(percent); c.fillRect((k * w) / 5, 2, w / 5, h - 4); }); }), COVERAGE.length),
      COVERAGE.length ? el("div", { class: "key sub" }, el("span", {}, "100 % to none; no cell: no ship known there")) : null,
      layerRow("network", "Network: who met whom", swatch((c, w, h) => { c.strokeStyle = colours.text; [1.4, 4.6].forEach((width, k) => { c.lineWidth = width; c.beginPath(); c.moveTo(4, 4 + 8 * k); c.lineTo(w - 4, 4 + 8 * k); c.stroke(); }); }), meetingRows().length),
      layerShown.network ? el("div", { class: "key sub" }, el("span", {}, `A line for each pair, wider and \u00d7n where they met more often; dashed: the partner was not heard. Ships lie near the middle of their meetings. ${networkWords()}.`)) : null),
    LIMITS.length ? el("p", { class: "dim" }, "Limits are computed and not a legal statement.") : null,
  ].filter(Boolean));
}
on("theme", buildLegend);
on("filtered", () => { if (layerShown.network) buildLegend(); });

/** The longest round figure of a unit that fits into the room. */
function roundLength(metres, unit, room) {
  const most = (metres / unit) * room;
  const power = 10 ** Math.floor(Math.log10(most));
  const value = [5, 2, 1].map((k) => k * power).find((k) => k <= most);
  return [value, (value * unit) / metres];
}
function drawScale() {
  const size = map.getSize(), y = size.y - 30;
  const a = map.containerPointToLatLng([size.x / 2 - 50, y]), b = map.containerPointToLatLng([size.x / 2 + 50, y]);
  const perPixel = metresBetween(a.lat, a.lng, b.lat, b.lng) / 100;
  $("scale").replaceChildren(...[[1852, "nm"], [1000, "km"]].map(([unit, name]) => {
    const [value, px] = roundLength(perPixel, unit, Math.min(130, size.x * 0.24));
    const bar = el("div", {}, name === "km" && value < 1 ? `${figure(value * 1000, 0)} m` : `${figure(value, 3)} ${name}`);
    bar.style.width = `${px}px`;
    return bar;
  }));
}
map.on("move zoomend resize", drawScale);

const tip = $("tip");
function showPointer(event) {
  $("pointer").textContent = `${place(event.latlng.lat, event.latlng.lng)}   ${decimal(event.latlng.lat, event.latlng.lng)}`;
  if (tool) { tip.hidden = true; return; }
  const found = eventsAt(event.containerPoint, 11), i = found.length ? found[0] : -1;
  setHover(i);
  map.getContainer().classList.toggle("pointing", i >= 0);
  tip.hidden = i < 0;
  if (i < 0) return;
  tip.replaceChildren(el("b", {}, pairTitle(i)), el("br"), isDark(i) ? el("i", {}, el("bdi", {}, candidateText(i)), el("br")) : "", `${typeName(i)}, ${utc(START[i])}, ${span(get("duration_h", i))}`,
    found.length > 1 ? el("div", { class: "dim" }, `and ${found.length - 1} more here: click again`) : "");
  const size = map.getSize(), p = event.containerPoint;
  tip.style.left = `${Math.min(p.x + 14, size.x - 270)}px`;
  tip.style.top = `${p.y > size.y - 90 ? p.y - 74 : p.y + 14}px`;
}
map.on("mousemove", showPointer);
map.on("mouseout", () => { setHover(-1); tip.hidden = true; });
map.on("click", (event) => {
  if (tool) return;
  const found = eventsAt(event.containerPoint, 12);
  if (!found.length) return;
  // A second click on the same spot goes to the next event that lies there.
  choose(found[(found.indexOf(chosen) + 1) % found.length]);
});

// --- where the map comes from ------------------------------------------------------------------------
function tree(value) {
  if (Array.isArray(value)) return el("ul", {}, value.map((item) => el("li", {}, tree(item))));
  if (value && typeof value === "object") return el("dl", {}, Object.entries(value).map(([key, item]) => [el("dt", {}, key), el("dd", {}, tree(item))]));
  return value === null ? UNKNOWN : String(value);
}
function buildFoot() {
  const p = PROVENANCE;
  $("foot").append(...[
    p.synthetic ? el("b", { class: "synthetic-mark" }, "SYNTHETIC DATA") : null,
    DATA.total > N ? el("b", {}, `Thinned: the ${figure(N, 0)} highest ranked of ${figure(DATA.total, 0)} events.`) : null,
    p.version ? el("span", {}, `tracker ${p.version}`) : null, p.run_id ? el("span", {}, `run ${p.run_id}`) : null,
    el("span", {}, "Consistent with a transfer is not proof of one. Leaflet 1.9.3 (BSD-2-Clause)."),
  ].filter(Boolean));
  $("tool-source").addEventListener("click", () => showSheet("Sources and method", tree({
    ...p, events: `${figure(N, 0)} carried of ${figure(DATA.total, 0)}`, drawing: DRAWING,
    tracks: `${figure(Object.keys(DATA.tracks).length, 0)} ships`, "map library": "Leaflet 1.9.3, BSD-2-Clause, through folium (MIT)",
  })));
}
