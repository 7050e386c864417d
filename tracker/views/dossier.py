"""The dossier of one event as a page: what a reader needs to judge it, in twelve parts, with figures drawn for reading.

Self-contained and printable: no script at all, styles and figures inside, nothing that a browser would fetch. Every
text from the radio is escaped. The words of the finding come from `tracker.tables.wording` alone.
"""

import html
import json
from datetime import datetime
from importlib import resources

from tracker.tables.wording import LEVELS, STATEMENT
from tracker.views import dossier_alone as alone
from tracker.views import page
from tracker.views.charts import distance_and_speed, draughts, reports_per_hour, timeline
from tracker.views.dossier_risk import owner_rows, risk_part
from tracker.views.facts import Facts
from tracker.views.figures import contact_inset, track_map
from tracker.views.markup import moment as _time
from tracker.views.markup import none, place
from tracker.views.markup import number as _number
from tracker.views.markup import safe as _safe
from tracker.views.markup import table as _table

POLICY = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
BASES = {
    "mid": "by the country digits of the MMSI",
    "history": "from its history",
    "registry": "from a registry",
    "history, false": "from its history, which calls this flag false",
    "registry, false": "from a registry, which calls this flag false",
    "watchlist": "from a watchlist",
    "hull and draught": "estimated from length, beam and declared draughts",
    "hull": "estimated from length and beam",
    "length": "estimated from length",
}
"""Where a flag or a deadweight comes from."""
PARTS = (
    "Finding",
    "Where",
    "Sequence",
    "Distance and speed",
    "Draughts",
    "The ships",
    "Quantity",
    "What the judgement is made of",
    "Other explanations considered",
    "Quality of the data",
    "Provenance",
    "What would raise or lower confidence",
)


def render_dossier(facts: Facts, /) -> str:
    """The page as text.

    Raises
    ------
    TrackerError
        When anything on the page could be fetched from elsewhere.
    """
    met = facts.is_meeting
    bodies = (
        _finding(facts) if met else alone.finding(facts),
        _maps(facts) + (contact_inset(facts) if met else alone.hulls(facts)),
        timeline(facts) + _others(facts),
        distance_and_speed(facts) if met else alone.speeds(facts),
        draughts(facts) + _changes(facts),
        _ships(facts) + alone.candidates(facts),
        alone.quantity(facts),
        (_reasons(facts) if met else alone.reasons(facts)) + risk_part(facts),
        _alternatives(facts),
        _quality(facts) + reports_per_hour(facts),
        _provenance(facts),
        _confidence(facts),
    )
    title = (
        f"{_ship(facts, 1)} and {_ship(facts, 2)}, {facts.event['start_time']:%-d %B %Y}"
        if met
        else alone.title_of(facts)
    )
    style = (resources.files("tracker.views") / "print" / "dossier.css").read_text(encoding="utf-8")
    contents = "".join(f'<a href="#p{i}">{i}. {name}</a>' for i, name in enumerate(PARTS, start=1))
    sections = "".join(
        f'<section id="p{i}"><h2>{i}. {name}</h2>{body}</section>'
        for i, (name, body) in enumerate(zip(PARTS, bodies, strict=True), start=1)
    )
    synthetic = facts.provenance.get("synthetic")
    warning = '<p class="synthetic">SYNTHETIC DATA: nothing here is evidence of anything.</p>' if synthetic else ""
    text = (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_safe(title)}</title><style>{style}</style></head><body><header>{warning}"
        f"<h1>{_safe(title)}</h1><p class='dim'>Dossier of event <code>{_safe(facts.event['event_id'])}</code>, "
        f"run <code>{_safe(facts.event['run_id'] or '')}</code>. All times UTC.</p></header><nav>{contents}</nav>"
        f"<main>{sections}</main></body></html>\n"
    )
    page.check_self_contained(text)
    return text


