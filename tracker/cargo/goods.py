"""Goods that ships bring out of the DPRK, by name, with the HS code under which resolutions speak of them."""

HS_OF = {
    "coal": "2701",
    "sand": "2505",
    "iron": "72",
    "iron_ore": "2601",
    "ore": "2601",
    "lead": "78",
    "copper": "74",
    "zinc": "79",
    "nickel": "75",
    "seafood": "03",
    "textiles": "50",
    "timber": "44",
    "machinery": "84",
    "magnesite": "2519",
}
"""Harmonised System chapter or heading (cargo-and-law.md, section 3)."""
OTHER_GOODS = "dry_unspecified"
"""Cargo of a dry-cargo ship of which nothing more is known: no oil, and no HS code."""
NOT_OIL = frozenset({*HS_OF, OTHER_GOODS})
