"""Our counts of voyages beside the reported ones."""

from typing import Any

from tracker.cargo.counts import counts_lines, own_counts


def voyage(mmsi: int, leg: int, start: str, end: str, **changes: Any) -> dict[str, Any]:
    row = {"mmsi": mmsi, "leg": leg, "from_state": start, "to_state": end, "flag": "CHN", "probability": 1.0}
    return row | {"ship_class": "barge or tow"} | changes


def test_round_trips_and_voyages_out_of_the_dprk_are_counted_by_class() -> None:
    counts = own_counts(
        [
            voyage(1, 1, "CHN", "PRK"),
            voyage(1, 2, "PRK", "CHN"),
            voyage(2, 1, "CHN", "PRK", flag="PRK"),
            voyage(2, 2, "PRK", "CHN", flag="PRK", ship_class="cargo"),
            voyage(3, 1, "PRK", "CHN", ship_class="tanker"),
            voyage(4, 1, "CHN", "PRK"),
            voyage(4, 3, "PRK", "CHN", probability=0.3),
        ]
    )
    assert (counts["A17"]["n"], counts["A17"]["by_class"]) == (2, {"barge or tow": 1, "cargo": 1})
    assert (counts["A18"]["n"], counts["A18"]["by_class"]) == (1, {"barge or tow": 1})
    assert "A18" in counts_lines(counts)[2]


def test_no_voyage_is_a_count_of_nothing_and_no_error() -> None:
    assert [one["n"] for one in own_counts([]).values()] == [0, 0]
