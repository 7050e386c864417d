// The card of the chosen event: both ships, the contact, whose water, how much, why, and what speaks against it.

const maybe = (value, unit, digits = 0) => figure(value, digits, unit);

/** Rows of a definition list; unknown values are left out unless asked for. */
function facts(entries) {
  const kept = entries.filter(([, value]) => value !== null && value !== undefined && value !== "");
  return kept.length ? el("dl", {}, kept.map(([term, value]) => [el("dt", {}, term), el("dd", {}, value)])) : null;
}
function part(title, ...content) {
  const inside = content.flat().filter(Boolean);
  return inside.length ? el("section", {}, el("h3", {}, title), inside) : null;
}
/** A long code from a list with places where a line may break. */
const breakable = (text) => text.split(/(?<=[_:;])/).flatMap((piece, k) => (k ? [el("wbr"), piece] : [piece]));
const joined = (items) => (items && items.length ? items.join(", ") : null);

function shipTable(i) {
  const dark = isDark(i), best = dark && (candidatesOf(i) || []).find((one) => one.mmsi === get("mmsi_2", i));
  const ns = !isAlone(i) && get("mmsi_2", i) !== null ? [1, 2] : [1];
  const isCandidate = (n) => dark && n === 2;
  const size = (n) => {
    const [length, beam] = [get(`length_m_${n}`, i), get(`beam_m_${n}`, i)];
    return length === null ? null : `${figure(length, 0)}${beam === null ? "" : ` \u00d7 ${figure(beam, 0)}`}\u00a0m`;
  };
  const dwt = (n) => {
    const value = get(`dwt_t_${n}`, i), basis = get(`dwt_basis_${n}`, i);
    return value === null ? null : `${rough(value, "t")}${basisText(basis)}`;
  };
  const flag = (n) => {
    const value = get(`flag_${n}`, i), basis = get(`flag_basis_${n}`, i);
    return value === null ? null : `${value}${basisText(basis)}`;
  };
  const role = (n) => {
    const mmsi = get(`mmsi_${n}`, i);
    if (mmsi === null) return null;
    if (mmsi === get("donor_mmsi", i)) return "gives";
    return mmsi === get("receiver_mmsi", i) ? "receives (base of the estimate)" : null;
  };
  const lines = [
    ["MMSI", (n) => get(`mmsi_${n}`, i)], ["IMO", (n) => get(`imo_${n}`, i)], ["Call sign", (n) => get(`callsign_${n}`, i)],
    ["Flag", flag], ["Type", (n) => shipType(get(`ship_type_${n}`, i))], ["Size", size], ["Deadweight", dwt], ["Role", role],
    ["Draught change", (n) => { const d = get(`draught_change_${n}_m`, i); return d === null ? null : `${d > 0 ? "+" : ""}${figure(d, 1)}\u00a0m`; }],
    ["Reports", (n) => maybe(get(`reports_${n}`, i))], ["Hull", (n) => get(`hull_id_${n}`, i)],
    ["Lists", (n) => { const hits = get(`listed_${n}`, i); return hits && hits.length ? hits.map((hit) => el("span", { class: "hit" }, breakable(hit))) : null; }],
  ];
  const always = new Set(["MMSI", "IMO", "Flag", "Type", "Size"]);
  return el("table", { class: "ships" },
    el("thead", {}, el("tr", {}, el("td", {}), ns.map((n) => el("th", { scope: "col", class: isCandidate(n) ? "candidate" : null },
      isCandidate(n) ? el("small", {}, "best candidate (not observed)") : dark ? el("small", {}, "heard") : null,
      el("span", { class: `swatch s${isCandidate(n) ? "c" : n}`, "aria-hidden": "true" }),
      el("bdi", {}, (isCandidate(n) ? candidateName(i) : shipName(i, n)) || "Not known"),
      isCandidate(n) && best && best.probability !== null ? el("small", {}, `probability ${percent(best.probability)}`) : null)))),
    el("tbody", {}, lines.map(([title, value]) => {
      const values = ns.map(value);
      if (values.every((v) => v === null) && !always.has(title)) return null;
      return el("tr", {}, el("th", { scope: "row" }, title), values.map((v, k) => el("td", { class: isCandidate(ns[k]) ? "candidate" : v === null ? "dim" : null },
        v === null ? "\u2013" : typeof v === "object" ? v : el("bdi", {}, String(v)))));
    })));
}

