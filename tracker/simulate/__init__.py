"""Simulation: AIS whose truth is known, and the measure of what was found in it.

`simulate` writes a scenario; `tracker.simulate.evaluate` scores events against its truth.
"""

from tracker.simulate.scenario import SCENARIOS, Scenario, Simulated, simulate

__all__ = ["SCENARIOS", "Scenario", "Simulated", "simulate"]
