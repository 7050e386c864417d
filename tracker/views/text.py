"""Text from the radio made safe to show, and JSON made safe inside a page.

Ship names are whatever someone keyed into a transponder: tags, quotes, control characters, marks that turn the
reading direction. Control and direction marks become U+FFFD, so that a name cannot disguise itself and the
reader sees that something was there; the rest is left as sent, because the page only ever sets it as text.
"""

import json
import re
from typing import Any

# C0 and C1 controls; U+061C, U+200E/F, U+202A-E and U+2066-9 steer the reading direction; U+FEFF and U+200B-D
# are invisible; lone surrogates cannot be written as UTF-8.
_MISLEADING = re.compile("[\x00-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff]")


def plain_text(text: str, /) -> str:
    """The text with control, direction and invisible marks shown as U+FFFD, whitespace ends removed."""
    return _MISLEADING.sub("\ufffd", text.strip())


def script_json(value: Any, /) -> str:
    """Compact ASCII JSON that cannot leave a ``<script>`` element; NaN and infinities are refused.

    Source: the HTML standard, 4.12.1.3 (restrictions for contents of script elements).
    """
    text = json.dumps(value, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")