function cargoPart(i) {
  const best = get("cargo_best_t", i);
  if (best === null && get("cargo_s33_t", i) === null) return null;
  const range = (unit) => {
    const [low, mid, high] = ["low", "best", "high"].map((name) => get(`cargo_${name}_${unit}`, i));
    return mid === null ? null : [el("b", {}, rough(mid, unit)), low === null ? "" : `, ${rough(low)} to ${rough(high, unit)}`];
  };
  const scenarios = ["s33", "s50", "s90"].map((name) => [name, get(`cargo_${name}_t`, i)]).filter(([, v]) => v !== null);
  return part("Cargo, if a transfer took place", facts([
    ["Tonnes (P10\u2013P90)", range("t")], ["Barrels", range("bbl")], ["Factor set", get("factor_set", i)],
    ["Panel scenarios", scenarios.length ? scenarios.map(([name, v]) => `${name.slice(1)} %: ${rough(v, "t")}`).join(" \u00b7 ") : null],
    ["Product", get("product", i)], ["Grade", get("cargo_grade", i)], ["Method", get("cargo_method", i)],
  ]));
}

/** What a reader must bear in mind, from the event's own figures. */
function caveats(i) {
  const out = [];
  const type = get("type", i), silence = get("longest_silence_min", i);
  if (type === "encounter" || type === "dark_encounter") out.push("AIS shows that ships lay near each other, not what passed between them.");
  if (PROVENANCE.synthetic) out.push("Synthetic data: these ships do not exist.");
  if (IN_PORT[i]) out.push("The contact is in port, where ships lie close for many reasons.");
  if (type === "dark_encounter") {
    out.push("The second ship was not heard: that there was one, and who, is inferred from a stop and a silence. No candidate was observed here.");
  }
  if (type === "gap") out.push("A silence is the absence of reports; the reason for it is inferred. The track across it is a straight guess.");
  if (type === "loitering") out.push("Ships wait slowly for many lawful reasons; no second ship is claimed.");
  if (type === "encounter" && silence !== null && silence > DRAWING.silence_min * 3) out.push(`One ship was silent for up to ${figure(silence, 0)} min inside the event.`);
  if (get("waters_uncertain", i)) out.push("A limit, or a second state, is nearer than the error of the method: whose water this is is uncertain.");
  if ((get("claimants", i) || []).length > 1) out.push(`More than one state claims this water: ${get("claimants", i).join(", ")}.`);
  const guessed = isAlone(i) ? [] : [1, 2].filter((n) => { const b = get(`dwt_basis_${n}`, i); return b && b !== "registry" && b !== "watchlist"; });
  if (guessed.length) out.push("Deadweight is estimated from the hull, so the cargo range is wide.");
  if (tracksOf(i).length) out.push("Between reports positions are interpolated; hulls are drawn centred on the antenna.");
  else out.push("This map carries no track for this event.");
  return out;
}

function candidateRows(i) {
  if (!get("candidates", i)) return null;
  const listed = candidatesOf(i);
  if (!listed) return el("p", {}, get("candidates", i));
  const rest = 1 - listed.reduce((sum, one) => sum + (one.probability || 0), 0);
  const line = (rank, who, chance) => el("tr", {}, el("td", {}, rank), who, el("td", {}, chance));
  return el("table", { class: "ranked" },
    el("thead", {}, el("tr", {}, ["", "MMSI", "Name", "Probability"].map((title) => el("th", { scope: "col" }, title)))),
    el("tbody", {}, listed.map((one, k) => line(String(k + 1), [el("td", {}, String(one.mmsi)),
      el("td", {}, el("bdi", {}, nameOf(one.mmsi) || "\u2013"))], one.probability === null ? UNKNOWN : percent(one.probability))),
    rest > 0.005 ? line("", el("td", { colSpan: 2 }, "another ship, or no meeting"), percent(rest)) : null));
}

