"""What a ship's type says about moving cargo from hull to hull.

Codes are those of ITU-R M.1371-5, table 53; the first digit of 20 and above is the kind of ship.
"""

CARRIES = "carrier"
SERVES = "service craft"
FISHES = "fishing vessel"
LEISURE = "leisure or passenger craft"
UNKNOWN = "unknown type"


def is_tanker(ship_type: int | None, /) -> bool:
    """80 to 89."""
    return ship_type is not None and 80 <= ship_type <= 89


def role_of(ship_type: int | None, /) -> str:
    """Give the part a ship of this type can play in a transfer of cargo."""
    if ship_type is None:
        return UNKNOWN
    if 70 <= ship_type <= 89:
        return CARRIES
    if ship_type == 30:
        return FISHES
    if ship_type in {36, 37} or 40 <= ship_type <= 49 or 60 <= ship_type <= 69 or 20 <= ship_type <= 29:
        return LEISURE
    if ship_type in {31, 32, 33, 34, 35} or 50 <= ship_type <= 58:
        return SERVES
    return UNKNOWN


def is_tow(ship_type: int | None, /) -> bool:
    """Towing (31, 32) and tugs (52)."""
    return ship_type in {31, 32, 52}
