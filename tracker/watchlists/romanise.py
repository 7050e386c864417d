"""Names in other scripts written with Latin letters, so that lists and AIS, which has none but Latin, can be compared.

Hangul and kana by the names that Unicode gives their syllables, Cyrillic and Greek by letter (by its looks where a word
mixes scripts), Chinese by a table of characters that are common in ship names (``data/identity/hanzi.csv``: pinyin
without tones). What no table knows stays as it is and matches only itself. Romanisations differ (KUM and GEUM, RI and
LEE): similarity bears one letter in a long name, no more.
"""

import csv
import re
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

GREEK = dict(zip("ΑΒΓΔΕΖΗΙΚΛΜΝΞΟΠΡΣΤΥΦΩ", "AVGDEZIIKLMNXOPRSTYFO", strict=True)) | {"Θ": "TH", "Χ": "CH", "Ψ": "PS"}
LOOKS = dict(zip("АВЕКМНОРСТУХІЅЈΑΒΕΖΗΙΚΜΝΟΡΤΥΧ", "ABEKMHOPCTYXISJABEZHIKMNOPTYX", strict=True))
"""Cyrillic and Greek capitals that look like a Latin one."""
PLAIN = {"Đ": "D", "Ð": "D", "Ø": "O", "Ł": "L", "Æ": "AE", "Œ": "OE", "Þ": "TH"}
"""Latin letters that Unicode does not take apart."""


def romanise(text: str, /) -> str:
    """Text in capitals with the letters of other scripts replaced by Latin ones where a table knows them."""
    if text.isascii():
        return text.upper()
    words = re.split(r"(\s+)", unicodedata.normalize("NFC", text).upper())
    return "".join(_latin(letter) for word in map(_as_it_looks, words) for letter in word)


def _as_it_looks(word: str) -> str:
    """A word that mixes Latin letters with others that look like Latin ones is meant to be read by its looks."""
    if word.isascii() or not any(letter.isascii() and letter.isalpha() for letter in word):
        return word
    return "".join(LOOKS.get(letter, letter) for letter in word)


def _latin(letter: str) -> str:
    if letter.isascii():
        return letter
    if letter in CYRILLIC:
        return CYRILLIC[letter].replace("_", "")
    if (plain := unicodedata.normalize("NFD", letter)[0]) in GREEK:
        return GREEK[plain]
    if letter in PLAIN:
        return PLAIN[letter]
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
