"""Cargo: how many tonnes a meeting could have moved, and how many barrels that is, with honest ranges."""
