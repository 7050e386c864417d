"""All parameters of a run in one record; the sections of the TOML configuration are its fields."""

import math
from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from tracker.cargo.panel import CargoParams
from tracker.cleaning.hulls import HullParams
from tracker.detectors.anchorages import AnchorageParams
from tracker.detectors.both_dark import BothDarkParams
from tracker.detectors.coverage import CoverageParams
from tracker.detectors.dark import DarkParams
from tracker.detectors.encounters import EncounterParams
from tracker.detectors.feasible import FeasibleParams
from tracker.detectors.gaps import GapParams
from tracker.detectors.identities import IdentityParams
from tracker.detectors.loitering import LoiteringParams
from tracker.detectors.reception import SilenceParams
from tracker.detectors.sightings import SightingParams
from tracker.detectors.spoofing.falsehood import SpoofingParams
from tracker.detectors.stops import StopParams
from tracker.detectors.waiting import WaitingParams
from tracker.engine.params import ScanParams
from tracker.errors import ParameterError
from tracker.formats.aliases import refuse_unknown_columns
from tracker.params import Params, param, read_toml
from tracker.risk.rules import RiskParams


class AloneParams(Params):
    """Everything that decides about silences, slow spells and meetings of which one side was heard."""

    silences: SilenceParams = SilenceParams()
    gaps: GapParams = GapParams()
    loitering: LoiteringParams = LoiteringParams()
    dark: DarkParams = DarkParams()
    both_dark: BothDarkParams = BothDarkParams()
    identities: IdentityParams = IdentityParams()
    sightings: SightingParams = SightingParams()


class CallParams(Params):
    """Everything that decides about stops and port calls."""

    stops: StopParams = StopParams()
    feasible: FeasibleParams = FeasibleParams()
    waiting: WaitingParams = WaitingParams()
    anchorages: AnchorageParams = AnchorageParams()
    voyage_probability: float = param(
        0.5, "an inferred call less likely than this does not end a voyage", ge=0, le=1, source="more likely than not"
    )


class RunParams(Params):
    """Parameters of a run; with the inputs and the version they make the run's id."""

    scan: ScanParams = ScanParams()
    hulls: HullParams = HullParams()
    spoofing: SpoofingParams = SpoofingParams()
    encounters: EncounterParams = EncounterParams()
    alone: AloneParams = AloneParams()
    calls: CallParams = CallParams()
    coverage: CoverageParams = CoverageParams()
    cargo: CargoParams = CargoParams()
    risk: RiskParams = RiskParams()


def recorded_params(values: Mapping[str, Any], /) -> RunParams:
    """Parameters of a run as its record holds them; names that this version no longer has are passed over.

    A record of an older version must stay readable: what it cannot say any more has this version's default.
    """

    def known(model: type[Params], given: Mapping[str, Any]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for name, field in model.model_fields.items():
            if name in given:
                inner, value = field.annotation, given[name]
                if isinstance(inner, type) and issubclass(inner, Params) and isinstance(value, Mapping):
                    value = known(inner, value)
                kept[name] = value
        return kept

    return RunParams.model_validate(known(RunParams, values))


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
    refuse_unknown_columns(columns)
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
    _refuse_unknown(config, RunParams)
    params = RunParams.of(config)
    for name, number in _numbers(params.model_dump()):
        if not math.isfinite(number):
            raise ParameterError(f"{name} = {number} is not a finite number. Leave it out for its default.")
    return params, columns


def _refuse_unknown(values: Mapping[str, Any], record: type[Params], /, *, above: str = "") -> None:
    """Say which name is unknown, where, and the nearest ones that are known there."""
    for name, value in values.items():
        if name not in record.model_fields:
            near = get_close_matches(name, record.model_fields, n=3, cutoff=0.4) or list(record.model_fields)
            raise ParameterError(
                f"There is no parameter {(above + name) or '(empty)'!r}. Near: {', '.join(above + n for n in near)}."
            )
        kind = record.model_fields[name].annotation
        if isinstance(kind, type) and issubclass(kind, Params) and isinstance(value, Mapping):
            _refuse_unknown(value, kind, above=f"{above}{name}.")


def _numbers(values: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, float]]:
    for name, value in values.items():
        if isinstance(value, Mapping):
            yield from _numbers(value, f"{above}{name}.")
        elif isinstance(value, float):
            yield above + name, value
