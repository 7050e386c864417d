"""Detectors: from candidates and raw fixes to events, each step a pure function of tables and parameters."""
