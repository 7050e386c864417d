"""Trials: small synthetic fleets, each on its own ground, that stage every kind of meeting and of likeness to one.

They are made to be hard: reports get lost, ships fall silent for half an hour, sizes are missing or wrong, position
error has memory and differs from ship to ship, and each fleet is heard in one way only. Detection is fitted on some
grounds and seeds and measured on others; nothing here knows a parameter of the detectors.
"""
