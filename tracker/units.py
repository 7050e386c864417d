"""Units of measure: the few exact conversions the project needs, named and sourced.

Numbers carry their unit in their name everywhere else; this is where one unit becomes another.
"""

from typing import Final

METRES_PER_NAUTICAL_MILE: Final = 1852.0
"""Exact: BIPM, SI Brochure (9th ed.), table 8."""

METRES_PER_SECOND_PER_KNOT: Final = METRES_PER_NAUTICAL_MILE / 3600.0
"""One nautical mile an hour."""

LITRES_PER_BARREL: Final = 158.987294928
"""Exact: 42 US gallons of 3.785411784 L (NIST Handbook 44, appendix C)."""

BARRELS_PER_CUBIC_METRE: Final = 1000.0 / LITRES_PER_BARREL
"""6.28981."""

MILLISECONDS_PER_HOUR: Final = 3_600_000
MILLISECONDS_PER_MINUTE: Final = 60_000
MILLISECONDS_PER_DAY: Final = 86_400_000

DEGREE_E7: Final = 10_000_000
"""Stored coordinates are int32 counts of 1e-7 degree (1.1 cm of latitude)."""
