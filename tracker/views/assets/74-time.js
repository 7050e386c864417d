// The strip under the map: events over time (drag to filter dates), or, for a chosen event, playback of its ships.

let clock = null;         // seconds, or null when nothing is played
let playing = 0;
const SPEEDS = [[60, "1 min/s"], [600, "10 min/s"], [1800, "30 min/s"], [7200, "2 h/s"]];
const strip = $("strip-canvas"), scrub = $("scrub");

function setClock(t) {
  clock = t;
  if (t !== null) {
    scrub.value = String(t);
    $("clock").textContent = utc(t);
    scrub.setAttribute("aria-valuetext", utc(t));
    const ships = tracksOf(chosen), at = ships.map((ship) => shipAt(ship, t));
    if (at.length === 2 && at[0] && at[1] && !isDark(chosen)) {
      $("clock").textContent += ` \u00b7 ${distance(metresBetween(at[0].lat, at[0].lon, at[1].lat, at[1].lon))} apart`;
    }
  }
  topLayer.redraw();
  drawStripSoon();
  emit("clock");
}

function play(run) {
  cancelAnimationFrame(playing);
  playing = 0;
  $("play").textContent = run ? "Pause" : "Play";
  $("play").setAttribute("aria-label", run ? "Pause" : "Play");
  if (!run) return;
  const last = Number(scrub.max);
  if (clock >= last) setClock(Number(scrub.min));
  let before = performance.now();
  const frame = (now) => {
    setClock(Math.min(last, clock + ((now - before) / 1000) * Number($("speed").value)));
    before = now;
    if (clock < last) playing = requestAnimationFrame(frame); else play(false);
  };
  playing = requestAnimationFrame(frame);
}
$("play").addEventListener("click", () => play(!playing));
scrub.addEventListener("input", () => { play(false); setClock(Number(scrub.value)); });
$("speed").append(...SPEEDS.map(([value, text]) => el("option", { value: String(value) }, text)));
$("speed").value = "1800";
$("dates-clear").addEventListener("click", () => { setFilters({ since: "", until: "" }); emit("restored"); });

on("chosen", () => {
  play(false);
  const has = chosen >= 0 && tracksOf(chosen).length > 0;
  for (const node of [$("play"), $("speed"), scrub]) node.hidden = !has;
  $("dates-clear").hidden = has || !(filters.since || filters.until);
  strip.classList.toggle("brush", !has);
  if (has) {
    [scrub.min, scrub.max] = windowOf(chosen).map(String);
    scrub.step = "30";
    setClock((START[chosen] + END[chosen]) / 2);
  } else {
    setClock(null);
    $("clock").textContent = N ? "Events over time: drag to filter by date" : "No events";
  }
});
on("filtered", () => {
  $("dates-clear").hidden = !(clock === null && (filters.since || filters.until));
  drawStripSoon();
});
on("theme", () => drawStripSoon());

let stripFrame = 0;
function drawStripSoon() { if (!stripFrame) stripFrame = requestAnimationFrame(() => { stripFrame = 0; drawStrip(); }); }
new ResizeObserver(drawStripSoon).observe($("strip"));

const FIRST = N ? Math.floor(START.reduce((a, b) => Math.min(a, b), Infinity) / 86400) * 86400 : 0;
const LAST = N ? Math.ceil((END.reduce((a, b) => Math.max(a, b), -Infinity) + 1) / 86400) * 86400 : 86400;

function drawStrip() {
  const box = $("strip").getBoundingClientRect(), ratio = Math.min(2, devicePixelRatio || 1);
  const w = Math.max(50, Math.round(box.width)), h = Math.max(20, Math.round(box.height));
  strip.width = w * ratio;
  strip.height = h * ratio;
  const c = strip.getContext("2d");
  c.scale(ratio, ratio);
  c.font = `10px ${FONT}`;
  if (clock === null) drawHistogram(c, w, h); else drawPlayback(c, w, h);
}

function timeTicks(c, first, last, w, h, x) {
  const steps = [1, 2, 3, 6, 12, 24, 48, 96, 168, 336, 720, 1440, 2880, 8760].map((s) => s * HOUR);
  const step = steps.find((s) => ((last - first) / s) * 62 <= w) || steps[steps.length - 1];
  c.fillStyle = colours.muted;
  c.textAlign = "center";
  c.textBaseline = "alphabetic";
  let lastDay = "", free = -Infinity; // labels pushed in from the edge may not run over the next
  for (let t = Math.ceil(first / step) * step; t <= last; t += step) {
    const at = Math.min(w - 28, Math.max(28, x(t)));
    const text = step >= 24 * HOUR || t % (24 * HOUR) === 0 ? day(t).slice(lastDay.slice(0, 4) === day(t).slice(0, 4) ? 5 : 0) : utc(t).slice(11, 16);
    const wide = c.measureText(text).width / 2 + 3;
    if (at - wide < free) continue;
    lastDay = day(t);
    free = at + wide;
    c.fillText(text, at, h - 2);
  }
}

