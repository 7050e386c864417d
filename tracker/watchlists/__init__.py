"""Watchlists and registries: reading them whatever their layout, and finding ships on them."""
