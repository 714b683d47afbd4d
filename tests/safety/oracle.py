"""An independent judge of what a browser would do with a page: reads it as browsers do, and names everything active in it."""

from __future__ import annotations

import re
from typing import Any

from bleach._vendor import html5lib

HTML = "{http://www.w3.org/1999/xhtml}"
CALM = set(
    "html head body a abbr article b blockquote br caption cite code col colgroup dd del details dfn div dl dt em figcaption figure "
    "footer h1 h2 h3 h4 h5 h6 header hr i img ins kbd li mark ol p pre q s samp section small span strong sub summary sup table "
    "tbody td tfoot th thead tr u ul var main".split()
)
STYLE = re.compile(r"url|position|expression|import|behaviou?r|[\\<>&]|-\s*\d{2}", re.IGNORECASE)
FORMULA = re.compile(r"\\(href|style|class|cssId|require|unicode|html\w+|csname|mmlToken)\b|\\raise\s*\d{3}")


def read(page: str) -> Any:
    return html5lib.parse(page, treebuilder="etree", namespaceHTMLElements=True)


def find(tree: Any, key: str, value: str) -> Any:
    return next(element for element in tree.iter() if isinstance(element.tag, str) and element.get(key) == value)


def active(tree: Any, fields: bool = False, taken: frozenset[str] = frozenset()) -> list[str]:
    """What could run, load, post or cover something. With `fields`, nbgrader's own fields and buttons are expected."""
    found = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue  # a comment
        tag = element.tag.removeprefix(HTML)
        box = tag == "input" and element.get("type") == "checkbox" and "disabled" in element.attrib
        own = fields and tag in ("input", "button", "textarea") and _own(element)
        if tag not in CALM and not box and not own:
            found.append(f"<{tag}>")
        for key, value in element.attrib.items():
            bare = re.sub(r"[\x00-\x20]", "", value).lower()
            if key.startswith("on") or key in ("srcdoc", "srcset", "formaction", "action", "ping", "background", "target"):
                found.append(f"{key}={value}")
            if key == "href" and (not re.match(r"https?://|mailto:|#", bare) or re.search("formgrader|%66|localhost|127", bare)):
                found.append(f"href={value}")
            if key == "src" and not re.match(r"data:image/(png|jpeg|gif);base64,", bare) and not re.fullmatch(r"[\w-]+\.png", bare):
                found.append(f"src={value}")
            if key == "style" and STYLE.search(value) and not own:
                found.append(f"style={value}")
            if not own and (key.startswith("data-") or (key == "id" and value in taken)):
                found.append(f"{key}={value}")
            if not own and key == "class" and {"score", "nbgrader_cell", "tabbable", "comment"} & set(value.split()) and not fields:
                found.append(f"class={value}")
    return found + FORMULA.findall(_typeset(tree))


def _own(element: Any) -> bool:
    names = set((element.get("class") or "").split())
    return bool(names & {"btn", "score", "extra-credit", "comment"})


def _typeset(tree: Any) -> str:
    """The text in which MathJax looks for formulas."""
    parts, todo = [], [tree]
    while todo:
        item = todo.pop()
        if isinstance(item, str):
            parts.append(item)
            continue
        todo.append(item.tail or "")
        if isinstance(item.tag, str) and item.tag.removeprefix(HTML) not in ("code", "pre"):
            todo += [*reversed(list(item)), item.text or ""]
    return "".join(parts)


def written(tree: Any) -> str:
    """A page as text, to compare it with another."""
    return html5lib.serialize(tree, tree="etree", omit_optional_tags=False, quote_attr_values="always")