let names = null;
/** Name of a ship by MMSI, from any event that names her. */
function nameOf(mmsi) {
  if (!names) {
    names = new Map();
    for (let row = 0; row < N; row++) for (const n of [1, 2]) if (get(`name_${n}`, row)) names.set(get(`mmsi_${n}`, row), get(`name_${n}`, row));
  }
  return names.get(mmsi);
}

/** What was measured, in the words of the type. */
function measuredPart(i) {
  const type = get("type", i), speed = maybe(get("median_speed_kn", i), "kn", 1), sure = CONFIDENCE[i];
  if (type === "gap") {
    return part("Silence", facts([["Last heard", utc(START[i])], ["Heard again", utc(END[i])], ["Silent for", span(get("duration_h", i))],
      ["Switched off", Number.isNaN(sure) ? null : `probability ${percent(sure)}`]]));
  }
  const silence = get("longest_silence_min", i), quiet = silence === null ? null : span(silence / 60);
  if (type === "loitering") return part("Stay", facts([["Speed over ground", speed], ["Longest silence", quiet], ["Confidence", Number.isNaN(sure) ? null : sure.toFixed(2)]]));
  if (isDark(i)) return part("Stay of the ship that was heard", facts([["Speed over ground", speed], ["Longest silence", quiet]]));
  const angle_ = get("heading_difference_deg", i);
  return part("Contact", facts([
    ["Smallest distance", distance(get("min_distance_m", i))], ["Median distance", distance(get("median_distance_m", i))],
    ["Gap between hulls", distance(get("hull_gap_m", i))], ["Speed over ground", speed],
    ["Relative speed", maybe(get("relative_speed_kn", i), "kn", 2)],
    ["Angle between keels", angle_ === null ? null : `${figure(angle_, 0)}\u00b0`], ["Longest silence", quiet],
  ]));
}

/** Owners, managers, parents and addresses of both ships, each with the way to it. */
function behind(i) {
  return [1, 2].map((n) => {
    const ways = get(`owners_${n}`, i) || [];
    return ways.length ? [el("h4", {}, el("bdi", {}, shipName(i, n) || "")), el("ul", { class: "ways" }, ways.map((way) => el("li", {}, el("bdi", {}, way))))] : [];
  }).flat();
}

/** Rules that could not be asked: they say nothing, for or against. */
function lacking(i) {
  const missing = get("risk_missing", i) || [];
  return missing.length ? el("details", { class: "lacking" },
    el("summary", {}, `${missing.length} rule${missing.length === 1 ? "" : "s"} lacked data and ${missing.length === 1 ? "is" : "are"} not counted as clean`),
    el("ul", {}, missing.map((rule) => el("li", {}, rule)))) : null;
}

function citation(i) {
  const name = candidateName(i), share = (candidatesOf(i) || [{}])[0]?.probability;
  const two = !isDark(i) ? shipName(i, 2) : "a ship that was not heard" + (name === null ? "" : " (an inference, not an observation; " +
    `best candidate ${name}, MMSI ${get("mmsi_2", i)}${share >= 0 ? `, probability ${percent(share)}` : ""})`);
  const run = get("run_id", i) || PROVENANCE.run_id;
  return `${typeName(i)} ${get("event_id", i)}: ${shipName(i, 1)}${two ? ` and ${two}` : ""}, ` +
    `${utc(START[i])} to ${utc(END[i])}, ${decimal(LAT[i], LON[i])}` +
    `${run ? `, run ${run}` : ""}${PROVENANCE.synthetic ? " (SYNTHETIC DATA)" : ""}.`;
}

function copyButton(title, text) {
  const button = el("button", { type: "button" }, title);
  button.addEventListener("click", async () => {
    try { await navigator.clipboard.writeText(text()); button.textContent = "Copied"; } catch { showSheet(title, el("textarea", { readOnly: true, value: text(), "aria-label": title })); }
    setTimeout(() => { button.textContent = title; }, 1500);
  });
  return button;
}

