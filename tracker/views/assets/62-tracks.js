// The tracks of the chosen event's ships: solid where heard, thin over short silences, dashed where dark.

const unpacked = new Map();

/** Track of one ship as arrays: t (s), lon (running on past 180), lat, sog (kn or NaN), heading (deg or NaN). */
function unpackTrack(mmsi) {
  if (unpacked.has(mmsi)) return unpacked.get(mmsi);
  const raw = DATA.tracks[mmsi];
  let track = null;
  if (raw) {
    const n = raw.t.length, sums = { t: new Float64Array(n), x: new Float64Array(n), y: new Float64Array(n) };
    for (const key of ["t", "x", "y"]) {
      let sum = 0;
      for (let k = 0; k < n; k++) { sum += raw[key][k]; sums[key][k] = sum; }
    }
    track = {
      n, t: sums.t, lon: sums.x.map((x) => x / 1e5), lat: sums.y.map((y) => y / 1e5),
      sog: Float64Array.from({ length: n }, (_, k) => (raw.s && raw.s[k] >= 0 ? raw.s[k] / 10 : NaN)),
      heading: Float64Array.from({ length: n }, (_, k) => (raw.h && raw.h[k] >= 0 ? raw.h[k] : NaN)),
    };
  }
  unpacked.set(mmsi, track);
  return track;
}

function lowerBound(array, value, from = 0, to = array.length) {
  while (from < to) { const mid = (from + to) >> 1; if (array[mid] < value) from = mid + 1; else to = mid; }
  return from;
}

const windowOf = (i) => [START[i] - DRAWING.window_h * HOUR, END[i] + DRAWING.window_h * HOUR];

let cached = { i: -2, tracks: [] };
/** Ships of an event that have a track: [{n, mmsi, track, from, to, turn}], cut to the window. */
function tracksOf(i) {
  if (cached.i === i) return cached.tracks;
  const tracks = [];
  if (i >= 0) {
    const [first, last] = windowOf(i);
    for (const n of [1, 2]) {
      const mmsi = get(`mmsi_${n}`, i), track = mmsi === null ? null : unpackTrack(String(mmsi));
      if (!track) continue;
      const from = lowerBound(track.t, first), to = lowerBound(track.t, last + 1);
      if (to <= from) continue;
      // Bring the track to the side of the globe on which the event lies.
      const middle = Math.min(to - 1, lowerBound(track.t, (START[i] + END[i]) / 2, from, to));
      tracks.push({ n, mmsi, candidate: n === 2 && isDark(i), track, from, to, turn: 360 * Math.round((LON[i] - track.lon[middle]) / 360) });
    }
  }
  cached = { i, tracks };
  return tracks;
}

const OBSERVED = 0, SILENT = 1, DARK = 2;
const kindOf = (dt) => (dt <= DRAWING.silence_min * 60 ? OBSERVED : dt < DRAWING.dark_min * 60 ? SILENT : DARK);

/** Where a ship was at a time: observed, interpolated over a silence, dark; null outside its track. */
function shipAt(ship, time) {
  const { track, from, to, turn } = ship;
  if (time < track.t[from] || time > track.t[to - 1]) return null;
  const b = Math.max(from, lowerBound(track.t, time, from, to)), a = b > from && track.t[b] > time ? b - 1 : b;
  const dt = track.t[b] - track.t[a], f = dt ? (time - track.t[a]) / dt : 0;
  const lon = track.lon[a] + f * (track.lon[b] - track.lon[a]) + turn;
  const lat = track.lat[a] + f * (track.lat[b] - track.lat[a]);
  let heading = track.heading[f < 0.5 ? a : b];
  const next = Math.min(to - 1, b === a ? a + 1 : b), before = next > a ? a : Math.max(from, a - 1);
  const derived = Number.isNaN(heading);
  if (derived) heading = bearing(track.lat[before], track.lon[before], track.lat[next], track.lon[next]);
  return { lon, lat, heading, derived, sog: track.sog[f < 0.5 ? a : b], kind: kindOf(dt) };
}

const STROKES = [[2.4, []], [1.1, []], [1.6, [7, 5]]];
// A candidate was not seen at the meeting: her own track is faint and dashed throughout, and has no dots.
const CANDIDATE_STROKES = [[1.6, [6, 4]], [1, [6, 4]], [1, [2, 6]]];
const CANDIDATE_ALPHA = 0.6;
const colourOf = (ship) => (ship.candidate ? "candidate" : `ship${ship.n}`);

