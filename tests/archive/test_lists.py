"""Watchlists stay with the case, whole."""

from datetime import date
from pathlib import Path

from tracker.archive.case import open_case
from tracker.tables.listing import REGISTRY, WATCHLIST, Entry, FlagSpell, WatchList

STAR = Entry(
    "7",
    "SYN “STAR” <8>",
    aliases=("SYN OLD",),
    imo=9187629,
    mmsis=(352000001,),
    flags=(FlagSpell("PAN", date(2015, 1, 1), None, True),),
    listed_on=date(2018, 3, 30),
    is_sanction=True,
)


def test_a_list_is_read_back_as_it_was_kept(tmp_path: Path) -> None:
    lists = [
        WatchList("own", REGISTRY, "csv", "d2", (Entry("1", "SYN"),)),
        WatchList("syn", WATCHLIST, "csv", "d1", (STAR, Entry("8", "SYN MOON")), date(2022, 1, 1), ("odd",)),
    ]
    with open_case(tmp_path / "case", create=True).writer() as writer:
        writer.keep_lists(lists)
        writer.commit()
    assert open_case(tmp_path / "case").lists() == lists


def test_a_case_without_lists_says_so(tmp_path: Path) -> None:
    with open_case(tmp_path / "case", create=True).writer() as writer:
        writer.commit()
    assert open_case(tmp_path / "case").lists() == []