function fillCard() {
  const card = $("card"), i = chosen;
  card.hidden = i < 0;
  document.body.classList.toggle("chosen", i >= 0);
  chartFollow = null;
  if (i < 0) { card.replaceChildren(); return; }
  const at = shown.indexOf(i), step = (d) => el("button", { type: "button", disabled: at < 0 || !(at + d in shown),
    "aria-label": d < 0 ? "Previous event" : "Next event", on: { click: () => choose(shown[at + d], { fly: true }) } }, d < 0 ? "\u2039" : "\u203a");
  const link = () => `${location.href.split("#")[0]}#e=${get("event_id", i)}`;
  const risk = RISK[i], chart = distanceChart(i), why = get("why", i) || [];
  const share = get("waters_share", i);
  card.replaceChildren(...[
    el("div", { class: "card-head" }, shapeIcon(get("type", i), stepOf(i), 26),
      el("div", {}, el("h2", {}, typeName(i)), el("div", { class: "chips" }, verdictChip(i),
        IN_PORT[i] ? el("span", { class: "chip" }, "in port") : null,
        Number.isNaN(risk) ? null : el("span", { class: "chip" }, `risk ${Math.round(risk)}${get("risk_band", i) ? ` ${get("risk_band", i)}` : ""}`))),
      el("div", { class: "card-tools" }, step(-1), step(1),
        el("button", { type: "button", "aria-label": "Close (Escape)", on: { click: () => { choose(-1); list.focus(); } } }, "\u2715"))),
    PROVENANCE.synthetic ? el("p", { class: "synthetic-mark" }, "SYNTHETIC DATA") : null,
    el("p", { class: "when" }, el("b", {}, `${utc(START[i])} \u2013 ${day(START[i]) === day(END[i]) ? utc(END[i]).slice(11) : utc(END[i])}`),
      `, ${span(get("duration_h", i))}`, el("br"), place(LAT[i], LON[i]), el("span", { class: "dim" }, ` (${decimal(LAT[i], LON[i])})`)),
    shipTable(i),
    chart ? part("Distance between the ships", chart) : null,
    part("Candidates, none of them observed there", candidateRows(i)),
    measuredPart(i),
    part("Whose water", facts([
      ["Waters", [[get("state", i), WATERS[get("waters", i)] || get("waters", i)].filter(Boolean).join(", ") || null,
        get("waters_uncertain", i) ? " (uncertain)" : null].filter(Boolean).join("") || null],
      ["International", get("is_international", i) === null ? null : get("is_international", i) ? "yes, beyond every territorial sea" : "no"],
      ["Claimed by", joined(get("claimants", i))], ["Special zones", joined(get("special_zones", i))], ["Sea", get("sea", i)],
      ["Nearest coast", maybe(get("coast_distance_nm", i), "nm", 1)], ["Baseline", maybe(get("baseline_distance_nm", i), "nm", 1)],
      ["Nearest limit", maybe(get("margin_nm", i), "nm", 1)],
      ["Nearest port", get("port", i) === null ? null : `${get("port", i)}${get("port_distance_nm", i) === null ? "" : `, ${figure(get("port_distance_nm", i), 1)}\u00a0nm`}`],
      ["Share of time", share],
    ])),
    cargoPart(i),
    part("Who stands behind the ships", behind(i)),
    part("Risk", facts([["Score", Number.isNaN(risk) ? null : `${figure(risk, 0)} of 100, ${get("risk_band", i) || ""}`],
      ["Rules", joined(get("risk_reasons", i))], ["Law", joined(get("legal_flags", i))]]), lacking(i)),
    why.length ? part("Why", el("ul", {}, why.map((sentence) => el("li", {}, sentence)))) : null,
    part("Bear in mind", el("ul", { class: "caveats" }, caveats(i).map((sentence) => el("li", {}, sentence)))),
    el("p", { class: "card-foot" }, copyButton("Copy link", link), copyButton("Copy citation", () => citation(i)),
      el("a", { href: `#e=${get("event_id", i)}`, class: "permalink" }, get("event_id", i))),
  ].filter(Boolean));
  card.scrollTop = 0;
}
on("chosen", fillCard);
on("filtered", () => { if (chosen >= 0) fillCard(); });
on("coloured", () => { if (chosen >= 0) fillCard(); });
on("theme", () => { if (chosen >= 0) fillCard(); });
