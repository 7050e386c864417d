"""Parameters: frozen records whose every default has a unit, a range and a source.

One declaration feeds Python, the TOML file, the command line and the documentation. Unknown names are
refused, because a silently ignored threshold is worse than a crash.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from pydantic.fields import FieldInfo

from tracker.errors import ParameterError


class Params(BaseModel):
    """Base of all parameter records: frozen, closed to unknown names, checked against its ranges."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True, allow_inf_nan=False)

    @classmethod
    def of(cls, values: Mapping[str, object], /) -> Self:
        """Build from plain values.

        Raises
        ------
        ParameterError
            When a name is unknown or a value is outside its range; the first fault is named.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            faults = error.errors()
            first = faults[0]
            where = ".".join(str(part) for part in first["loc"]) or cls.__name__
            known = ", ".join(cls.model_fields)
            raise ParameterError(
                f"{len(faults)} parameter(s) of {cls.__name__} refused; first: {where}: {first['msg']}.\n"
                f"Known: {known}."
            ) from error


def param(
    default: Any,
    meaning: str,
    /,
    *,
    source: str,
    gt: float | None = None,
    ge: float | None = None,
    lt: float | None = None,
    le: float | None = None,
) -> Any:
    """Declare one parameter: default, meaning (the unit stands in the field's name), range and source."""
    return Field(default, description=meaning, gt=gt, ge=ge, lt=lt, le=le, json_schema_extra={"source": source})


def source_of(field: FieldInfo, /) -> str:
    """Where the default of a field comes from."""
    extra = field.json_schema_extra
    return str(extra["source"]) if isinstance(extra, dict) and "source" in extra else ""


def read_toml(path: Path, /) -> dict[str, Any]:
    """Read a TOML configuration file; a missing or malformed file is a `ParameterError` naming it."""
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ParameterError(f"Cannot read the configuration {path}: {error.strerror}.") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ParameterError(f"The configuration {path} is not valid TOML: {error}.") from error
