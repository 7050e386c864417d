"""One file that opens with no network: scripts and styles inlined, and a check that nothing can be fetched.

Leaflet comes from the package ``xstatic-leaflet``; our own scripts and styles lie in ``assets/``. The check reads
the finished page as a browser would (attributes, style sheets, scripts) and refuses anything that names a resource
to load, absolute or relative. Links in ``<a href>``, comments, namespaces and ``data:`` are not fetched.
"""

import re
from html.parser import HTMLParser
from importlib import resources

from tracker.errors import DataFileError, TrackerError

_SOURCE_MAP = re.compile(r"(//[#@]\s*sourceMappingURL=[^\n]*|/\*[#@]\s*sourceMappingURL=.*?\*/)")
_CSS_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_CSS_URL = re.compile(r"url\(\s*['\"]?(?!data:|#)[^)]*\)", re.IGNORECASE)
_CSS_IMPORT = re.compile(r"@import\b", re.IGNORECASE)
_JS_COMMENT = re.compile(r"/\*.*?\*/|(?<![:\\'\"])//[^\n]*", re.DOTALL)
_JS_FETCH = re.compile(
    r"\bfetch\s*\(|\bimport\s*\(|^\s*import\s+[\w{*'\"]|\bimportScripts\b|\bXMLHttpRequest\b|\bnew\s+(?:Shared)?Worker\b"
    r"|\bWebSocket\b|\bEventSource\b|\bsendBeacon\b|sourceMappingURL",
    re.MULTILINE,
)
_JS_WORDS = (
    "fetch",
    "import",
    "XMLHttpRequest",
    "Worker",
    "WebSocket",
    "EventSource",
    "sendBeacon",
    "sourceMappingURL",
)
"""One of them is in everything that `_JS_FETCH` finds."""
# Attributes that make a browser load something, whatever the element.
_LOADING = frozenset({"src", "srcset", "poster", "background", "action", "formaction", "data", "manifest", "ping"})

POLICY = "default-src 'none'; script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:"
"""Content security policy of the page: even a fault of ours could not reach the network."""


def leaflet_script() -> str:
    """Leaflet's script, ready to inline."""
    return without_source_maps(_read("xstatic.pkg.leaflet", "data", "leaflet.js"))


def leaflet_style() -> str:
    """Leaflet's style sheet without its pictures, which this project does not use."""
    return _CSS_URL.sub("none", _CSS_COMMENT.sub("", _read("xstatic.pkg.leaflet", "data", "leaflet.css")))


def own_assets(suffix: str, /) -> str:
    """Our scripts (``.js``) or styles (``.css``) or page frame (``.html``), joined in order of file name."""
    folder = resources.files("tracker.views") / "assets"
    names = sorted(item.name for item in folder.iterdir() if item.name.endswith(suffix))
    if not names:
        raise DataFileError(f"No *{suffix} file in tracker/views/assets: the installation is incomplete; reinstall.")
    return "\n".join(_read("tracker.views", "assets", name).strip() for name in names) + "\n"


def without_source_maps(text: str, /) -> str:
    """The text without comments that point at source maps."""
    return _SOURCE_MAP.sub("", text)


def _read(package: str, *parts: str) -> str:
    place = resources.files(package).joinpath(*parts)
    try:
        return place.read_text(encoding="utf-8")
    except OSError as error:
        raise DataFileError(f"Cannot read {'/'.join(parts)} of package {package}: {error}; reinstall it.") from error


def check_self_contained(page: str, /) -> None:
    """Refuse a page that would fetch anything.

    Raises
    ------
    TrackerError
        Says how many places, and shows the first.
    """
    found = fetchable(page)
    if found:
        raise TrackerError(
            f"The page is not self-contained: {len(found)} place(s) would load something; first: {found[0]}.\n"
            "This is a fault of the writer (or of a newer folium); nothing was written."
        )


def fetchable(page: str, /) -> list[str]:
    """Every place of an HTML page from which a browser would load something."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    return reader.found


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.found: list[str] = []
        self._inside = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            text = value or ""
            loads = name in _LOADING or (name in {"href", "xlink:href"} and tag not in {"a", "area"})
            if loads and not text.startswith(("data:", "#")):
                self.found.append(f'<{tag} {name}="{text[:80]}">')
            if name == "style":
                self._check_style(text)
            if name.startswith("on"):
                self._check_script(text)
        values = dict(attrs)
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "refresh":
            self.found.append("<meta http-equiv=refresh>")
        if tag in {"iframe", "object", "embed", "base", "frame"}:
            self.found.append(f"<{tag}>")
        if tag == "script":
            self._inside = "data" if (values.get("type") or "").endswith("json") else "script"
        elif tag == "style":
            self._inside = "style"

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self._inside = ""

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "style":
            self._check_style(data)
        elif self._inside == "script":
            self._check_script(data)

    def _check_style(self, text: str) -> None:
        bare = _CSS_COMMENT.sub("", text)
        self.found += [
            f"style {m.group(0)[:80]}" for pattern in (_CSS_URL, _CSS_IMPORT) for m in pattern.finditer(bare)
        ]

    def _check_script(self, text: str) -> None:
        if not any(word in text for word in _JS_WORDS):
            return
        if "sourceMappingURL" in text:
            self.found.append("script sourceMappingURL")
        self.found += [f"script {m.group(0).strip()[:80]}" for m in _JS_FETCH.finditer(_JS_COMMENT.sub("", text))]
