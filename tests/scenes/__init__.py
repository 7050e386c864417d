"""Scenes: small fleets for tests, told in hours and metres, with the truth beside them.

::

    scene = Scene(place=PLACES["antimeridian"], every_min=10)
    donor, receiver = scene.transfer(meets_h=8, hours=3, gap_m=4)
    fixes, statics, truth = scene.fixes(), scene.statics(), scene.truth()

A scene is a window of time (`hours` from `start`) at a place; every verb puts hulls into it and returns them. Times are
hours from the start of the scene. Positions are those of antennas, with correlated GPS noise; hulls are rectangles with
antennas off the middle. The same seed gives the same reports, and a ship's reports do not depend on the other ships.
"""

from tests.scenes.gap import hull_gap_m
from tests.scenes.ground import PLACES
from tests.scenes.likenesses import Likenesses
from tests.scenes.meetings import Meetings

__all__ = ["PLACES", "Scene", "hull_gap_m"]


class Scene(Meetings, Likenesses):
    """A stretch of sea and time; verbs put ships into it."""
