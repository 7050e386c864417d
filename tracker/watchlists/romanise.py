"""Names in other scripts written with Latin letters, so that lists and AIS, which has none but Latin, can be compared.

Hangul and kana by the names that Unicode gives their syllables, Cyrillic by letter, Chinese by a table of characters
that are common in ship names (``data/identity/hanzi.csv``: pinyin without tones). What no table knows stays as it is and
matches only itself. Romanisations differ (KUM and GEUM, RI and LEE): similarity has to bear that.
"""

import csv
import unicodedata
from functools import cache
from importlib.resources import files

CYRILLIC = dict(
    zip(
        "АБВГДЕЁЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯІЇЄҐ",
        [
            "A",
            "B",
            "V",
            "G",
            "D",
            "E",
            "E",
            "ZH",
            "Z",
            "I",
            "I",
            "K",
            "L",
            "M",
            "N",
            "O",
            "P",
            "R",
            "S",
            "T",
            "U",
            "F",
            "KH",
            "TS",
            "CH",
            "SH",
            "SHCH",
            "_",
            "Y",
            "_",
            "E",
            "YU",
            "YA",
            "I",
            "YI",
            "YE",
            "G",
        ],
        strict=True,
    )
)


def romanise(text: str, /) -> str:
    """Text in capitals with the letters of other scripts replaced by Latin ones where a table knows them."""
    if text.isascii():
        return text.upper()
    return "".join(_latin(letter) for letter in unicodedata.normalize("NFC", text).upper())


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in CYRILLIC:
        return CYRILLIC[letter].replace("_", "")
    name = unicodedata.name(letter, "")
    if name.startswith("HANGUL SYLLABLE "):
        return f" {name.rpartition(' ')[2]} "
    if name.startswith(("KATAKANA LETTER ", "HIRAGANA LETTER ")) and "SMALL" not in name:
        return name.rpartition(" ")[2]
    if name.startswith("CJK UNIFIED IDEOGRAPH") or letter == "\u3007":
        return f" {_hanzi().get(letter, letter)} "
    return letter


@cache
def _hanzi() -> dict[str, str]:
    text = files("tracker").joinpath("data/identity/hanzi.csv").read_text(encoding="utf-8")
    return {letter: row["pinyin"] for row in csv.DictReader(text.splitlines()) for letter in row["characters"]}
