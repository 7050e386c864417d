// A canvas that follows the map: redrawn when the map rests, carried along while it is dragged or zoomed.

const PAD = 0.12; // share of the view drawn beyond each edge, so that a drag shows sea and not paper

const CanvasLayer = L.Layer.extend({
  initialize(draw, order) { this._draw = draw; this._order = order; },

  onAdd(owner) {
    const canvas = (this._canvas = document.createElement("canvas"));
    canvas.className = "layer leaflet-zoom-animated";
    canvas.style.zIndex = this._order;
    canvas.setAttribute("aria-hidden", "true");
    owner.getPane("overlayPane").appendChild(canvas);
    this.reset();
  },

  onRemove() { this._canvas.remove(); },

  getEvents() {
    const events = { viewreset: this.reset, moveend: this.reset, resize: this.reset, move: this._onMove };
    if (this._map && this._map._zoomAnimated) events.zoomanim = this._onZoom;
    return events;
  },

  // A drag past the drawn edge is worth a redraw when drawing is quick.
  _onMove() { if (this._cost < 14 && !this._map._animatingZoom) this.redraw(true); },

  _onZoom(event) {
    const owner = this._map, scale = owner.getZoomScale(event.zoom, this._zoom);
    const half = owner.getSize().multiplyBy(0.5 + PAD);
    const corner = half.multiplyBy(-scale).add(owner.project(this._center, event.zoom))
      .subtract(owner._getNewPixelOrigin(event.center, event.zoom));
    L.DomUtil.setTransform(this._canvas, corner, scale);
  },

  /** Draw soon, once, however often it is asked for. */
  redraw(move) {
    this._move = this._move || move === true;
    if (this._frame) return;
    this._frame = requestAnimationFrame(() => {
      this._frame = 0;
      if (!this._map) return;
      if (this._move) this.reset(); else this._paint();
    });
  },

  reset() {
    this._move = false;
    const owner = this._map, size = owner.getSize(), canvas = this._canvas;
    const ratio = Math.min(2, devicePixelRatio || 1);
    const corner = owner.containerPointToLayerPoint(size.multiplyBy(-PAD)).round();
    const w = Math.round(size.x * (1 + 2 * PAD)), h = Math.round(size.y * (1 + 2 * PAD));
    this._center = owner.getCenter();
    this._zoom = owner.getZoom();
    if (canvas.width !== w * ratio || canvas.height !== h * ratio) {
      canvas.width = w * ratio;
      canvas.height = h * ratio;
      canvas.style.width = `${w}px`;
      canvas.style.height = `${h}px`;
    }
    L.DomUtil.setTransform(canvas, corner, 1);
    const origin = owner.getPixelOrigin(), scale = 256 * 2 ** this._zoom;
    const left = origin.x + corner.x, top = origin.y + corner.y;
    const copies = [];
    // One copy more on each side: a track or a limit may run on past the antimeridian.
    for (let k = Math.floor(left / scale) - 1; k <= Math.floor((left + w) / scale) + 1; k++) copies.push(k);
    this.view = { w, h, ratio, scale, left, top, copies, zoom: this._zoom, corner, size };
    this._paint();
  },

  _paint() {
    const before = performance.now(), c = this._canvas.getContext("2d"), v = this.view;
    c.setTransform(v.ratio, 0, 0, v.ratio, 0, 0);
    c.clearRect(0, 0, v.w, v.h);
    this._draw(c, v);
    this._cost = performance.now() - before;
  },
});

// --- projection: the world is 1 wide, x from 180 W, y from the top of Mercator --------------------
const worldX = (lon) => lon / 360 + 0.5;
function worldY(lat) {
  const s = Math.sin((Math.max(-85.0511, Math.min(85.0511, lat)) * Math.PI) / 180);
  return 0.5 - Math.log((1 + s) / (1 - s)) / (4 * Math.PI);
}
const lonOf = (x) => (x - 0.5) * 360;
const latOf = (y) => (Math.atan(Math.sinh((0.5 - y) * 2 * Math.PI)) * 180) / Math.PI;
const toX = (v, x) => x * v.scale - v.left;
const toY = (v, y) => y * v.scale - v.top;

const EARTH_M = 6371008.8; // mean radius, IUGG
const RAD = Math.PI / 180;
/** Great-circle distance in metres. */
function metresBetween(lat1, lon1, lat2, lon2) {
  const a = Math.sin(((lat2 - lat1) * RAD) / 2) ** 2 +
    Math.cos(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.sin(((lon2 - lon1) * RAD) / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.min(1, Math.sqrt(a)));
}
/** Initial bearing in degrees. */
function bearing(lat1, lon1, lat2, lon2) {
  const d = (lon2 - lon1) * RAD;
  const y = Math.sin(d) * Math.cos(lat2 * RAD);
  const x = Math.cos(lat1 * RAD) * Math.sin(lat2 * RAD) - Math.sin(lat1 * RAD) * Math.cos(lat2 * RAD) * Math.cos(d);
  return (Math.atan2(y, x) / RAD + 360) % 360;
}