def _finding(facts: Facts) -> str:
    e = facts.event
    zone = (e["waters"] or "waters not known").replace("_", " ")
    how = "lay or moved side by side" if facts.level.name in ("likely", "very likely") else "kept near each other"
    line = f"{facts.level.phrase[:1].upper()}{facts.level.phrase[1:]}: {_ship(facts, 1)} and {_ship(facts, 2)} {how} for {e['duration_h']:.1f} h, {_time(e['start_time'])} to {_time(e['end_time'])}."
    if facts.level.name not in ("likely", "very likely", "consistent with", "possible"):
        line = f"{facts.level.phrase[:1].upper()}{facts.level.phrase[1:]}: {_ship(facts, 1)} and {_ship(facts, 2)}, {_time(e['start_time'])}."
    # who cites the length must not miss that a silence cuts it off
    line += "".join(f" {reason.sentence}" for reason in facts.reasons if reason.code in ("begins", "ends"))
    offset = round(e["lon"] / 15.0)
    cells = [
        (place(e["lat"], e["lon"]), "place of the contact"),
        (f"{zone}, {e['state'] or '?'}", "waters" + (" (uncertain)" if e["waters_uncertain"] else "")),
        (_number(e["coast_distance_nm"], "nm"), "to the nearest coast"),
        (_number(e["median_distance_m"], "m"), "median distance between the antennas"),
        (_number(e["hull_gap_m"], "m"), "median water between the hulls"),
        (_number(e["median_speed_kn"], "kn"), "median speed over ground"),
        (f"{e['confidence']:.2f} ({e['verdict'] or 'no verdict'})", "confidence that such a contact occurred"),
        (f"UTC{offset:+d}", "nautical zone: " + "begin " + _local(e["start_time"], offset) + " local"),
    ]
    grid = "".join(f"<div><b>{_safe(value)}</b><span>{_safe(name)}</span></div>" for value, name in cells)
    return (
        f'<p class="finding">{_safe(line)}</p><div class="facts">{grid}</div>'
        f"<p>Level of wording: <b>{_safe(facts.level.name)}</b>; it needs {_safe(facts.level.needs)}. "
        "Confidence is about whether a transfer-like contact occurred; it is no probability that cargo moved, and says "
        "nothing of what the cargo was or whether any rule applied.</p>"
    )


def _maps(facts: Facts) -> str:
    """The window, and the hours around the event where they show more: not beside a silence, where nothing was heard."""
    near = "" if facts.event["type"] in ("gap", "port_call", "spoofing") else track_map(facts, margin_h=6.0)
    return track_map(facts) + near


def _others(facts: Facts) -> str:
    rows = [
        (
            _time(e["start_time"]),
            f"{e['duration_h']:.1f} h",
            e["type"].replace("_", " ") + (" in port" if e["in_port"] else ""),
            " and ".join(str(e[f"name_{n}"] or e[f"mmsi_{n}"]) for n in (1, 2) if e[f"mmsi_{n}"] is not None),
            f"{e['verdict'] or ''} {'' if e['confidence'] is None else format(e['confidence'], '.2f')}",
        )
        for e in facts.others
    ]
    if not rows:
        return none("No other event of these ships in the window.")
    return "<h3>Other events of these ships</h3>" + _table(("start", "length", "type", "ships", "verdict"), rows)


def _changes(facts: Facts) -> str:
    rows = []
    for n, change in enumerate(facts.changes, start=1):
        before, after = change.before, change.after
        rows.append(
            (
                _ship(facts, n),
                "not declared" if before is None else f"{before.draught_m:.1f} m ({before.reports} reports)",
                "not declared" if after is None else f"{after.draught_m:.1f} m ({after.reports} reports)",
                "" if change.change_m is None else f"{change.change_m:+.1f} m",
            )
        )
    return _table(("ship", "in force before", "declared after", "change"), rows)


def _ships(facts: Facts) -> str:
    parts = []
    for n in range(1, len(facts.tracks) + 1):
        e = facts.event
        listed = ", ".join(e[f"listed_{n}"] or []) or "no hit (only lists that were given to the run are searched)"
        about = [
            ("MMSI", f"{e[f'mmsi_{n}']:09d}" if e[f"mmsi_{n}"] else "not known"),
            ("IMO", f"{e[f'imo_{n}']} (check digit right)" if e[f"imo_{n}"] else "none sent"),
            ("flag", f"{e[f'flag_{n}'] or 'not known'} ({_basis(e[f'flag_basis_{n}'])})"),
            (
                "type, size",
                f"AIS {e[f'ship_type_{n}'] or '?'}, {_number(e[f'length_m_{n}'], 'm')} × {_number(e[f'beam_m_{n}'], 'm')}",
            ),
            (
                "deadweight",
                f"{_number(e[f'dwt_t_{n}'], 't')} ({_basis(e[f'dwt_basis_{n}'])})",
            ),
            ("lists", listed),
            *owner_rows(e, n),
        ]
        rows = [
            (
                _time(card["time"]),
                _time(card["last_time"]),
                card["name"] or "",
                card["callsign"] or "",
                str(card["imo"] or ""),
                f"{card['ship_type'] or '?'}, {_number(card['length_m'], 'm')} × {_number(card['beam_m'], 'm')}",
                str(card["reports"]),
            )
            for card in facts.cards[n - 1]
        ]
        said = _table(("first", "last", "name", "call sign", "IMO", "type, size", "reports"), rows)
        parts.append(
            f'<div class="keep"><h3 class="name{n}">{_safe(_ship(facts, n))}{_role(facts, n)}</h3>{_table(("", ""), about)}</div>'
            f"<p>Everything this station said of itself in the window:</p>{said if rows else '<p class=none>nothing</p>'}"
        )
    if len(facts.tracks) == 1:
        parts.append(none(f"Second ship: does not apply to this {facts.event['type'].replace('_', ' ')}."))
    return "".join(parts)


