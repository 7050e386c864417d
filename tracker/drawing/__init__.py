"""Figures for print: one description, written as SVG and as PNG."""
