"""Text from the radio made safe to show, and JSON made safe inside a page.

Ship names are whatever someone keyed into a transponder: tags, quotes, control characters, marks that turn the
reading direction. Control and direction marks become U+FFFD, so that a name cannot disguise itself and the
reader sees that something was there; the rest is left as sent, because the page only ever sets it as text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from tracker.tables.coded import coded
from tracker.tables.digits import number_texts

# C0 and C1 controls; U+061C, U+200E/F, U+202A-E and U+2066-9 steer the reading direction; U+FEFF and U+200B-D
# are invisible; lone surrogates cannot be written as UTF-8.
_SIGNS = r"\x00-\x1f\x7f-\x9f" + "\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff"
_MISLEADING = re.compile(f"[{_SIGNS}\ud800-\udfff]")
SHORT: Final = 10_000
"""Numbers below which arrays are written together, sooner than one by one."""
_NOT_PLAIN = rf"[{_SIGNS}]|^[\s\pZ]|[\s\pZ]$"


def plain_text(text: str, /) -> str:
    """The text with control, direction and invisible marks shown as U+FFFD, whitespace ends removed."""
    return _MISLEADING.sub("\ufffd", text.strip())


def plain_texts(texts: Any, /) -> Any:
    """`plain_text` of a column of texts (Arrow), none of them null."""
    is_odd = pc.match_substring_regex(texts, _NOT_PLAIN)
    odd = [plain_text(text) for text in texts.filter(is_odd).to_pylist()]
    return pc.replace_with_mask(texts, is_odd, pa.array(odd, pa.string())) if odd else texts


def script_json(value: Any, /) -> str:
    """Compact ASCII JSON that cannot leave a ``<script>`` element; NaN and infinities are refused.

    Arrow arrays of numbers, or of lists of whole numbers, are written as lists: floats with the digits that they have,
    whole ones without a point, and null where nothing is known.

    Source: the HTML standard, 4.12.1.3 (restrictions for contents of script elements).
    """
    return "".join(script_parts(value))


def script_parts(value: Any, /) -> Iterator[str]:
    """`script_json` in pieces."""
    return _parts(value, iter(_written([array for array in _arrays(value) if _is_short(array)])))


def _parts(value: Any, short: Iterator[str]) -> Iterator[str]:
    """Pieces, and what its short arrays look like, in order."""
    if isinstance(value, Mapping):
        for number, (key, inner) in enumerate(value.items()):
            yield f"{',' if number else '{'}{_safe(key)}:"
            yield from _parts(inner, short)
        yield "}" if value else "{}"
    elif isinstance(value, list) and value and isinstance(value[0], Mapping | pa.Array):
        for number, inner in enumerate(value):
            yield "," if number else "["
            yield from _parts(inner, short)
        yield "]"
    elif isinstance(value, pa.Array):
        yield next(short) if _is_short(value) else _list(_number_texts(value))
    else:
        yield _safe(value)


def _arrays(value: Any) -> Iterator[Any]:
    """Arrow arrays in the order of writing."""
    if isinstance(value, pa.Array):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _arrays(inner)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping | pa.Array):
        for inner in value:
            yield from _arrays(inner)


def _is_short(array: Any) -> bool:
    return len(array) < SHORT and pa.types.is_integer(array.type) and not array.null_count


def _written(arrays: list[Any]) -> list[str]:
    """Arrays of whole numbers, all written at once."""
    if not arrays:
        return []
    ends = np.cumsum([0, *map(len, arrays)])
    numbers = np.concatenate([array.to_numpy() for array in arrays])
    texts: list[str] = _number_texts(
        pa.ListArray.from_arrays(pa.array(ends, pa.int32()), pa.array(numbers))
    ).to_pylist()
    return texts


def _safe(value: Any) -> str:
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _number_texts(values: Any) -> Any:
    if pa.types.is_list(values.type):
        inside = pc.binary_join(pa.ListArray.from_arrays(values.offsets, _number_texts(values.values)), ",")
        listed = pc.binary_join_element_wise("[", inside, "]", "")
        return pc.if_else(values.is_valid(), listed, "null") if values.null_count else listed
    if pa.types.is_floating(values.type):
        texts = number_texts(values.to_numpy(zero_copy_only=False), point=False)
    else:
        different, codes = coded(values)
        texts = different.cast(pa.string())
        texts = texts if codes is None else texts.take(codes)
    return pc.fill_null(texts, "null") if texts.null_count else texts


def _list(texts: Any) -> str:
    whole = pc.binary_join(pa.ListArray.from_arrays(pa.array([0, len(texts)], pa.int32()), texts), ",")
    return f"[{whole[0].as_py()}]"