function drawTracks(c, v) {
  if (chosen < 0) return;
  c.lineJoin = c.lineCap = "round";
  for (const ship of tracksOf(chosen)) {
    for (const copy of v.copies) {
      const at = (k) => [toX(v, worldX(ship.track.lon[k] + ship.turn) + copy), toY(v, worldY(ship.track.lat[k]))];
      if (!ship.candidate) for (const kind of [DARK, SILENT, OBSERVED]) strokeKind(c, ship, at, kind, "halo");
      for (const kind of [DARK, SILENT, OBSERVED]) strokeKind(c, ship, at, kind, colourOf(ship));
      if (v.zoom >= 9 && !ship.candidate) drawFixes(c, v, ship, at);
    }
  }
  c.setLineDash([]);
}

function strokeKind(c, ship, at, kind, colour) {
  const { track, from, to } = ship, [width, dash] = (ship.candidate ? CANDIDATE_STROKES : STROKES)[kind];
  c.beginPath();
  let last = null;
  for (let k = from + 1; k < to; k++) {
    if (kindOf(track.t[k] - track.t[k - 1]) !== kind) { last = null; continue; }
    if (!last) c.moveTo(...at(k - 1));
    last = at(k);
    c.lineTo(...last);
  }
  c.lineWidth = colour === "halo" ? width + 2.2 : width;
  c.globalAlpha = colour === "halo" ? 0.6 : ship.candidate ? CANDIDATE_ALPHA : 1;
  c.setLineDash(colour === "halo" ? [] : dash);
  c.strokeStyle = colours[colour];
  c.stroke();
  c.globalAlpha = 1;
}

function drawFixes(c, v, ship, at) {
  c.fillStyle = colours[`ship${ship.n}`];
  let last = [-99, -99];
  for (let k = ship.from; k < ship.to; k++) {
    const [x, y] = at(k);
    if (x < 0 || y < 0 || x > v.w || y > v.h || Math.hypot(x - last[0], y - last[1]) < 7) continue;
    last = [x, y];
    c.beginPath();
    c.arc(x, y, 2.1, 0, 2 * Math.PI);
    c.fill();
  }
}

/** The two ships at the time of the clock: hulls to scale when they are large enough to see, else arrow heads. */
function drawShips(c, v) {
  if (chosen < 0 || clock === null) return;
  for (const ship of tracksOf(chosen)) {
    const now = shipAt(ship, clock);
    if (!now) continue;
    const metre = v.scale / (2 * Math.PI * 6378137 * Math.cos(now.lat * RAD)); // px per metre on Mercator
    const length = get(`length_m_${ship.n}`, chosen), beam = get(`beam_m_${ship.n}`, chosen);
    const true_ = length && length * metre > 22;
    const L2 = true_ ? (length * metre) / 2 : 9, B2 = true_ ? ((beam || length / 6.5) * metre) / 2 : 4.6;
    for (const copy of v.copies) {
      c.save();
      c.translate(toX(v, worldX(now.lon) + copy), toY(v, worldY(now.lat)));
      c.rotate(now.heading * RAD);
      c.beginPath();
      c.moveTo(0, -L2);
      c.quadraticCurveTo(B2, -L2 * 0.75, B2, -L2 * 0.45);
      c.lineTo(B2, L2);
      c.lineTo(-B2, L2);
      c.lineTo(-B2, -L2 * 0.45);
      c.quadraticCurveTo(-B2, -L2 * 0.75, 0, -L2);
      c.closePath();
      c.lineWidth = 3.5;
      c.strokeStyle = colours.halo;
      c.stroke();
      c.fillStyle = colours[colourOf(ship)];
      c.globalAlpha = ship.candidate ? 0.08 : now.kind === OBSERVED ? 0.85 : 0.15;
      c.fill();
      c.globalAlpha = ship.candidate ? CANDIDATE_ALPHA : 1;
      c.lineWidth = ship.candidate ? 1.2 : 1.6;
      c.setLineDash(now.kind === DARK || ship.candidate ? [3, 3] : []);
      c.strokeStyle = now.kind === OBSERVED && !ship.candidate ? colours.edge : colours[colourOf(ship)];
      c.stroke();
      c.restore();
    }
  }
}
