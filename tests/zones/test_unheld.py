"""Where an agreed line is not in the index, the answer is uncertain and says which line is missing."""

import pytest

from tracker.zones.locate import locate


@pytest.mark.parametrize(
    ("lon", "lat", "words"),
    [
        (131.5, 41.5, "the agreed line of the DPRK and Russia"),
        (25.0, 59.8, "Finland and Estonia leave a corridor"),
        (11.0, 56.0, "limits in the straits"),
        (103.95, 1.22, "Singapore keeps 3 nm"),
    ],
)
def test_waters_whose_agreed_line_is_missing_are_uncertain_and_say_so(lon: float, lat: float, words: str) -> None:
    (answer,) = locate([lon], [lat]).to_pylist()
    assert answer["waters_uncertain"]
    assert words in answer["source"]


@pytest.mark.parametrize(("lon", "lat"), [(130.6, 39.5), (135.5, 42.3), (20.5, 59.2)])
def test_waters_beside_are_answered_as_before(lon: float, lat: float) -> None:
    (answer,) = locate([lon], [lat]).to_pylist()
    assert "agreed" not in answer["source"]
