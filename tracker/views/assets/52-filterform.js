// The form of the filters: built from what the events hold, with counts.

function tally(name) {
  const counts = new Map();
  const columns = Array.isArray(name) ? name : [name];
  for (let i = 0; i < N; i++) {
    const values = new Set(columns.map((column) => get(column, i)));
    if (columns.length > 1) values.delete(null);
    for (const value of values) counts.set(orNone(value), (counts.get(orNone(value)) || 0) + 1);
  }
  return counts;
}

function checks(key, words) {
  const counts = tally(key);
  const names = Object.keys(words).filter((name) => counts.has(name));
  for (const name of counts.keys()) if (!words[name]) names.push(name);
  if (names.length < 2) return null;
  const boxes = names.map((name) => el("input", { type: "checkbox", value: name, checked: true }));
  const usual = () => (key === "type" && SET_ASIDE ? USUAL : names); // what is shown when nothing is picked
  const change = () => {
    const picked = boxes.filter((box) => box.checked).map((box) => box.value);
    const isUsual = picked.length === usual().length && picked.every((name) => usual().includes(name));
    setFilters({ [key]: isUsual ? null : picked });
  };
  on("restored", () => boxes.forEach((box) => { box.checked = (filters[key] || usual()).includes(box.value); }));
  return el("fieldset", { id: `f-${key}` }, el("legend", {}, key[0].toUpperCase() + key.slice(1)),
    boxes.map((box, k) => {
      box.addEventListener("change", change);
      return el("label", { class: "check" }, box, el("span", {}, words[names[k]] || names[k]),
        el("small", {}, figure(counts.get(names[k]), 0)));
    }));
}

function picker(key, columns, title) {
  const counts = [...tally(columns)].filter(([name]) => name !== "none").sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1));
  if (!counts.length) return null;
  const select = el("select", { id: `f-${key}`, on: { change: () => setFilters({ [key]: select.value }) } },
    el("option", { value: "" }, "any"), counts.map(([name, n]) => el("option", { value: name }, `${name} (${n})`)));
  on("restored", () => { select.value = filters[key]; });
  return el("label", { class: "field" }, el("span", {}, title), select);
}

function tick(key, title, count) {
  if (!count) return null;
  const box = el("input", { type: "checkbox", id: `f-${key}`, on: { change: () => setFilters({ [key]: box.checked }) } });
  on("restored", () => { box.checked = filters[key]; });
  return el("label", { class: "check" }, box, el("span", {}, title), el("small", {}, figure(count, 0)));
}

/** "222 gaps, 9 loitering hidden: show", or the way back. */
function aloneLine() {
  if (!SET_ASIDE) return null;
  const counts = tally("type"), isHidden = !filters.type, all = filters.type && TYPE_NAMES.every((name) => filters.type.includes(name));
  if (!isHidden && !all) return null;
  const words = Object.keys(ALONE).filter((name) => counts.has(name))
    .map((name) => `${figure(counts.get(name), 0)} ${ALONE[name][counts.get(name) === 1 ? 0 : 1]}`).join(", ");
  const turn = () => { setFilters({ type: isHidden ? [...TYPE_NAMES] : null }); emit("restored"); };
  return el("small", {}, `${words} ${isHidden ? "hidden" : "shown"} `,
    el("button", { type: "button", class: "plain", id: "alone-turn", on: { click: turn } }, isHidden ? "show" : "hide"));
}

function buildFilters() {
  const text = $("f-text");
  text.addEventListener("input", () => setFilters({ q: text.value.trim() }));
  const conf = el("input", { type: "range", id: "f-conf", min: 0, max: 1, step: 0.05, value: 0 });
  const confText = el("output", {}, "any");
  conf.addEventListener("input", () => setFilters({ conf: Number(conf.value) }));
  const dates = ["since", "until"].map((key) => el("input", { type: "text", id: `f-${key}`, placeholder: "YYYY-MM-DD",
    maxLength: 10, inputMode: "numeric", pattern: "\\d{4}-\\d\\d-\\d\\d", on: { change: (event) => setFilters({ [key]: asDay(event.target.value) }) } }));
  const ported = IN_PORT.reduce((a, b) => a + b, 0);
  let listed = 0;
  for (let i = 0; i < N; i++) if ((get("listed_1", i) || []).length + (get("listed_2", i) || []).length) listed++;
  $("filter-body").append(...[
    checks("type", TYPES), checks("verdict", VERDICTS),
    el("label", { class: "field" }, el("span", {}, "Confidence at least"), el("span", { class: "pair" }, conf, confText)),
    el("div", { class: "pair" }, el("label", { class: "field" }, el("span", {}, "Since (UTC)"), dates[0]),
      el("label", { class: "field" }, el("span", {}, "Until, that day included"), dates[1])),
    el("div", { class: "pair" }, picker("flag", ["flag_1", "flag_2"], COLUMNS.candidates ? "Flag, ship or candidate" : "Flag, either ship"), picker("state", "state", "Waters of")),
    checks("waters", WATERS),
    tick("inport", "Show contacts in port", ported), tick("listed", COLUMNS.candidates ? "Only ships or candidates on a watchlist" : "Only ships on a watchlist", listed),
    el("button", { type: "button", id: "f-clear", on: { click: () => { filters = DEFAULTS(); applyFilters(); emit("restored"); writeHash(); } } },
      "Clear all filters"),
  ].filter(Boolean));
  for (const [name, [title]] of Object.entries(ORDERS)) $("sort").append(el("option", { value: name }, `By ${title.toLowerCase()}`));
  $("sort").addEventListener("change", () => { order = $("sort").value; setFilters({}); });
  on("restored", () => {
    text.value = filters.q;
    conf.value = filters.conf;
    [dates[0].value, dates[1].value] = [filters.since, filters.until];
    $("sort").value = order;
  });
  const said = () => {
    confText.textContent = filters.conf ? filters.conf.toFixed(2) : "any";
    const active = ["type", "verdict", "waters", "conf", "since", "until", "flag", "state", "listed", "region"]
      .filter((key) => filters[key]).length;
    $("filter-count").textContent = active ? `(${active} on)` : "";
    const hidden = filters.inport ? 0 : ported;
    $("counts").replaceChildren(`${figure(shown.length, 0)} of ${figure(N, 0)} events `, aloneLine() || "",
      hidden ? el("small", {}, `${figure(hidden, 0)} in port hidden`) : "");
  };
  on("filtered", said);
}
