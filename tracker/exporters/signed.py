"""Texts, and which signs stand in them: one look at all bytes says which of the rules for writing can be left out."""

from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from tracker.exporters.cells import FORMULA_STARTS, UNSEEN, drop_unseen, json_text, safe_text

_SEEN_BY_JSON: Final = f"[{UNSEEN}<]"
_SEEN_BY_TABLES: Final = f"[{UNSEEN}]|^[{''.join(FORMULA_STARTS).replace('-', '')}-]"
"""Texts that must be looked at one by one: in all others no sign has to be escaped by its number, or taken away."""
_PLAIN: Final = b" !#$%&'()*./0123456789:>?ABCDEFGHIJKLMNOPQRSTUVWXYZ[]^_`abcdefghijklmnopqrstuvwxyz{|}~"
"""Signs that are written as they are, wherever they stand."""
_MARKED: Final = frozenset(b'"\\,;<=+-@')
"""Signs that one rule or another is about; all others, control signs and what is not ASCII, may be unseen."""


class Signed:
    """An array of texts (Arrow), nulls among them or not."""

    def __init__(self, texts: Any, /) -> None:
        self.texts = texts

    @cached_property
    def _signs(self) -> set[int]:
        """Bytes that are not plain."""
        _, ends, content = self.texts.buffers()
        if content is None:
            return set()
        begin, end = np.frombuffer(ends, np.int32)[[self.texts.offset, self.texts.offset + len(self.texts)]].tolist()
        return set(memoryview(content)[begin:end].tobytes().translate(None, _PLAIN))

    def _has(self, signs: bytes) -> bool:
        return not self._signs.isdisjoint(signs)

    @property
    def _may_be_unseen(self) -> bool:
        return not self._signs <= _MARKED

    def json(self) -> Any:
        """What JSON has between the quotes of each; as `tracker.exporters.cells.json_text`."""
        escaped = self.replaced("\\", "\\\\").replaced('"', '\\"')
        if not self._may_be_unseen and not self._has(b"<"):
            return escaped.texts
        return self._each(lambda text: json_text(text)[1:-1], escaped, seen=_SEEN_BY_JSON).texts

    def safe(self) -> "Signed":
        """Each as `tracker.exporters.cells.safe_text` gives it; this object where none changes."""
        if not self._may_be_unseen and not self._has(b"=+-@"):
            return self
        return self._each(safe_text, self, seen=_SEEN_BY_TABLES)

    def shown(self) -> "Signed":
        """Each as `tracker.exporters.cells.drop_unseen` gives it; this object where none changes."""
        return self._each(drop_unseen, self, seen=f"[{UNSEEN}]") if self._may_be_unseen else self

    def replaced(self, sign: str, other: str) -> "Signed":
        """With another text in place of a sign."""
        return Signed(pc.replace_substring(self.texts, sign, other)) if self._has(sign.encode()) else self

    def needs_quotes(self) -> npt.NDArray[np.bool_]:
        """Which cells of CSV stand in quotes: RFC 4180, section 2; a text that was made safe has no line break."""
        if not self._has(b',"'):
            return np.zeros(len(self.texts), bool)
        found = pc.match_substring_regex(self.texts, '[,"]').fill_null(False)
        return np.asarray(found.to_numpy(zero_copy_only=False), bool)

    def doubled(self) -> Any:
        """As between the quotes of a cell of CSV."""
        return self.replaced('"', '""').texts

    def quoted(self) -> Any:
        """As cells of CSV."""
        needs = self.needs_quotes()
        if not needs.any():
            return self.texts
        quoted = pc.binary_join_element_wise('"', self.doubled(), '"', "")
        return pc.if_else(pa.array(needs), quoted, self.texts)

    def _each(self, one: Any, others: "Signed", *, seen: str) -> "Signed":
        """``others``, and in place of the texts that have something ``seen`` what ``one`` makes of each."""
        is_seen = pc.match_substring_regex(self.texts, seen).fill_null(False)
        odd = [one(text) for text in self.texts.filter(is_seen).to_pylist()]
        if not odd:
            return others
        return Signed(pc.replace_with_mask(others.texts, is_seen, pa.array(odd, pa.string())))
