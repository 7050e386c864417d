"""What a dossier tells of a meeting: every part, in the right words, from the ships' own reports."""

from __future__ import annotations

import hashlib
import json
import re
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner

from tests.shared_data import shared
from tests.views.scene import HOSTILE_NAME, case_of_a_meeting
from tracker.archive.case import Case
from tracker.cli import call
from tracker.cli.tell import dossier
from tracker.errors import TargetExistsError, TrackerError, UnknownNameError
from tracker.pipeline.dossier import gather
from tracker.pipeline.run import run
from tracker.tables.wording import LEVELS
from tracker.views.dossier import PARTS, render_dossier
from tracker.views.facts import Facts, Reason
from tracker.views.markup import place
from tracker.views.page import fetchable
from tracker.views.pdf import pdf_of, styled_figures
from tracker.views.svg import Axes, pieces, round_ticks


@pytest.fixture(scope="module")
def case(tmp_path_factory: pytest.TempPathFactory) -> Case:
    return case_of_a_meeting(tmp_path_factory.mktemp("dossier"))


@pytest.fixture(scope="module")
def event(case: Case) -> dict[str, Any]:
    rows = [
        row for row in case.latest_events().to_pylist() if row["mmsi_2"] == 412_000_002 and row["type"] == "encounter"
    ]
    return dict(max(rows, key=lambda row: row["confidence"]))


@pytest.fixture(scope="module")
def facts(case: Case, event: dict[str, Any]) -> Facts:
    return gather(case, event["event_id"])


@pytest.fixture(scope="module")
def page(facts: Facts) -> str:
    return render_dossier(facts)


def test_the_page_has_the_twelve_parts_in_order_and_loads_nothing(page: str) -> None:
    places = [page.index(f"<h2>{i}. {name}</h2>") for i, name in enumerate(PARTS, start=1)]
    assert len(places) == 12
    assert places == sorted(places)
    assert fetchable(page) == []
    assert "<script" not in page
    assert page.count("<svg") >= 6
    assert "SYNTHETIC DATA" in page


def test_the_words_are_those_of_its_level_and_never_stronger(page: str, facts: Facts) -> None:
    assert facts.level.name == "likely", "both heard, draughts changed, no rule groups"
    assert "Likely a transfer" in page
    told = re.sub(r"<style>.*?</style>", "", page, flags=re.DOTALL).lower()
    for word in ("smuggl", "violat", "guilty", "illegal", "evad"):
        assert word not in told


def test_a_meeting_without_draughts_is_told_as_consistent_with(facts: Facts) -> None:
    page = render_dossier(replace(facts, level=LEVELS["consistent with"]))
    assert "Track consistent with a transfer" in page
    assert "side by side" not in page.split("</section>")[0]


def test_names_from_the_radio_are_text_and_nothing_else(page: str) -> None:
    assert HOSTILE_NAME not in page
    assert "&lt;B&gt;=X&amp;" in page


def test_draughts_before_and_after_are_those_that_were_declared(facts: Facts) -> None:
    assert [(c.before and c.before.draught_m, c.after and c.after.draught_m) for c in facts.changes] == [
        (9.0, 7.0),
        (4.0, 6.1),
    ]
    assert [c.change_m for c in facts.changes] == [-2.0, 2.1]
    text = dict(facts.quantity)
    assert "opposite directions" in text["check: the two together"]


def test_the_hulls_lie_beside_each_other_to_scale(facts: Facts) -> None:
    assert facts.poses is not None
    own, other = facts.poses.larger_outline, facts.poses.median_outline
    for outline in (own, other):
        assert np.ptp(outline[:, 0]) == pytest.approx(120, abs=2)
        assert np.ptp(outline[:, 1]) == pytest.approx(18, abs=4)
    assert abs(other[:, 1].mean() - own[:, 1].mean()) == pytest.approx(24, abs=3)


def test_neighbours_count_and_the_two_ships_do_not_count_as_their_own(facts: Facts) -> None:
    assert facts.reception.other_ships == 1
    assert facts.reception.others.sum() > 100
    assert facts.reception.counts[0].sum() == len(facts.tracks[0].time_s)


def test_the_judgement_made_again_gives_the_confidence_of_the_run(facts: Facts, event: dict[str, Any]) -> None:
    total = sum(reason.logit for reason in facts.reasons)
    assert 1 / (1 + np.exp(-total)) == pytest.approx(event["confidence"], abs=0.03)
    assert all(reason.caution for reason in facts.reasons if reason.code != "as run")


def test_the_same_case_gives_the_same_bytes(case: Case, event: dict[str, Any], page: str) -> None:
    assert render_dossier(gather(case, event["event_id"][:6])) == page


