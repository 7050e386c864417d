"""A finished page as PDF, by WeasyPrint (the extra ``report``): the same words and figures, paged for A4.

WeasyPrint draws a figure apart from its page: the page's styles do not reach into it, custom properties are not known
there and ``paint-order`` neither. So each figure gets the resolved rules of figures as a style of its own.
"""

import hashlib
import re

from tracker.errors import UsageError
from tracker.views.page import check_self_contained

_VARIABLE = re.compile(r"(--[\w-]+)\s*:\s*([^;}]+)")
_USE = re.compile(r"var\((--[\w-]+)\)")
_HALO = re.compile(r"(?<![\w-])(stroke|stroke-width|paint-order)\s*:[^;]*;?")
_RULE = re.compile(r"([^{}]+)\{([^{}]*)\}")
_PAGED = (
    "<style>.facts{display:block} .facts div{display:inline-block;width:30%;margin:0 2% 8px 0;vertical-align:top}"
    "nav{display:none} body{font-family:'DejaVu Sans',sans-serif;font-size:9.5pt;max-width:none;padding:0}"
    "details pre{columns:3;font-size:6.5pt} h1{bookmark-level:1} h2{bookmark-level:2}"
    "@page{@bottom-right{content:counter(page) ' / ' counter(pages);font-size:8pt;color:#50606e}}</style></head>"
)


def pdf_of(text: str, /) -> bytes:
    """The page as PDF; the same page gives the same bytes.

    Raises
    ------
    UsageError
        When WeasyPrint is not installed, or the libraries it needs are not.
    TrackerError
        When the page names anything that would be fetched.
    """
    try:
        import weasyprint
    except (ImportError, OSError) as error:
        raise UsageError(
            f"PDF needs WeasyPrint ({str(error).splitlines()[0]}): pip install 'tracker[report]', and Debian's "
            "libpango-1.0-0 and libpangoft2-1.0-0. Or write .html and print it: the page is laid out for A4."
        ) from None
    check_self_contained(text)
    identifier = hashlib.sha256(text.encode()).digest()[:16]
    page = weasyprint.HTML(
        string=styled_figures(text).replace("</head>", _PAGED, 1),
        url_fetcher=weasyprint.URLFetcher(allowed_protocols=["data"]),
    )
    content: bytes = page.write_pdf(pdf_identifier=identifier)
    return content


def styled_figures(text: str, /) -> str:
    """The page with the rules of figures inside every figure, their custom properties resolved."""
    head = text.partition("</style>")[0].partition("<style>")[2]
    variables = dict(_VARIABLE.findall(head))
    _, _, rules = head.partition("/* figures */")
    told = []
    for selector, body in _RULE.findall(rules.partition("@page")[0]):
        has_halo = "paint-order" in body or selector.strip().startswith("text.")  # it would hide its own letters
        plain = _HALO.sub("", body) if has_halo else body
        told.append(selector.strip() + "{" + _USE.sub(lambda match: variables.get(match[1], "#000"), plain) + "}")
    told.append("text.ship1,text.ship2{stroke:none}")
    style = f"<style>{''.join(told)}</style>"
    return re.sub(r"(<svg\b[^>]*>)", lambda match: match[1] + style, text)
