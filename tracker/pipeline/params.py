"""All parameters of a run in one record; the sections of the TOML configuration are its fields."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tracker.cargo.panel import CargoParams
from tracker.cleaning.hulls import HullParams
from tracker.detectors.encounters import EncounterParams
from tracker.engine.params import ScanParams
from tracker.errors import ParameterError
from tracker.params import Params, read_toml


class RunParams(Params):
    """Parameters of a run; with the inputs and the version they make the run's id."""

    scan: ScanParams = ScanParams()
    hulls: HullParams = HullParams()
    encounters: EncounterParams = EncounterParams()
    cargo: CargoParams = CargoParams()


def load_config(path: Path | None, values: Sequence[str] = (), /) -> tuple[RunParams, dict[str, str]]:
    """Read a TOML configuration and single values (``encounters.judge.likely=0.85``), which win over it.

    Returns
    -------
    params : RunParams
    columns : the ``[columns]`` section, for tables of unknown layout: our name -> the name in the file

    Raises
    ------
    ParameterError
        When a name is unknown or a value is out of range.
    """
    config: dict[str, Any] = {} if path is None else read_toml(path)
    columns = config.pop("columns", {})
    if not isinstance(columns, dict) or not all(isinstance(value, str) for value in columns.values()):
        raise ParameterError(f"[columns] in {path} must map our column names to the file's, as text.")
    for value in values:
        name, equals, text = value.partition("=")
        if not equals:
            raise ParameterError(f"{value!r} is not NAME=VALUE, such as encounters.judge.likely=0.85.")
        *sections, leaf = name.strip().split(".")
        place = config
        for section in sections:
            place = place.setdefault(section, {})
            if not isinstance(place, dict):
                raise ParameterError(f"{name!r}: {section!r} is a value, not a section.")
        place[leaf] = text.strip()
    return RunParams.of(config), columns
