"""HTML and Markdown that a stranger wrote, made harmless for a reader's page.

What is harmless (:mod:`.grammar`) is kept byte for byte, which is quick. What is not is built anew from what a
parser finds in it, and the result has to be harmless; what was left out is named in its place. So safety rests on the grammar,
not on the parser. Markdown is judged by the HTML that it becomes.
"""

from __future__ import annotations

import html
import re
from collections.abc import Collection
from html.parser import HTMLParser
from typing import Any

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from dlkit.grading.pages.grammar import CHECKBOX, COMMAND, DEEPEST, HIDDEN, PICTURE, PLAIN, VOID, allowed, harmless

LIMIT = 200_000  # characters of HTML that has to be built anew, addresses of pictures left out
MOST_TAGS = 4_000
MOST_NOTES = 20
SOURCE_LIMIT = 30_000  # of Markdown, in the same way
SHOWN_LIMIT = 100_000
PANDAS = re.compile(r"<style scoped>\s*(?:\.dataframe [\w :>-]{1,60}\{[^{}<>]*\}\s*){1,9}</style>\n?")
FAR = re.compile(r"[(\\]|position|-\s*\d{2}|\d{3}", re.IGNORECASE)  # of a style: loads something, or covers another thing
TEXT_LIMIT = 100_000
ESCAPE = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_]|[ -/]+[0-~])")
CUT = re.compile(r"\n\[cut here: \d{1,12} more signs\]")
COLOUR = re.compile(r"\x1b\[[\d;]*m")
CONTROL = re.compile(r"[\x00-\x07\x0b\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069]")

UNWRAPPED = frozenset(  # tags of HTML that are left out without a word
    "acronym address aside bdi bdo big center data font hgroup legend main meter nav nobr optgroup output picture progress "
    "rp rt ruby search strike time tt wbr".split()
)
DROPPED = {  # left out with all that they hold, and what they are called
    **dict.fromkeys(("script", "noscript", "template"), "a script"), "style": "a style sheet", "svg": "a drawing (SVG)",
    **dict.fromkeys(("iframe", "object", "embed", "applet", "frameset", "noframes", "noembed"), "an embedded page"),
    **dict.fromkeys(("textarea", "select", "button", "dialog"), "a form"), "math": "a formula (MathML)",
    **dict.fromkeys(("audio", "video", "canvas", "map"), "a recording or an animation"), "title": "a title",
    **dict.fromkeys(("xmp", "plaintext", "listing"), "an embedded text"),
}  # fmt: skip
REMOVED = {  # only the tag is left out
    **dict.fromkeys(("form", "input", "label", "fieldset", "option", "keygen", "isindex"), "a form"),
    **dict.fromkeys(("link", "meta", "base", "html", "head", "body", "frame", "portal", "slot"), "a part of another page"),
    **dict.fromkeys(("image", "source", "track", "param", "bgsound"), "a picture from elsewhere"),
}  # fmt: skip

