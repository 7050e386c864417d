"""Simulation: AIS whose truth is known, and the measure of what was found in it."""
