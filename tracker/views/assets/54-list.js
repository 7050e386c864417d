// The ranked list: only the rows in view exist, so a hundred thousand scroll like ten.

const ROW = 74;
const list = $("list"), rows = $("list-rows"), space = $("list-space");

function shapeIcon(type, step, size = 22) {
  const canvas = sprite(type, step, 2);
  const copy = el("canvas", { width: canvas.width, height: canvas.height, class: "shape", "aria-hidden": "true" });
  copy.style.width = copy.style.height = `${size}px`;
  copy.getContext("2d").drawImage(canvas, 0, 0);
  return copy;
}

function verdictChip(i) {
  const verdict = get("verdict", i), sure = CONFIDENCE[i];
  const alone = { gap: "switched off", loitering: "confidence" }[get("type", i)]; // a bare figure would read as a verdict
  const text = [verdict ? VERDICTS[verdict] || verdict : alone, Number.isNaN(sure) ? null : sure.toFixed(2)].filter(Boolean);
  if (alone && Number.isNaN(sure)) return null;
  return text.length ? el("span", { class: `chip ${verdict || ""}` }, text.join(" ")) : null;
}

function pairTitle(i) {
  const two = shipName(i, 2);
  return [el("bdi", {}, shipName(i, 1) || "Unnamed"), two ? " \u00d7 " : null, two ? el("bdi", {}, two) : null];
}

function whereText(i) {
  const waters = get("waters", i), state = get("state", i);
  return [[state, waters ? WATERS[waters] || waters : null].filter(Boolean).join(" "), get("sea", i)].filter(Boolean).join(", ");
}

function rowOf(i, at) {
  const risk = RISK[i], cargo = get("cargo_best_t", i);
  const dark = isDark(i), when = `${utc(START[i])}, ${span(get("duration_h", i))}`;
  const flags = [get("flag_1", i), dark ? null : get("flag_2", i)].filter(Boolean).join(" / ");
  const [first, second] = [1, 2].map((n) => (get(`listed_${n}`, i) || []).length > 0);
  const listed = first || (second && !dark) ? "listed" : second ? "candidate listed" : null;
  const riskText = Number.isNaN(risk) ? null : el(dark ? "small" : "b", {}, `risk ${Math.round(risk)}`);
  const place_ = [flags, whereText(i) || TYPES[get("type", i)]].filter(Boolean).join(" \u00b7 ");
  const row = el("div", { class: "row", id: `event-${i}`, role: "option", "aria-selected": i === chosen ? "true" : "false",
    "aria-setsize": String(shown.length), "aria-posinset": String(at + 1),
    on: { click: () => choose(i, { fly: true }), mouseenter: () => setHover(i), mouseleave: () => setHover(-1) } },
    shapeIcon(get("type", i), stepOf(i)),
    el("div", { class: "row-text" },
      el("div", { class: "row-title" }, el("span", {}, pairTitle(i)), listed ? el("b", { class: first || !dark ? "chip listed" : "chip" }, listed) : null,
        IN_PORT[i] ? el("b", { class: "chip" }, "in port") : null, dark ? riskText : null),
      el("div", { class: "row-line" }, el("span", {}, dark ? el("i", {}, el("bdi", {}, candidateText(i))) : when), dark ? null : verdictChip(i)),
      el("div", { class: "row-line dim" }, el("span", {}, dark ? when : place_),
        dark ? null : riskText,
        cargo === null ? null : el("b", {}, rough(cargo, "t")),
        dark ? verdictChip(i) : null)));
  row.style.top = `${at * ROW}px`;
  return row;
}

function drawList() {
  space.style.height = `${Math.max(shown.length * ROW, 1)}px`;
  const first = Math.max(0, Math.floor(list.scrollTop / ROW) - 4);
  const last = Math.min(shown.length, Math.ceil((list.scrollTop + list.clientHeight) / ROW) + 4);
  const nodes = [];
  for (let at = first; at < last; at++) nodes.push(rowOf(shown[at], at));
  if (!shown.length) {
    nodes.push(el("p", { class: "none" }, N
      ? "No event passes the filters." : "No events: nothing in this data met the rules of detection."));
  }
  rows.replaceChildren(...nodes);
  list.removeAttribute("aria-activedescendant");
  if (chosen >= 0 && $(`event-${chosen}`)) list.setAttribute("aria-activedescendant", `event-${chosen}`);
}

let listFrame = 0;
function drawListSoon() {
  if (!listFrame) listFrame = requestAnimationFrame(() => { listFrame = 0; drawList(); });
}

function showInList(i) {
  const at = shown.indexOf(i);
  if (at < 0) return;
  const top = at * ROW;
  if (top < list.scrollTop || top + ROW > list.scrollTop + list.clientHeight) {
    list.scrollTop = Math.max(0, top - (list.clientHeight - ROW) / 2);
  }
}

list.addEventListener("scroll", drawListSoon, { passive: true });
new ResizeObserver(drawListSoon).observe(list);
list.addEventListener("keydown", (event) => {
  const page = Math.max(1, Math.floor(list.clientHeight / ROW) - 1), at = shown.indexOf(chosen);
  const moves = { ArrowDown: at + 1, ArrowUp: at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: shown.length - 1 };
  if (event.key === "Enter" && chosen >= 0) { $("card").focus(); event.preventDefault(); return; }
  if (!(event.key in moves) || !shown.length) return;
  event.preventDefault();
  event.stopPropagation();
  choose(shown[Math.max(0, Math.min(shown.length - 1, moves[event.key]))], { fly: true });
});
on("filtered", () => { list.scrollTop = 0; drawListSoon(); });
on("chosen", () => { if (chosen >= 0) showInList(chosen); drawListSoon(); });
on("theme", drawListSoon);
on("coloured", drawListSoon);
