// What was not heard: where a silent ship could have been, ports she could have called at, and hulls seen from space.

layerShown.reaches = layerShown.sightings = true;
const REACHES = (DATA.layers.reaches || []).map((f) => ({ ...f, lines: f.lines.map((l) => unpackLine(l, f.area)) }));
const SIGHTINGS = (DATA.layers.sightings || []).map(([name, lon, lat]) => ({ name, x: worldX(lon), y: worldY(lat) }));

function drawReaches(c, v) {
  for (const reach of REACHES) {
    eachLine(c, v, reach.lines, (line, px) => {
      c.globalAlpha = 0.12;
      c.fillStyle = colours.candidate;
      c.fill(line.fill);
      c.globalAlpha = 1;
      c.strokeStyle = colours.candidate;
      c.lineWidth = 1.4 * px;
      c.setLineDash([6 * px, 4 * px]);
      c.stroke(line.edge);
    });
    c.setLineDash([]);
  }
}

function drawSightings(c, v, taken) {
  c.font = `11px ${FONT}`;
  eachPoint(v, SIGHTINGS, (one, x, y) => {
    c.strokeStyle = colours.candidate;
    c.lineWidth = 1.6;
    c.beginPath();
    c.moveTo(x, y - 5); c.lineTo(x + 5, y); c.lineTo(x, y + 5); c.lineTo(x - 5, y);
    c.closePath();
    c.stroke();
    c.lineWidth = 3;
    c.strokeStyle = colours.halo;
    c.fillStyle = colours.text;
    if (v.zoom >= 7.5) label(c, one.name, x + 8, y, taken, { align: "left", gap: 2 });
  });
}
