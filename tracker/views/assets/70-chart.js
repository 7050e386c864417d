// Distance between the two ships over time: logarithmic, broken where either ship was silent.

const MAX_POINTS = 900;

/** [[seconds, metres, kind]] at the times of both ships' reports, interpolated to each other. */
function pairDistances(i) {
  const ships = tracksOf(i);
  if (ships.length < 2) return [];
  const [a, b] = ships, times = new Set();
  for (const ship of ships) for (let k = ship.from; k < ship.to; k++) times.add(ship.track.t[k]);
  let sorted = [...times].sort((x, y) => x - y);
  if (sorted.length > MAX_POINTS) {
    const step = sorted.length / MAX_POINTS;
    sorted = Array.from({ length: MAX_POINTS }, (_, k) => sorted[Math.floor(k * step)]);
  }
  const out = [];
  for (const t of sorted) {
    const p = shipAt(a, t), q = shipAt(b, t);
    if (p && q) out.push([t, metresBetween(p.lat, p.lon, q.lat, q.lon), Math.max(p.kind, q.kind)]);
  }
  return out;
}

function distanceChart(i) {
  if (isDark(i)) return null; // a candidate was not seen there: a distance to her would look observed
  const points = pairDistances(i);
  if (points.length < 2) return null;
  const W = 340, H = 132, left = 42, right = 6, top = 6, bottom = 18;
  const [first, last] = windowOf(i);
  const x = (t) => left + ((t - first) / (last - first)) * (W - left - right);
  const low = points.some((p) => p[1] < 10) ? 1 : 10, high = Math.max(1e4, ...points.map((p) => p[1]));
  const y = (m) => top + (1 - Math.log(Math.max(low, m) / low) / Math.log(high / low)) * (H - top - bottom);
  const chart = svg("svg", { viewBox: `0 0 ${W} ${H}`, class: "chart", role: "img",
    "aria-label": `Distance between the ships over time, from ${distance(Math.min(...points.map((p) => p[1])))} up` });
  chart.append(svg("rect", { x: x(START[i]), y: top, width: Math.max(1, x(END[i]) - x(START[i])), height: H - top - bottom, class: "during" }));
  for (const [m, text] of [[1, "1 m"], [10, "10 m"], [100, "100 m"], [1000, "1 km"], [1e4, "10 km"], [1e5, "100 km"], [1e6, "1000 km"]]) {
    if (m < low || m > high * 1.01) continue;
    chart.append(svg("line", { x1: left, x2: W - right, y1: y(m), y2: y(m), class: "rule" }),
      svg("text", { x: left - 4, y: y(m) + 3.5, class: "end" }, text));
  }
  const step = [1, 2, 3, 6, 12, 24, 48, 96].find((h) => (last - first) / HOUR / h <= 7) * HOUR || 96 * HOUR;
  for (let t = Math.ceil(first / step) * step; t <= last; t += step) {
    chart.append(svg("line", { x1: x(t), x2: x(t), y1: H - bottom, y2: H - bottom + 3, class: "rule" }),
      svg("text", { x: x(t), y: H - 4, class: "mid" }, utc(t).slice(11, 16)));
  }
  for (const kind of [OBSERVED, SILENT, DARK]) {
    let d = "", open = false;
    for (let k = 1; k < points.length; k++) {
      if (Math.max(points[k][2], points[k - 1][2]) !== kind) { open = false; continue; }
      const [p, q] = [points[k - 1], points[k]].map((point) => `${x(point[0]).toFixed(1)} ${y(point[1]).toFixed(1)}`);
      d += open ? `L${q}` : `M${p}L${q}`;
      open = true;
    }
    if (d) chart.append(svg("path", { d, class: `kind${kind}` }));
  }
  const cursor = svg("line", { y1: top, y2: H - bottom, class: "cursor", visibility: "hidden" });
  chart.append(cursor);
  const follow = () => {
    if (clock === null) return;
    cursor.setAttribute("x1", x(clock));
    cursor.setAttribute("x2", x(clock));
    cursor.setAttribute("visibility", "visible");
  };
  chartFollow = follow;
  follow();
  const seek = (event) => {
    const box = chart.getBoundingClientRect();
    const t = first + ((((event.clientX - box.left) / box.width) * W - left) / (W - left - right)) * (last - first);
    setClock(Math.max(first, Math.min(last, t)));
  };
  chart.addEventListener("pointerdown", (event) => { chart.setPointerCapture(event.pointerId); seek(event); });
  chart.addEventListener("pointermove", (event) => { if (event.buttons) seek(event); });
  return chart;
}
let chartFollow = null;
on("clock", () => { if (chartFollow) chartFollow(); });