class _Anew(HTMLParser):
    """Writes down what of some HTML is allowed."""

    def __init__(self, reserved: Collection[str]) -> None:
        super().__init__(convert_charrefs=True)
        self.reserved = reserved
        self.out: list[str] = []
        self.open: list[str] = []
        self.removed: list[str] = []
        self.dropping: list[str] = []

    def without(self, what: str) -> None:
        self.removed.append(what)
        if len(self.removed) <= MOST_NOTES:
            self.out.append(f"<em>[{what} was removed here]</em>")

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.append(tag)
        elif tag in DROPPED:
            self.without(DROPPED[tag])
            if tag not in ("embed", "plaintext"):
                self.dropping.append(tag)
        elif tag == "input" and CHECKBOX.fullmatch(self.get_starttag_text() or ""):
            self.out.append(self.get_starttag_text() or "")
        elif tag in PLAIN and len(self.open) < DEEPEST:
            self._start(tag, attrs)
        elif tag in REMOVED:
            self.without(REMOVED[tag])
        elif tag not in PLAIN | UNWRAPPED:  # "a list of <x>" holds no tag of HTML
            self.handle_data(self.get_starttag_text() or "")

    def _start(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        kept: dict[str, str] = {}
        for key, value in attrs:
            value = value or ""
            if key == "style":
                value = self._style(tag, value)
            elif key in ("src", "href"):
                value = re.sub(r"[\x00-\x20]", "", value) if key == "src" and value.startswith("data:") else value.strip()
            if allowed(tag, key, value) and not (key == "id" and value in self.reserved):
                kept.setdefault(key, value)
            else:
                self._without_attribute(key, value)
        written = (f' {key}="{html.escape(HIDDEN.sub("", value))}"' for key, value in kept.items() if value or key != "style")
        self.out.append(f"<{tag}{''.join(written)}>")
        if tag not in VOID:
            self.open.append(tag)

    def _style(self, tag: str, value: str) -> str:
        parts = [part.strip() for part in value.split(";") if part.strip()]
        good = [part for part in parts if allowed(tag, "style", part)]
        if any(FAR.search(part) for part in parts if part not in good):
            self.without("a style")
        return "; ".join(good)

    def _without_attribute(self, key: str, value: str) -> None:
        if key.startswith("on"):
            self.without("a script")
        elif key in ("href", "xlink:href", "action", "formaction", "srcdoc", "ping", "background"):
            scheme = re.sub(r"[\x00-\x20]", "", value).partition(":")[0].lower()
            self.without("a link that runs a script" if scheme in ("javascript", "vbscript", "data") else "a link")
        elif key in ("src", "srcset", "poster", "data"):
            self.without("a picture from elsewhere")
        elif key == "id" and value in self.reserved:
            self.without("a name that the page itself uses")

    def handle_endtag(self, tag: str) -> None:
        if self.dropping:
            if tag == self.dropping[-1]:
                self.dropping.pop()
        elif tag in self.open:
            while True:
                last = self.open.pop()
                self.out.append(f"</{last}>")
                if last == tag:
                    break

    def handle_data(self, data: str) -> None:
        if self.dropping:
            return
        if HIDDEN.search(data):
            self.removed.append("signs that cannot be seen")
            data = HIDDEN.sub("", data)
        if not {"code", "pre"} & set(self.open):
            plain = COMMAND.sub("", data)
            if plain != data:
                self.removed.append("a formula that does more than show")
                data = plain
        self.out.append(html.escape(data, quote=False))

    def result(self) -> str:
        self.close()
        self.out += [f"</{tag}>" for tag in reversed(self.open)]
        return "".join(self.out)


def clean_html(markup: str, reserved: Collection[str] = (), limit: int = LIMIT) -> tuple[str, list[str]]:
    """HTML without what could run, load, post, or pass for a part of the page; and what was taken out, in words.

    >>> clean_html('<p onclick="steal()">good <script>bad()</script></p>')
    ('<em>[a script was removed here]</em><p>good <em>[a script was removed here]</em></p>', ['a script', 'a script'])
    """
    if harmless(markup, reserved):
        return markup, []
    if _length(markup) > limit or markup.count("<") > MOST_TAGS:
        return "<p><em>[a very long page was removed here]</em></p>", ["a very long page"]
    removed: list[str] = []
    text = PANDAS.sub("", markup)  # the style that it gives its tables is not missed
    if text != markup and harmless(text, reserved):
        return text, removed
    for _ in range(4):  # once is enough, unless the text of one tag and the next make a formula
        parser = _Anew(reserved)
        try:
            parser.feed(text)
            text = parser.result()
        except (AssertionError, RecursionError, ValueError):
            break
        removed += parser.removed
        if harmless(text, reserved):
            return text, removed
    return f"<pre>{_spelled(markup)}</pre>", [*removed, "HTML that could not be read"]


def clean(markup: str) -> str:
    """The first half of :func:`clean_html`, for templates."""
    return clean_html(markup)[0]


def render(source: str, attachments: Any = None) -> str:
    """Markdown as nbconvert renders it, in the formgrader and in feedback."""
    renderer = IPythonRenderer(escape=False, attachments=attachments or {}, anchor_link_text="\u00b6")
    return MarkdownWithMath(renderer=renderer).render(source)


SIMPLE = re.compile(r"[^<&\[\\:@#\x00-\x08\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]*")
NAMED = re.compile(r"```|~~~|^[ \t]*(?:=+|-+)[ \t]*$", re.MULTILINE)  # a language, or a heading that becomes a name
SET_APART = re.compile(r"<(code|pre)\b.*?</\1>|\$\$?.*?\$\$?", re.DOTALL)  # code and formulas
LOOSE = re.compile(r"&lt;[A-Za-z/!?]")  # no tag for this reader of Markdown, but perhaps for another
BLANK = re.compile(r"(?:[ \t]*\r?\n)+")


def clean_markdown(
    source: str, attachments: Any = None, reserved: Collection[str] = (), limit: int = SOURCE_LIMIT
) -> tuple[str, list[str]]:  # fmt: skip
    """Markdown that becomes harmless HTML, and what was taken out of it, in words. Harmless Markdown is left as it is.

    >>> clean_markdown("*Good*, since $a < b$.")
    ('*Good*, since $a < b$.', [])
    >>> clean_markdown("[x](javascript:bad())")[1]
    ['a link that runs a script']
    """
    if len(source) <= limit and SIMPLE.fullmatch(source) and not NAMED.search(source):
        return source, []
    if SPELLED.fullmatch(source):
        return source, []
    if _length(source) > limit:
        return f"<pre>{_spelled(source)}</pre>", ["the layout of a very long text"]
    try:
        rendered = render(source, attachments)
    except Exception:
        return f"<pre>{_spelled(source)}</pre>", ["the layout of a text that is not Markdown"]
    cleaned, removed = clean_html(rendered, reserved)
    clear = rendered.strip() == source.strip() or not LOOSE.search(SET_APART.sub("", rendered))
    if cleaned == rendered and clear:
        return source, []
    block = "<div>" + BLANK.sub("\n", cleaned).strip() + "\n</div>"
    if render(block).strip() == block and harmless(block, reserved):
        return block, removed
    return f"<pre>{_spelled(source)}</pre>", removed or ["HTML that could not be read"]


SPELLED = re.compile(r"<pre>(?:[A-Za-z0-9 .,]|&#\d+;)*</pre>")


def _spelled(text: str) -> str:
    """A text in which no sign means anything to HTML, Markdown or MathJax, in one line."""
    text = text if len(text) <= SHOWN_LIMIT else text[:SHOWN_LIMIT] + " [cut here]"
    return re.sub(r"[^A-Za-z0-9 .,]", lambda sign: f"&#{ord(sign[0])};", HIDDEN.sub("", text))


def _length(text: str) -> int:
    return len(text) - sum(map(len, PICTURE.findall(text)))


def visible(text: Any, limit: int = TEXT_LIMIT) -> str:
    """A text for a page or a terminal: colours are kept, what moves the cursor or the reader is not, and it has an end.

    >>> visible("\\x1b[31mred\\x1b[0m \\x1b]8;;http://x\\x07link \\u202eabc")
    '\\x1b[31mred\\x1b[0m link \\\\u202eabc'
    """
    text = "".join(map(str, text)) if isinstance(text, list) else str(text)
    if len(text) > limit and not CUT.fullmatch(text, limit):
        text = f"{text[:limit]}\n[cut here: {len(text) - limit} more signs]"
    if not CONTROL.search(text):
        return text
    text = ESCAPE.sub(lambda found: found[0] if COLOUR.fullmatch(found[0]) else "", text)
    parts = re.split(f"({COLOUR.pattern})", text)
    parts[::2] = [CONTROL.sub(lambda sign: f"\\u{ord(sign[0]):04x}" if sign[0] > "\xff" else "", part) for part in parts[::2]]
    return "".join(parts)