function drawHistogram(c, w, h) {
  if (!N) return;
  const width = [1, 2, 3, 6, 12, 24, 48, 168, 336, 720].map((h) => h * HOUR).find((s) => (LAST - FIRST) / s <= w / 9) || 8760 * HOUR;
  const bins = Math.ceil((LAST - FIRST) / width);
  const all = new Uint32Array(bins), kept = new Uint32Array(bins);
  for (let i = 0; i < N; i++) {
    if (isSetAside(i)) continue;
    const k = Math.min(bins - 1, Math.floor((START[i] - FIRST) / width));
    all[k]++;
    kept[k] += passes[i];
  }
  const top = Math.max(1, ...all), bw = (w * width) / (LAST - FIRST), room = h - 16;
  for (let k = 0; k < bins; k++) {
    c.fillStyle = colours.line;
    c.fillRect(k * bw, room - (all[k] / top) * (room - 2), Math.max(1, bw - 1), (all[k] / top) * (room - 2));
    c.fillStyle = colours.accent;
    c.fillRect(k * bw, room - (kept[k] / top) * (room - 2), Math.max(1, bw - 1), (kept[k] / top) * (room - 2));
  }
  timeTicks(c, FIRST, LAST, w, h, (t) => ((t - FIRST) / (LAST - FIRST)) * w);
  if (drag) {
    c.fillStyle = colours.accent;
    c.globalAlpha = 0.2;
    c.fillRect(Math.min(drag[0], drag[1]), 0, Math.abs(drag[1] - drag[0]), room);
    c.globalAlpha = 1;
  }
}

/** One lane for each ship: its speed while heard, thin while silent, dashed while dark. */
function drawPlayback(c, w, h) {
  const [first, last] = windowOf(chosen), x = (t) => ((t - first) / (last - first)) * w;
  const ships = tracksOf(chosen), room = h - 15, lane = room / Math.max(1, ships.length);
  c.fillStyle = colours.accent;
  c.globalAlpha = 0.16;
  c.fillRect(x(START[chosen]), 0, Math.max(2, x(END[chosen]) - x(START[chosen])), room);
  c.globalAlpha = 1;
  ships.forEach((ship, k) => {
    const { track, from, to, n } = ship, base = (k + 1) * lane - 2;
    const fast = Math.max(5, ...track.sog.subarray(from, to).filter((s) => s >= 0));
    c.strokeStyle = c.fillStyle = colours[colourOf(ship)];
    for (let j = from + 1; j < to; j++) {
      const kind = kindOf(track.t[j] - track.t[j - 1]), [a, b] = [x(track.t[j - 1]), x(track.t[j])];
      if (kind === OBSERVED) {
        const s = track.sog[j] >= 0 ? track.sog[j] : 0;
        c.globalAlpha = ship.candidate ? 0.2 : 0.45;
        c.fillRect(a, base - 1 - (s / fast) * (lane - 8), Math.max(0.6, b - a), 1 + (s / fast) * (lane - 8));
        c.globalAlpha = ship.candidate ? CANDIDATE_ALPHA : 1;
        c.fillRect(a, base - 1, Math.max(0.6, b - a), 2);
      } else {
        c.beginPath();
        c.setLineDash(kind === DARK || ship.candidate ? [5, 4] : []);
        c.lineWidth = 1;
        c.moveTo(a, base);
        c.lineTo(b, base);
        c.stroke();
        c.setLineDash([]);
      }
    }
    c.globalAlpha = 1;
    c.textAlign = "left";
    c.textBaseline = "top";
    c.strokeStyle = colours.panel;
    c.lineWidth = 3;
    const text = `${ship.candidate ? `${candidateText(chosen)}, her own track` : shipName(chosen, n)}, speed to ${figure(fast, 0)} kn`;
    c.strokeText(text, 3, k * lane + 1);
    c.fillStyle = colours.text;
    c.fillText(text, 3, k * lane + 1);
  });
  timeTicks(c, first, last, w, h, x);
  c.strokeStyle = colours.text;
  c.lineWidth = 1.5;
  c.beginPath();
  c.moveTo(x(clock), 0);
  c.lineTo(x(clock), room);
  c.stroke();
}

let drag = null;
strip.addEventListener("pointerdown", (event) => {
  if (clock !== null || !N) return;
  strip.setPointerCapture(event.pointerId);
  drag = [event.offsetX, event.offsetX];
});
strip.addEventListener("pointermove", (event) => { if (drag) { drag[1] = event.offsetX; drawStripSoon(); } });
strip.addEventListener("pointerup", () => {
  if (!drag) return;
  const w = strip.getBoundingClientRect().width, at = (px) => FIRST + (Math.max(0, Math.min(w - 1, px)) / w) * (LAST - FIRST);
  const [a, b] = [Math.min(...drag), Math.max(...drag)];
  drag = null;
  setFilters({ since: day(at(a)), until: day(at(b)) });
  emit("restored");
});
