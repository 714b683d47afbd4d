"""Which HTML is harmless in a reader's page: what fits a small grammar.

Tags, attributes and addresses are from lists, each attribute stands between double quotes, all tags are closed in order. So a
browser reads the text exactly as we do, and there is nothing in it that runs, loads, posts or passes for a part of the page.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache
from urllib.parse import unquote, urlsplit

DEEPEST = 60

VOID = frozenset({"br", "hr", "img", "col", "input"})
PLAIN = frozenset(
    "a abbr article b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure footer "
    "h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup "
    "table tbody td tfoot th thead tr u ul var".split()
)
NUMBER = r"\d{1,4}(?:\.\d{1,3})?(?:%|px|em)?"
TEXT = r'[^"<>]*'
ADDRESS = re.compile(r"(?:https?://[^\s\"<>\\]+|mailto:[^\s\"<>\\:]+|#[^\s\"<>\\]*)", re.IGNORECASE)
PICTURE = re.compile(r"data:image/(?:png|jpeg|gif);base64,[A-Za-z0-9+/]+={0,2}")
FILE = re.compile(r"(?:[\w-][\w. -]*/)*[\w-][\w. -]*\.(?:png|jpe?g|gif)", re.ASCII | re.IGNORECASE)
SIZE = r"-?(?:\d{1,4}(?:\.\d{1,4})?|\.\d{1,4})(?:px|em|rem|ex|ch|pt|%)?"
PIECE = rf"(?:#[0-9a-f]{{3,8}}|rgba?\([\d., %]+\)|hsla?\([\d., %deg]+\)|[a-z][a-z-]*|{SIZE})"
STYLE_OF = "|".join(
    "color background background-color border(?:-(?:top|right|bottom|left))?(?:-(?:color|style|width))? border-radius "
    "border-collapse border-spacing text-align vertical-align font-weight font-style font-size font-family font "
    "text-decoration line-height white-space padding(?:-(?:top|right|bottom|left))? margin(?:-(?:top|right|bottom|left))? "
    "(?:max-|min-)?(?:width|height) display opacity gap list-style(?:-type)? overflow-x caption-side text-indent".split()
)
DECLARATION = re.compile(rf"\s*(?:{STYLE_OF})\s*:\s*{PIECE}(?:[ ,]+{PIECE})*\s*", re.IGNORECASE)
NEVER = re.compile(  # what lays one thing over another
    r"(?:margin|text-indent)[a-z-]*\s*:[^;]*-[\d.]|vertical-align\s*:[^;]*\d|"
    r"(?:padding|border|margin|font)[a-z-]*\s*:[^;]*(?:\d{3}(?:\.\d*)?(?:px|pt|%)|\d\d(?:\.\d*)?(?:em|rem|ex|ch))",
    re.IGNORECASE,
)
CLASS = (
    r"(?:[a-z]{1,2}\d?|dataframe|highlight|anchor-link|hl-\w{1,20}|language-[\w+#-]{1,30}|task-list-item(?:-checkbox)?|"
    r"contains-task-list|ansi-[a-z0-9-]{1,30}|dlkit-[a-z-]{1,30})"
)
ANYWHERE = {
    "class": re.compile(rf" *{CLASS}(?: +{CLASS})* *", re.ASCII), "title": re.compile(TEXT), "aria-label": re.compile(TEXT),
    "role": re.compile(r"[a-z]{1,20}"), "lang": re.compile(r"[A-Za-z-]{2,12}"), "dir": re.compile(r"ltr|rtl|auto"),
    "align": re.compile(r"[a-z]{1,10}"), "valign": re.compile(r"[a-z]{1,10}"), "aria-hidden": re.compile(r"true|false"),
}  # fmt: skip
CELL = {"scope": re.compile(r"(?:row|col)(?:group)?"), "colspan": re.compile(r"\d{1,3}"), "rowspan": re.compile(r"\d{1,3}"),
        "halign": re.compile(r"[a-z]{1,10}")}  # fmt: skip
SOMEWHERE = {
    **dict.fromkeys(("th", "td"), CELL), **dict.fromkeys(("col", "colgroup"), {"span": re.compile(r"\d{1,3}")}),
    "details": {"open": re.compile("(?:open)?")}, "ol": {"start": re.compile(r"-?\d{1,6}"), "type": re.compile("[1aAiI]")},
    "table": {"border": re.compile(r"\d{1,2}")}, "li": {"value": re.compile(r"\d{1,6}")},
    "img": {"alt": re.compile(TEXT), "width": re.compile(NUMBER), "height": re.compile(NUMBER)},
    **dict.fromkeys(("a", "h1", "h2", "h3", "h4", "h5", "h6"), {"id": re.compile(r"[^\s\"<>]+")}),
}  # fmt: skip
CHECKBOX = re.compile(r'<input class="task-list-item-checkbox" type="checkbox" disabled(?: checked)?/>')
TAG = re.compile(r'<(/?)([a-z][a-z0-9]*)((?:[ \t\r\n]+[a-z-]+(?:="[^"<>]*")?)*)[ \t\r\n]*(/?)>')
ATTRIBUTE = re.compile(r'[ \t\r\n]+([a-z-]+)(?:="([^"<>]*)")?')
COMMAND = re.compile(  # what lets a formula hold an address, a name or a style, or lie over something else
    r"\\+(?=(?:href|url|style|class|cssId|html[A-Za-z]*|data|require|unicode|mmlToken|csname|mathtip|texttip|tooltip|"
    r"includegraphics|enclose|bbox)(?![a-zA-Z])|"
    r"(?:lower|raise|m?kern|[hvm]?skip|[hvm]space|moveleft|moveright|[Rr]ule)\*?[\s\[{]*[-+]?\d{3})"
)
HIDDEN = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")  # and signs that turn text around


def harmless(markup: str, reserved: Collection[str] = ()) -> bool:
    """Whether HTML fits the grammar, uses no name of `reserved` as an id, and has no formula that does more than show.

    >>> harmless("<p>a &lt; b</p>"), harmless("<p>a"), harmless('<p onclick="x()">a</p>'), harmless("<!-- -->")
    (True, False, False, False)
    """
    markup = _without_pictures(markup)
    found, open_tags = 0, []
    for tag in TAG.finditer(markup):
        closing, name, attributes, slash = tag.groups()
        if name not in PLAIN and not CHECKBOX.fullmatch(tag[0]):
            return False
        if attributes and name in PLAIN and (closing or not _attributes_fit(name, attributes, frozenset(reserved))):
            return False
        found += 1
        if name in VOID:
            if closing:
                return False
        elif closing:
            if not open_tags or open_tags.pop() != name:
                return False
        else:
            open_tags.append(name)
            if slash or len(open_tags) > DEEPEST:
                return False
    if open_tags or found != markup.count("<"):
        return False
    return not (HIDDEN.search(markup) or ("\\" in markup or "&" in markup) and COMMAND.search(_typeset(markup)))


BASE64 = bytes(sorted(b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"))
EMBEDDED = re.compile(r'src="data:image/(?:png|jpeg|gif);base64,')


def _without_pictures(markup: str) -> str:
    """The same with a short name for each embedded picture: they are most of a page, and quickly seen to be harmless."""
    parts, position = [], 0
    for start in EMBEDDED.finditer(markup):
        end = markup.find('"', start.end())
        data = markup[start.end() : end].rstrip("=")
        if end > 0 and data.isascii() and not data.encode().translate(None, BASE64):
            parts += [markup[position : start.start()], 'src="x.png"']
            position = end + 1
    return "".join([*parts, markup[position:]]) if parts else markup


CODE = re.compile(r"<(code|pre)\b[^>]*>.*?</\1>", re.DOTALL)


def _typeset(markup: str) -> str:
    """The text in which MathJax looks for formulas."""
    return html.unescape(re.sub(r"<[^>]*>", " ", CODE.sub(" ", markup)))


def _attributes_fit(name: str, attributes: str, reserved: frozenset[str]) -> bool:
    if len(attributes) < 300:
        return _fit(name, attributes, reserved)
    return _fit.__wrapped__(name, attributes, reserved)


@lru_cache(maxsize=4096)
def _fit(name: str, attributes: str, reserved: frozenset[str]) -> bool:
    for key, raw in ATTRIBUTE.findall(attributes):
        value = html.unescape(raw)
        if not allowed(name, key, value) or (key == "id" and value in reserved) or (key == "style" and "&" in raw):
            return False
    return True


def allowed(name: str, key: str, value: str) -> bool:
    """Whether a tag may have this attribute; `value` is what a browser makes of it."""
    if key == "style" and name != "a":
        parts = [part for part in value.split(";") if part.strip()]
        return "&" not in value and not NEVER.search(value) and all(map(DECLARATION.fullmatch, parts))
    if key == "href" and name == "a":
        return _leads_away(value)
    if key == "src" and name == "img":
        return bool(PICTURE.fullmatch(value) or FILE.fullmatch(value))
    pattern = SOMEWHERE.get(name, {}).get(key) or ANYWHERE.get(key)
    if key in ("title", "alt", "aria-label"):
        return True
    return pattern is not None and pattern.fullmatch(value) is not None


def _leads_away(address: str) -> bool:
    """Whether an address is one that may be followed: of the web or mail, and not of this machine or a grading server.

    A plain link to ``/formgrader?path=...`` makes nbgrader run the configuration file that it finds there.
    """
    if not ADDRESS.fullmatch(address):
        return False
    if address.startswith("#") or address[:7].lower() == "mailto:":
        return True
    try:
        host = (urlsplit(address).hostname or "").rstrip(".")
    except ValueError:
        return False
    if "." not in host or unicodedata.normalize("NFKC", host) != host or re.search(r"[%:\u3002]|^[\d.]+$|^0x|\.0x", host):
        return False
    if re.search(r"(^|\.)(localhost|local|internal|localdomain)$", host):
        return False
    return not re.search(r"formgrader|git-pull", unquote(unquote(address)), re.IGNORECASE)
