"""Who else was at a place: bounds by cell never contradict the exact answer, and that is the one of plain distances."""

from dataclasses import replace

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.detectors.listening import Listener
from tracker.detectors.hearing import Hearing
from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.geo.kernels import distance_m, wrap_deg
from tracker.pipeline.company import Company
from tracker.units import METRES_PER_NAUTICAL_MILE

PARAMS = SpoofingParams()


def heard(lon: list[float], lat: list[float], mmsi: list[int]) -> Hearing:
    """Ships heard once in successive hours."""
    return replace(
        Listener().hearing(),
        hour=np.arange(len(mmsi)),
        mmsi=np.array(mmsi, np.int64),
        lon=wrap_deg(np.array(lon, np.float64)),
        lat=np.array(lat, np.float64),
        reports=np.ones(len(mmsi), np.int64),
    )


@settings(max_examples=60, deadline=None)
@given(data=st.data(), lon0=st.sampled_from([-180.0, 0.0, 120.0]), lat0=st.sampled_from([-60.0, 0.0, 33.0, 75.0, 89.0]))
def test_company_is_who_was_within_the_distance_by_any_hour(data: st.DataObject, lon0: float, lat0: float) -> None:
    count = data.draw(st.integers(1, 12))
    off = st.lists(st.floats(-0.2, 0.2), min_size=count, max_size=count)
    lon = [lon0 + one for one in data.draw(off)]
    lat = [lat0 + one for one in data.draw(off)]
    hearing = heard(lon, lat, data.draw(st.lists(st.integers(1, 4), min_size=count, max_size=count)))
    company = Company(hearing, np.arange(count), params=PARAMS)
    place = np.array([lon0 + data.draw(st.floats(-0.2, 0.2))]), np.array([lat0 + data.draw(st.floats(-0.2, 0.2))])
    place = wrap_deg(place[0]), place[1]
    away_nm = distance_m(*place, hearing.lon, hearing.lat) / METRES_PER_NAUTICAL_MILE
    for own in (1, 9):
        near = {
            radius: set(hearing.mmsi[(away_nm <= radius) & (hearing.mmsi != own)].tolist())
            for radius in (PARAMS.land_company_nm, PARAMS.land_around_nm)
        }
        assert company.is_alone(own, *place) == (not near[PARAMS.land_company_nm])
        assert company.around(own, *place) == len(near[PARAMS.land_around_nm])
        if company.is_met(np.array([own]), *place)[0]:
            assert near[PARAMS.land_company_nm]