def _role(facts: Facts, n: int) -> str:
    """What the second ship is, where she is not simply the other one that was heard."""
    roles = {"dark_encounter": "the best candidate, not observed there", "identity_change": "the later identity"}
    role = roles.get(facts.event["type"]) if n == 2 else None
    return "" if role is None else f" ({role})"


def _reasons(facts: Facts) -> str:
    rows = [(r.code, "" if r.logit is None else f"{r.logit:+.1f}", r.sentence, r.caution) for r in facts.reasons]
    return (
        "<p>Confidence is a sum of stated parts (in logits) through a logistic curve. Weights are judgement, not "
        "statistics; each part says where it misleads. The parts are made again here from all of the window, so what was "
        "heard long before or after may weigh a little otherwise than in the run.</p>"
        + _table(("part", "weight", "measured", "where it misleads"), rows)
    )


def _alternatives(facts: Facts) -> str:
    rows = [(a.name, a.speaks_for, a.speaks_against, a.left_as) for a in facts.alternatives]
    return _table(("explanation", "for it", "against it", "left as"), rows)


def _quality(facts: Facts) -> str:
    silences = "".join(f"<li>{_safe(text)}</li>" for text in facts.silences)
    ships = [_ship(facts, n) + _role(facts, n) for n in range(1, len(facts.tracks) + 1)]
    return _table(("", *ships), facts.quality) + (f"<ul>{silences}</ul>" if silences else "")


def _provenance(facts: Facts) -> str:
    p = facts.provenance
    files = [(f["name"].rsplit("/", 1)[-1], f["format"], f["sha256"], f"{f['rows']:,}") for f in facts.files]
    licences = "".join(f"<li>{_safe(str(text))}</li>" for text in p.get("licences", []))
    lines = json.dumps(p.get("parameters", {}), indent=1, sort_keys=True).splitlines()
    parameters = "\n".join(html.escape(line) for line in lines)
    return (
        f"<p>tracker {_safe(str(p.get('version')))}, run <code>{_safe(str(p.get('run_id')))}</code>. The run's id is a hash "
        "of inputs, parameters and version; no random number and no clock goes into it, so the same inputs give the same "
        "dossier, byte for byte.</p>"
        + _table(("input", "read as", "SHA-256", "rows"), files)
        + f"<ul>{licences}</ul><details><summary>All parameters</summary><pre>{parameters}</pre></details>"
    )


def _confidence(facts: Facts) -> str:
    raises = "".join(f"<li>{_safe(text)}</li>" for text in facts.raises)
    lowers = "".join(f"<li>{_safe(text)}</li>" for text in facts.lowers)
    levels = [(level.name, level.phrase, level.needs) for level in list(LEVELS.values())[:5]]
    return (
        f"<h3>Would raise it</h3><ul>{raises}</ul><h3>Would lower it</h3><ul>{lowers}</ul>"
        f"<h3>Levels of wording</h3>{_table(('level', 'phrase', 'needs'), levels)}<p>{_safe(STATEMENT)}</p>"
    )


def _ship(facts: Facts, n: int) -> str:
    label: str = facts.tracks[n - 1].label
    flag = facts.event[f"flag_{n}"]
    return f"{label} ({flag})" if flag else label


def _basis(basis: str | None) -> str:
    return "basis not known" if not basis else BASES.get(basis, f"basis: {basis}")


def _local(moment: datetime, offset: int) -> str:
    return f"{(moment.hour + offset) % 24:02d}:{moment.minute:02d}"
