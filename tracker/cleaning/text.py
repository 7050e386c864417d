"""Text off the radio, made harmless and tidy: no control or direction marks, no padding, bounded length.

AIS pads six-bit text with '@'; hostile stations put markup, formulas and right-to-left marks into names. Markup and
formulas are dealt with where they are written; what cannot be seen is dealt with here.
"""

import re
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Unicode classes Cc and Cf (controls, bidirectional marks, zero-width), separators of lines
INVISIBLE = r"[\x{0}-\x{1F}\x{7F}-\x{9F}\x{AD}\x{61C}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{2069}\x{FEFF}\x{FFF9}-\x{FFFD}]"
MAX_CHARACTERS = 120


def tidy(column: Any, /) -> Any:
    """Clean a string column (vectorised); what is left empty becomes null."""
    text = pc.replace_substring_regex(column, pattern=INVISIBLE, replacement=" ")
    text = pc.replace_substring_regex(text, pattern="@.*$", replacement="")
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, pattern=r"\s+", replacement=" "))
    text = pc.utf8_slice_codeunits(text, 0, MAX_CHARACTERS)
    return pc.if_else(pc.equal(pc.utf8_length(text), 0), pa.scalar(None, pa.string()), text)


def excerpt(text: str, /) -> str:
    """At most 200 characters of a rejected row, controls removed."""
    return re.sub(r"[\x00-\x1f\x7f-\x9f]+", " ", text)[:200]
