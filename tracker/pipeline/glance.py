"""A case at a glance: what was read, over which days, what was found, and how well the area was heard."""

from collections import Counter

from tracker.archive.case import Case


def glance_of(case: Case, /) -> list[tuple[str, str]]:
    """Names and values for a reader."""
    store, runs = case.store(), case.runs()
    days = store.days()
    told = [
        ("positions", f"{store.rows:,}" + (f", {days[0]} to {days[-1]}" if days else "")),
    ]
    if not runs:
        return [*told, ("events", "none yet: tracker detect finds them")]
    record = runs[-1]
    events = case.latest_events()
    kinds = Counter(
        zip(events["type"].to_pylist(), events["verdict"].to_pylist(), events["in_port"].to_pylist(), strict=True)
    )
    at_sea = Counter({k: n for (kind, k, port), n in kinds.items() if kind == "encounter" and not port})
    told.append(
        (
            "meetings at sea",
            ", ".join(f"{at_sea.get(name, 0):,} {name}" for name in ("likely", "possible", "unlikely")),
        )
    )
    in_port = sum(n for (kind, _, port), n in kinds.items() if kind == "encounter" and port)
    told.append(("meetings in port", f"{in_port:,}, hidden until asked for (in_port=True)"))
    rest = Counter(kind for kind, _, _ in kinds.elements() if kind != "encounter")
    told.append(
        ("other events", ", ".join(f"{n:,} {kind.replace('_', ' ')}" for kind, n in sorted(rest.items())) or "none")
    )
    statement = record.get("coverage", {}).get("statement")
    if statement:
        told.append(("heard", statement.removeprefix("Coverage: ")))
    notes = case.notes().num_rows
    told.append(("notes", f"{notes:,}"))
    told.append(("run", f"{record['run_id']}, tracker {record['version']}"))
    return told
