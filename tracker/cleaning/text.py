"""Text off the radio, made harmless and tidy: no control or direction marks, no padding, bounded length.

AIS pads six-bit text with '@', which ends it; hostile stations put markup, formulas and right-to-left marks into names.
Markup and formulas are dealt with where they are written; what cannot be seen is dealt with here.
"""

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

# Unicode classes Cc and Cf (controls, bidirectional marks, zero-width, tags), separators of lines, the mark of damage
INVISIBLE = (
    r"[\x{0}-\x{1F}\x{7F}-\x{9F}\x{AD}\x{61C}\x{180E}\x{200B}-\x{200F}\x{2028}-\x{202E}\x{2060}-\x{206F}"
    r"\x{FE00}-\x{FE0F}\x{FEFF}\x{FFF9}-\x{FFFD}\x{E0000}-\x{E0FFF}]"
)
MAX_CHARACTERS = 120
EXCERPT_CHARACTERS = 200


def tidy(column: Any, /) -> Any:
    """Clean a string column (vectorised); what is left empty becomes null."""
    text = pc.replace_substring_regex(pc.replace_substring_regex(column, INVISIBLE, " "), "@.*$", "")
    text = pc.utf8_trim_whitespace(pc.replace_substring_regex(text, r"[\s\p{Z}]+", " "))
    text = pc.utf8_trim_whitespace(pc.utf8_slice_codeunits(text, 0, MAX_CHARACTERS))
    return pc.if_else(pc.equal(text, ""), pa.scalar(None, pa.string()), text)


def excerpt(column: Any, /) -> Any:
    """The first characters of a string column of rejected text, controls blanked."""
    return pc.utf8_slice_codeunits(pc.replace_substring_regex(column, INVISIBLE, " "), 0, EXCERPT_CHARACTERS)
