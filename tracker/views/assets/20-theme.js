// Colours: read from the style sheet, so that canvas and page always agree.
// The ramp is five steps that differ in lightness and along blue-yellow, so colour-blind readers can tell them;
// size grows with the value, and each type of event has its own shape.

const COLOUR_NAMES = [
  "sea", "land", "coast", "grid", "grid-text", "sea-text", "text", "halo", "port", "l12", "l24", "l200", "zone", "given",
  "ship1", "ship2", "candidate", "accent", "ramp0", "ramp1", "ramp2", "ramp3", "ramp4", "edge", "muted", "panel", "line",
];
let colours = {};

function readColours() {
  const style = getComputedStyle(document.documentElement);
  colours = Object.fromEntries(COLOUR_NAMES.map((name) => [name, style.getPropertyValue(`--${name}`).trim()]));
}

function remembered(key) { try { return localStorage.getItem(key); } catch { return null; } }
function remember(key, value) { try { localStorage.setItem(key, value); } catch { /* a file may not keep anything */ } }

const darkWanted = matchMedia("(prefers-color-scheme: dark)");
let theme = remembered("tracker-theme");

function applyTheme(name) {
  document.documentElement.dataset.theme = name;
  $("tool-theme").textContent = name === "dark" ? "Light" : "Dark";
  readColours();
  emit("theme");
}
function currentTheme() { return theme || (darkWanted.matches ? "dark" : "light"); }
function toggleTheme() {
  theme = currentTheme() === "dark" ? "light" : "dark";
  remember("tracker-theme", theme);
  applyTheme(theme);
}
darkWanted.addEventListener("change", () => applyTheme(currentTheme()));
addEventListener("beforeprint", () => { applyTheme("print"); emit("print", true); });
addEventListener("afterprint", () => { applyTheme(currentTheme()); emit("print", false); });

/** What an event's colour stands for: risk where it was computed, else confidence. */
const colourBy = { name: HAS_RISK ? "risk" : "confidence" };

/** 0..1 of an event, NaN when unknown. */
function valueOf(i) { return colourBy.name === "risk" ? RISK[i] / 100 : CONFIDENCE[i]; }
function stepOf(i) {
  const value = valueOf(i);
  return value >= 0 ? Math.min(4, Math.floor(value * 5)) : 0;
}

// --- one shape per type, drawn around 0,0 with radius r ------------------------------------------
const SHAPES = {
  encounter(c, r) { c.arc(0, 0, r, 0, 2 * Math.PI); },
  dark_encounter(c, r) { corners(c, 4, r * 1.3, 0); },
  loitering(c, r) { c.rect(-r * 0.9, -r * 0.9, r * 1.8, r * 1.8); },
  gap(c, r) { corners(c, 3, r * 1.35, Math.PI / 2); },
  spoofing(c, r) { star(c, 5, r * 1.45); },
  port_call(c, r) { corners(c, 5, r * 1.2, -Math.PI / 2); },
  identity_change(c, r) { corners(c, 3, r * 1.35, -Math.PI / 2); },
};
function corners(c, n, r, turn) {
  for (let k = 0; k < n; k++) {
    const a = turn + (2 * Math.PI * k) / n;
    c[k ? "lineTo" : "moveTo"](r * Math.cos(a), r * Math.sin(a));
  }
  c.closePath();
}
function star(c, n, r) {
  for (let k = 0; k < 2 * n; k++) {
    const a = -Math.PI / 2 + (Math.PI * k) / n, d = k % 2 ? r * 0.45 : r;
    c[k ? "lineTo" : "moveTo"](d * Math.cos(a), d * Math.sin(a));
  }
  c.closePath();
}

// Symbols are drawn once and then copied: 20,000 copies are quick, 20,000 paths are not.
const sprites = new Map();
on("theme", () => sprites.clear());
const SPRITE = 30;

function sprite(type, step, ratio) {
  const key = `${type}|${step}|${ratio}`;
  let canvas = sprites.get(key);
  if (canvas) return canvas;
  canvas = document.createElement("canvas");
  canvas.width = canvas.height = SPRITE * ratio;
  const c = canvas.getContext("2d");
  c.scale(ratio, ratio);
  c.translate(SPRITE / 2, SPRITE / 2);
  c.beginPath();
  (SHAPES[type] || SHAPES.encounter)(c, 4.4 + step * 0.8);
  c.lineJoin = "round";
  c.lineWidth = 3;
  c.strokeStyle = colours.halo;
  c.stroke();
  c.fillStyle = colours[`ramp${step}`];
  c.fill();
  c.lineWidth = 1.1;
  c.strokeStyle = colours.edge;
  c.stroke();
  sprites.set(key, canvas);
  return canvas;
}
