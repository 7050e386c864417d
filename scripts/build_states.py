"""Build ``tracker/data/identity/states.csv`` and ``mids.csv`` from registry packages.

Run by hand: ``python scripts/build_states.py PATH_OF_UNPACKED_iso3166_WHEEL``. States come from PyPI `iso3166`
3.0.0 (MIT), MIDs from PyPI `pyais` (MIT) with 638 South Sudan added.
"""

import csv
import importlib.util
import sys
from pathlib import Path

CORRECTED = {
    608: ("SH", "Ascension Island"),
    618: ("TF", "Crozet Archipelago"),
    635: ("TF", "Kerguelen Islands"),
    740: ("FK", "Falkland Islands (Malvinas)"),
}

HERE = Path(__file__).resolve().parent.parent / "tracker" / "data" / "identity"


def main(unpacked: Path) -> None:
    spec = importlib.util.spec_from_file_location("iso3166", unpacked / "iso3166" / "__init__.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["iso3166"] = module
    spec.loader.exec_module(module)
    alpha3 = {"UK": "GBR"}  # pyais says UK, ISO says GB
    with (HERE / "states.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["alpha2", "alpha3", "name"])
        for country in sorted(module.countries, key=lambda c: c.alpha3):
            alpha3[country.alpha2] = country.alpha3
            out.writerow([country.alpha2, country.alpha3, country.apolitical_name])

    import pyais
    from pyais.constants import COUNTRY_MAPPING

    with (HERE / "mids.csv").open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, lineterminator="\n")
        out.writerow(["mid", "state", "name", "source"])
        rows = {
            int(mid): (code, name, f"pyais {pyais.__version__} constants (MIT)")
            for mid, (code, name) in COUNTRY_MAPPING.items()
        }
        rows[638] = ("SS", "South Sudan", "second public MID table; lacking in pyais")
        for mid, (code, name) in CORRECTED.items():
            rows[mid] = (code, name, "two public MID tables (michaeljfazio/MIDs, schwehr/libais) against pyais")
        for mid, (code, name, source) in sorted(rows.items()):
            out.writerow([mid, alpha3[code], name, source])


if __name__ == "__main__":
    main(Path(sys.argv[1]))
