"""Which port a destination names, as crews type it: a UN/LOCODE (``CN NGB``, ``KRPUS>JPTYO``), or the name of a port.

What names no listed port exactly (``FOR ORDERS``, ``S.KOREA``, ``OFFSHORE``) names none here: nothing is guessed.
"""

import re
from functools import cache

from tracker.zones.ports import read_ports

LOCODE = re.compile(r"([A-Z]{2})[ -]?([A-Z0-9]{3})")


def ports_said(destination: str, /) -> list[int]:
    """Rows of the packaged ports that a destination can mean; empty when it names none.

    Of a way (``KRPUS>JPTYO``) the last place counts. A name that several ports bear gives them all.
    """
    text = " ".join(destination.upper().replace("=", "").split(">")[-1].split())
    code = LOCODE.fullmatch(text)
    by_code, by_name = _ports()
    return by_code.get("".join(code.groups()), []) if code and text not in by_name else by_name.get(text, [])


@cache
def _ports() -> tuple[dict[str, list[int]], dict[str, list[int]]]:
    ports = read_ports()
    by_code: dict[str, list[int]] = {}
    by_name: dict[str, list[int]] = {}
    for row, (name, code) in enumerate(zip(ports.name.tolist(), ports.locode.tolist(), strict=True)):
        by_name.setdefault(" ".join(name.upper().split()), []).append(row)
        if code:
            by_code.setdefault(code.upper().replace(" ", ""), []).append(row)
    return by_code, by_name