def test_ids_that_are_not_there_are_told_so(case: Case) -> None:
    with pytest.raises(UnknownNameError, match="tracker events"):
        gather(case, "ffffffffffffffff")
    with pytest.raises(UnknownNameError):
        gather(case, "")


def test_a_package_names_every_file_with_its_digest(case: Case, event: dict[str, Any], tmp_path: Path) -> None:
    target = tmp_path / "x.zip"
    arguments = [str(case.path), event["event_id"], "--to", str(target), "--package"]
    assert CliRunner().invoke(dossier, arguments).exit_code == 0
    with zipfile.ZipFile(target) as archive:
        manifest = json.loads(archive.read("manifest.json"))
        assert {entry["name"] for entry in manifest["files"]} == set(archive.namelist()) - {"manifest.json"}
        for entry in manifest["files"]:
            content = archive.read(entry["name"])
            assert (len(content), hashlib.sha256(content).hexdigest()) == (entry["bytes"], entry["sha256"])
    assert manifest["synthetic"] is True
    assert manifest["wording"]["level"] == "likely"
    before = target.read_bytes()
    assert isinstance(CliRunner().invoke(dossier, arguments).exception, TargetExistsError)
    assert CliRunner().invoke(dossier, [*arguments, "--force"]).exit_code == 0
    assert target.read_bytes() == before


def test_a_target_of_another_kind_is_refused_before_any_work(case: Case, event: dict[str, Any], tmp_path: Path) -> None:
    for name in ("x.odt", "x.docx", "x"):
        assert call(["dossier", str(case.path), event["event_id"], "--to", str(tmp_path / name)]) == 2
    assert list(tmp_path.iterdir()) == []


def test_the_real_lightering_is_told_with_its_draughts_and_both_ships(tmp_path: Path) -> None:
    run([shared("real/socal_2018-06-02T20_8h_noaa2025.csv.zst")], tmp_path / "case")
    case = Case(tmp_path / "case")
    rows = [row for row in case.latest_events().to_pylist() if row["verdict"] == "likely"]
    facts = gather(case, rows[0]["event_id"])
    assert [c.change_m for c in facts.changes] == [-3.6, 0.0]
    assert facts.level.name == "likely", "the second ship declared its new draught only after this file ends"
    assert facts.poses is not None
    page = render_dossier(facts)
    assert "HYDRA VOYAGER" in page
    assert "POLARIS VOYAGER" in page


def test_ticks_are_round_and_inside() -> None:
    assert round_ticks(0.0, 12.0) == [0, 2, 4, 6, 8, 10, 12]
    assert round_ticks(-1.0, 1.0) == [-1.0, -0.5, 0.0, 0.5, 1.0]
    axes = Axes(10, 20, 100, 50, 0.0, 10.0, 0.0, 5.0)
    assert (axes.x(5.0), axes.y(5.0), axes.y(0.0)) == (60.0, 20.0, 70.0)


def test_a_silence_cuts_a_track_into_pieces() -> None:
    time = np.array([0.0, 10.0, 20.0, 900.0, 910.0])
    assert pieces(time, silence_s=600.0) == [slice(0, 3), slice(3, 5)]
    assert pieces(np.empty(0), silence_s=600.0) == []


@pytest.mark.needs("weasyprint")
def test_a_dossier_prints_as_pdf_with_its_figures_and_the_same_bytes_twice(facts: Facts) -> None:
    page = render_dossier(facts)
    printed = pdf_of(page)
    assert printed.startswith(b"%PDF-")
    assert printed == pdf_of(page)
    styled = styled_figures(page)
    assert "var(--" not in styled.partition("<svg")[2].partition("</style>")[0]


@pytest.mark.needs("weasyprint")
def test_a_page_that_names_something_to_fetch_is_not_printed() -> None:
    with pytest.raises(TrackerError, match="127"):
        pdf_of('<html><head></head><body><img src="http://127.0.0.1:9/x.png"></body></html>')


@pytest.mark.parametrize(
    ("lat", "lon", "told"),
    [
        (33.0096607, -117.7862469, "33°00.58′N 117°47.17′W (33.0097° N, 117.7862° W)"),
        (-0.99999, 9.5, "01°00.00′S 009°30.00′E (1.0000° S, 9.5000° E)"),
    ],
)
def test_a_place_is_told_as_on_a_chart_and_in_decimal_degrees(lat: float, lon: float, told: str) -> None:
    assert place(lat, lon) == told


def test_a_finding_cut_off_by_a_silence_says_so_beside_its_length(facts: Facts) -> None:
    cut = Reason("begins", 0.0, "It begins at the edge of 15.6 h of silence of a ship: they may have met earlier.", "")
    page = render_dossier(replace(facts, reasons=[*(r for r in facts.reasons if r.code != "begins"), cut]))
    (finding,) = re.findall('<p class="finding">(.*?)</p>', page)
    assert finding.endswith(cut.sentence)
