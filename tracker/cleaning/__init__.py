"""Cleaning: row-local checks at ingest; hulls and outliers at detection."""
