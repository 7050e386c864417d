"""Truth files: what is written is read back, and what is wrong with one is said with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.scenes import PLACES, Scene
from tracker.errors import CorruptInputError, EmptyInputError, MissingColumnError
from tracker.simulate.truth import TRUTH, read_truth, write_truth

HEADER = ",".join(TRUTH.names)
GOOD = "T1,encounter,1,2,2020-01-30T00:00:00Z,2020-01-30T03:00:00Z,124.0,30.0,transfer,,,"


def written(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("place", PLACES.values(), ids=PLACES.keys())
def test_a_truth_comes_back_as_it_was_written(tmp_path: Path, place: tuple[float, float]) -> None:
    scene = Scene(place=place, hours=20)
    scene.transfer()
    scene.raft()
    scene.neighbours()
    write_truth(scene.truth(), tmp_path / "truth.csv")
    back = read_truth(tmp_path / "truth.csv")
    exact = [name for name in TRUTH.names if name not in {"lon", "lat"}]
    assert back.select(exact).equals(scene.truth().select(exact))
    assert back["lon"].to_pylist() == pytest.approx(scene.truth()["lon"].to_pylist(), abs=1e-5)


def test_only_the_required_columns_need_to_be_there(tmp_path: Path) -> None:
    path = written(
        tmp_path / "t.csv",
        "mmsi_2,mmsi_1,type,truth_id,start_time,end_time",
        ",7,decoy,A,2020-01-30T00:00:00+08:00,2020-01-30T03:00:00+08:00",
    )
    row = read_truth(path).to_pylist()[0]
    assert (row["mmsi_1"], row["mmsi_2"], row["class"]) == (7, None, None)
    assert row["start_time"].isoformat() == "2020-01-29T16:00:00+00:00"


@pytest.mark.parametrize(
    ("line", "word"),
    [
        (GOOD.replace("encounter", "meeting"), "type 'meeting'"),
        (GOOD.replace(",1,", ",one,"), "mmsi_1 'one'"),
        (GOOD.replace(",1,", ",,"), "mmsi_1 is empty"),
        (GOOD.replace(",1,", ",99999999999,"), "out of range"),
        (GOOD.replace("124.0", "nan"), "lon 'nan'"),
        (GOOD.replace("30.0,", "91,"), "lat '91'"),
        (GOOD.replace("transfer,", "transfer,inf"), "cargo_t 'inf'"),
        (GOOD.replace("2020-01-30T03", "yesterday"), "not an ISO 8601 time"),
        (GOOD.replace("2020-01-30T03", "2020-01-29T03"), "end_time is before start_time"),
        (GOOD.replace(",1,2,", ",2,2,"), "does not meet herself"),
        (GOOD.replace(",1,2,", ",1,,"), "mmsi_2 is empty"),
    ],
)
def test_a_wrong_value_is_named_with_its_line(tmp_path: Path, line: str, word: str) -> None:
    path = written(tmp_path / "t.csv", HEADER, GOOD, line)
    with pytest.raises(CorruptInputError, match=f"line 3: .*{word}"):
        read_truth(path)


def test_missing_empty_and_binary_files_are_told_apart(tmp_path: Path) -> None:
    with pytest.raises(EmptyInputError, match="No such file"):
        read_truth(tmp_path / "none.csv")
    with pytest.raises(EmptyInputError, match="no rows"):
        read_truth(written(tmp_path / "head.csv", HEADER))
    with pytest.raises(MissingColumnError, match="mmsi_1, start_time, end_time"):
        read_truth(written(tmp_path / "cols.csv", "truth_id,type,mmsi_2", "a,decoy,1"))
    (tmp_path / "noise").write_bytes(bytes(range(128, 256)) * 40)
    with pytest.raises(CorruptInputError, match="UTF-8"):
        read_truth(tmp_path / "noise")
