"""A dossier of every type of event: what applies is told, and what does not is said."""

from __future__ import annotations

import json
import re
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from tests.cli.calling import lines_of, write_lines
from tests.scenes import Scene
from tracker.archive.case import Case, open_case
from tracker.cli import call
from tracker.pipeline.dossier import gather
from tracker.pipeline.doubts import other_explanations
from tracker.pipeline.run import run
from tracker.views.dossier import PARTS, render_dossier
from tracker.views.facts import Facts
from tracker.views.page import fetchable

ALONE = ("gap", "loitering", "port_call", "spoofing")


@pytest.fixture(scope="module")
def case(demo: Any) -> Case:
    return open_case(demo.case)


def first_of(case: Case, kind: str) -> dict[str, Any]:
    rows = [row for row in case.latest_events().to_pylist() if row["type"] == kind]
    return dict(max(rows, key=lambda row: row["confidence"] or 0.0))


MADE: dict[tuple[Path, str], tuple[dict[str, Any], Facts, str]] = {}


def told(case: Case, kind: str) -> tuple[dict[str, Any], Facts, str]:
    """The foremost event of a type, what is gathered of it, and its page; made once."""
    if (case.path, kind) not in MADE:
        event = first_of(case, kind)
        facts = gather(case, event["event_id"])
        MADE[case.path, kind] = event, facts, render_dossier(facts)
    return MADE[case.path, kind]


def part(page: str, n: int) -> str:
    return page.split(f'<section id="p{n}">')[1].split("</section>", maxsplit=1)[0]


@pytest.mark.parametrize("kind", [*ALONE, "dark_encounter"])
def test_every_type_has_the_twelve_parts_and_says_what_does_not_apply(case: Case, kind: str) -> None:
    event, facts, page = told(case, kind)
    places = [page.index(f"<h2>{i}. {name}</h2>") for i, name in enumerate(PARTS, start=1)]
    assert places == sorted(places)
    assert fetchable(page) == []
    assert "SYNTHETIC DATA" in page
    assert "Distance" in part(page, 4)
    assert "does not apply" in part(page, 4)
    assert "<svg" in part(page, 2)
    assert "<svg" in part(page, 3)
    assert "<svg" in part(page, 4), "speed is drawn"
    assert "<svg" in part(page, 10), "reception of neighbours"
    assert all(re.sub("<[^>]*>", "", part(page, n)).strip() for n in range(1, 13))
    assert len(facts.alternatives) >= 3
    assert facts.reception.other_ships >= 0
    for word in ("smuggl", "violat", "guilty", "illegal", "evad"):
        assert word not in re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower()
    if kind in ALONE:
        assert len(facts.tracks) == 1
        assert "Second ship: does not apply" in part(page, 6)
        assert "Does not apply" in part(page, 7)
        others = {mmsi for other in facts.others for mmsi in (other["mmsi_1"], other["mmsi_2"])}
        assert not facts.others or event["mmsi_1"] in others
        assert all(event["mmsi_1"] in (o["mmsi_1"], o["mmsi_2"]) for o in facts.others), "of this ship only"


def test_a_silence_shows_its_reach_its_ports_and_its_weighed_causes(case: Case) -> None:
    event, facts, page = told(case, "gap")
    assert facts.silent is not None
    assert facts.silent.told["mmsi"] == event["mmsi_1"]
    assert "could have been while silent" in part(page, 2)
    for port in facts.silent.told["ports"][:3]:
        assert port["port"] in part(page, 2)
    causes = json.loads(event["silence_causes"])
    for share in causes.values():
        assert f"{share:.2f}" in part(page, 8)
    assert "no evidence of what was done in it" in part(page, 1)


def test_the_other_ship_of_a_dark_meeting_is_a_candidate_and_never_one_that_was_heard(case: Case) -> None:
    event, facts, page = told(case, "dark_encounter")
    listed = json.loads(event["candidates"])
    assert [c.mmsi for c in facts.candidates] == [row["mmsi"] for row in listed][:10]
    ranked = [c.probability for c in facts.candidates]
    assert ranked == sorted(ranked, reverse=True)
    assert facts.nobody == pytest.approx(1 - sum(row["probability"] for row in listed), abs=1e-6)
    assert "No second ship was heard" in part(page, 1)
    assert "kept near each other" not in page
    assert "side by side for" not in page
    assert "not observed there" in part(page, 2)
    assert "none of them" in part(page, 6)
    best = facts.candidates[0]
    start, end = event["start_time"].timestamp(), event["end_time"].timestamp()
    assert best.last_s is not None
    assert best.next_s is not None
    assert best.last_s < end
    assert best.next_s > start, "she was silent for some of the stay"
    assert best.needed_kn is not None
    assert best.needed_kn < 15


def test_positions_in_two_places_are_drawn_in_both(case: Case) -> None:
    _, facts, page = told(case, "spoofing")
    assert len(facts.elsewhere) == 1
    assert abs(facts.elsewhere[0].lat.mean() - facts.tracks[0].lat.mean()) > 1
    assert "other positions under the same MMSI" in part(page, 2)


def test_a_change_of_identity_shows_both_and_no_distance_over_time(tmp_path: Path) -> None:
    scene = Scene(hours=20, every_min=3)
    scene.transfer(meets_h=8, hours=5, renamed_h=10.5)
    run([write_lines(tmp_path / "SYNTHETIC_renamed.csv", lines_of(scene))], tmp_path / "case")
    case = open_case(tmp_path / "case")
    event, facts, page = told(case, "identity_change")
    assert [track.mmsi for track in facts.tracks] == [event["mmsi_1"], event["mmsi_2"]]
    assert "does not apply" in part(page, 4)
    assert "the later identity" in part(page, 6)
    assert "consistent with one hull under two identities" in part(page, 1)
    assert "was heard again" not in part(page, 9)
    again = other_explanations(
        event, candidates=[], nobody=None, silent=None, heard_again=event["end_time"] + timedelta(hours=1)
    )
    assert "heard again" in again[0].speaks_for
    assert again[0].left_as.startswith("likely")


def test_a_package_of_a_dark_meeting_holds_its_candidates_and_the_reach(case: Case, tmp_path: Path) -> None:
    event = first_of(case, "dark_encounter")
    target = tmp_path / "dark.zip"
    assert call(["dossier", str(case.path), event["event_id"], "--to", str(target), "--package"]) == 0
    with zipfile.ZipFile(target) as archive:
        names = set(archive.namelist())
        assert {"candidates.csv", "reach.json", "dossier.html", "event.csv"} <= names
        assert "distance.csv" not in names, "none was measured"
        rows = archive.read("candidates.csv").decode().splitlines()
        assert int(rows[1].split(",")[0]) == event["mmsi_2"]
        assert json.loads(archive.read("reach.json"))["geometry"]["type"] == "MultiPolygon"
