"""M4: measurements from outside AIS, which events they are of, and what is refused."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from tracker.cargo.measured import assign, read_measured
from tracker.errors import InputError
from tracker.tables.given import MEASUREMENTS, GivenTable

HEADER = "event_id,date,imo,mmsi,vessel_name,tonnes,sd_t,low_t,high_t,source\n"
START = datetime(2020, 1, 10, 22, tzinfo=UTC)


def given(text: str) -> GivenTable:
    return GivenTable(MEASUREMENTS, "bills.csv", sha256(text.encode()).hexdigest(), text)


def event(event_id: str, *, day: int = 0, mmsi: int = 445000001) -> dict[str, Any]:
    start = START + timedelta(days=day)
    row = {"event_id": event_id, "start_time": start, "end_time": start + timedelta(hours=6)}
    return row | {"mmsi_1": mmsi, "imo_1": 8660313, "name_1": "SHIP", "mmsi_2": 412000001, "imo_2": None, "name_2": "B"}


def test_a_figure_is_of_the_event_it_names_or_of_the_ship_on_the_day() -> None:
    table = read_measured(
        given(HEADER + "aa,,,,,600,60,,,bill\n,2020-01-11,8660313,,,700,70,,,customs\n,2020-01-15,,,B,800,80,,,image\n")
    )
    rows = [event("aa"), event("bb", day=5)]
    found, faults = assign(table, rows, [(0, (0,)), (1, (1,))])
    assert [m.tonnes for m in found[0]] == [600, 700]
    assert [m.tonnes for m in found[1]] == [800]
    assert faults.counts == {}
    assert "bill" in found[0][0].measurement.source


def test_a_figure_that_fits_several_events_or_none_is_used_for_none_and_named() -> None:
    table = read_measured(given(HEADER + ",2020-01-11,8660313,,,700,70,,,customs\nzz,,,,,1,1,,,bill\n"))
    found, faults = assign(table, [event("aa"), event("bb", day=1)], [(0, (0,)), (1, (1,))])
    assert found == {}
    assert len(faults.lines()) == 2
    assert any("several" in line and "aa" in line for line in faults.lines())


def test_low_and_high_are_the_tenth_and_ninetieth_percentile() -> None:
    (one,) = read_measured(given(HEADER + "aa,,,,,600,,500,700,bill\n")).rows
    assert one.sd_t == pytest.approx(100 / 1.2816, rel=1e-3)


@pytest.mark.parametrize(
    "line",
    [
        "aa,,,,,-5,60,,,bill",
        "aa,,,,,many,60,,,bill",
        "aa,,,,,600,,,,bill",
        "aa,,,,,600,0,,,bill",
        "aa,,,,,600,60,,,",
        ",2020-01-11,,,,600,60,,,bill",
        ",31/12/2020,8660313,,,600,60,,,bill",
        'aa,,,,,"3,5",60,,,bill',
    ],
)
def test_a_figure_that_cannot_be_weighed_is_set_aside_with_the_reason(line: str) -> None:
    read = read_measured(given(HEADER + line + "\n"))
    assert read.rows == ()
    assert len(read.faults.lines()) == 1


def test_a_column_that_stands_twice_is_refused() -> None:
    with pytest.raises(InputError, match="twice"):
        read_measured(given("event_id,tonnes,tonnes,sd_t,source\naa,1,2,1,bill\n"))


def test_what_a_donor_loaded_names_her_product_for_two_months() -> None:
    text = "kind,date,mmsi,product,tonnes,source\nloading,2020-01-02,445000001,gasoil,,port papers\n"
    text += "loading,2020-01-03,445000001,moonshine,,port papers\nloading,,445000001,lpg,,x\n"
    table = read_measured(given(text))
    (one,) = table.rows
    assert len(table.faults.lines()) == 2
    assert one.is_last_loading(event("aa"), 1)
    assert not one.is_last_loading(event("aa"), 2)
    assert not one.is_last_loading(event("aa", day=-20), 1)
    assert not one.is_last_loading(event("aa", day=90), 1)
    assert assign(table, [event("aa")], [(0, (0,))])[0] == {}
