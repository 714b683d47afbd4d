from __future__ import annotations

import importlib.util
import re
import sys
import time
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dlkit.grading.pages.grammar import harmless
from dlkit.grading.pages.markup import clean, clean_html, clean_markdown, render


def _load(name):
    spec = importlib.util.spec_from_file_location(f"safety_{name}", Path(__file__).with_name(f"{name}.py"))
    module = importlib.util.module_from_spec(spec)
    sys.modules.setdefault(spec.name, module)
    spec.loader.exec_module(module)
    return module


payloads, oracle = _load("payloads"), _load("oracle")
TAKEN = frozenset({"unit1-why"})
CALM = {  # harmless if they are left alone; what is made of them has to be harmless too
    "script behind a conditional comment", "script in CDATA", "picture never closed",
    "title with a tag", "attribute never closed", "half a tag", "wide signs", "text turned around",
    "md picture with html beside", "md attachment that is not there", "md html by entities in html",
}  # fmt: skip


def test_the_table_is_long_and_bites():
    assert len(payloads.ALL) >= 120
    calm = {name for name, text in payloads.ALL.items()
            if not any(oracle.active(oracle.read(page), taken=TAKEN) for page in (text, render_or_text(text)))}  # fmt: skip
    assert calm == CALM


def before(name):
    text = re.sub(r"<!--.*?-->|<!\[CDATA\[.*?\]\]>", "", payloads.ALL[name])
    return render_or_text(text)


def render_or_text(text):
    try:
        return render(text)
    except Exception:
        return text


@pytest.mark.parametrize("name", payloads.ALL)
def test_nothing_active_is_left_of_html(name):
    text, removed = clean_html(payloads.ALL[name], TAKEN)
    assert harmless(text, TAKEN)
    assert not oracle.active(oracle.read(f"<body><div>{text}</div>"), taken=TAKEN), text
    assert clean_html(text, TAKEN) == (text, [])
    assert removed or "&lt;" in text or text == payloads.ALL[name] or "<!" in payloads.ALL[name]


@pytest.mark.parametrize("name", payloads.ALL)
def test_nothing_active_is_left_of_markdown(name):
    source, removed = clean_markdown(payloads.ALL[name], None, TAKEN)
    page = render(source)
    assert harmless(page, TAKEN)
    assert not oracle.active(oracle.read(f"<body><div>{page}</div>"), taken=TAKEN), page
    assert removed or "&lt;" in page or not oracle.active(oracle.read(f"<body><div>{before(name)}</div>"), taken=TAKEN)
    assert clean_markdown(source, None, TAKEN) == (source, [])


HONEST = [
    "*Because* both sides double, the area is $4$ times as large: $A = s^2$, so $s < t$ gives $s^2 < t^2$.",
    "1. first\n2. second\n\n   - a\n   - b\n\n> quoted\n\n---\n\n| a | b |\n|:-:|--:|\n| 1 | 2 |",
    "## My answer\n\nSee [the paper](https://example.org/a?b=1&c=2#d), https://example.org and [above](#My-answer).",
    "Use `a < b`, `<b>` and\n\n```python\nif a < b: print('<script>')\n```\n\n    <i>indented</i> & more",
    "$$\\begin{aligned} a &= b \\\\ c &< d \\end{aligned}$$ and \\begin{equation}\\frac{a}{b}\\end{equation}",
    "<details><summary>More</summary>\n\nhidden **text**\n\n</details>",
    '<p style="color: #0072B2; text-align: center"><b>bold</b> <sub>1</sub></p>',
    "- [ ] open\n- [x] done\n\n~~gone~~ and x_1 * y_2 & a\\_b; 100 % <3",
    "![mine](figure.png) and ![embedded](data:image/png;base64,iVBORw0KGgo=)",
    "Der Gradient verschwindet f\u00fcr gro\u00dfe $|x|$ \u2013 \u043f\u043e\u0447\u0435\u043c\u0443? \u05e9\u05dc\u05d5\u05dd",
    "a\r\nb\r\n\r\nc \u200b \ufeff d",
    "Mail <someone@example.org> or <https://example.org>.",
]


@pytest.mark.parametrize("source", HONEST, ids=range(len(HONEST)))
def test_honest_markdown_is_left_as_it_is(source):
    assert clean_markdown(source, None, TAKEN) == (source, [])


@pytest.mark.parametrize(("source", "shown"), [
    ("A `list` of <int> is List<int>", "A <code>list</code> of &lt;int&gt; is List&lt;int&gt;"),
    ("<center>x</center>", "<div>x"),
    ("<font color='red'>x</font> <b>y", "<p>x <b>y</b></p>"),
    ("if a <c or c> d", "if a &lt;c or c&gt; d"),
])  # fmt: skip
def test_odd_but_honest_markdown_still_shows_its_text_and_alarms_nobody(source, shown):
    cleaned, removed = clean_markdown(source, None, TAKEN)
    assert shown in render(cleaned) and not removed


def test_what_was_removed_is_named_in_its_place():
    source, removed = clean_markdown("Before <script>x</script> after, [here](javascript:x).")
    assert removed == ["a script", "a link that runs a script"]
    page = render(source)
    assert page.index("Before") < page.index("[a script was removed here]") < page.index("after") < page.index("here</a>")


def test_formulas_survive_beside_a_script():
    page = render(clean_markdown("<script>x</script>\n\nThen $x_1 * y_2 * z$ and $$\\frac{a}{b}$$ hold.")[0])
    assert "$x_1 * y_2 * z$" in page and "$$\\frac{a}{b}$$" in page


@pytest.mark.parametrize("address", [
    "https://example.org/", "http://a.b.example/x?y=z&v=w#u", "mailto:a@example.org", "#here", "https://\u00e4.example.org/",
])  # fmt: skip
def test_ordinary_addresses_stay(address):
    assert clean(f'<a href="{address}">x</a>') == f'<a href="{address}">x</a>'


@pytest.mark.parametrize("address", [
    "http://localhost/", "http://127.0.0.1:8888/tree", "http://[::1]/", "http://2130706433/", "http://0x7f.0.0.1/", "//example.org",
    "http://user@localhost:8888/", "http://LOCALHOST./", "http://a.localhost/", "http://\uff4cocalhost.example/", "http://1.2.3.4/",
    "https://example.org/%2566ormgrader?path=x", "https://hub.example.org/hub/user-redirect/git-pull?repo=x", "ftp://example.org/",
    "http:\\\\example.org", "https:example.org", "x.html", "/x", "file:///etc/passwd", "chrome://settings", "https://%6c.example.org/",
])  # fmt: skip
def test_addresses_of_this_machine_and_of_a_server_go(address):
    assert clean(f'<a href="{address}">x</a>').endswith("<a>x</a>")


@pytest.mark.parametrize("unit", ["<", "<a ", '<a "', "<a '", "<!--", "<![CDATA[", "<?", "</", "<p><", "&lt;", "<svg>", "[", "](", "`", "*a_", "$", "> ",
                                  "\\(", "![a](", "<b>", "- ", "|", "<script>", '<p style="a:', "aaaaaaa-", "\\begin{a}"])  # fmt: skip
def test_long_hostile_texts_take_no_time(unit):
    text = unit * (30_000 // len(unit))
    for work in (clean_html, clean_markdown):
        begin = time.process_time()
        work(text)
        assert time.process_time() - begin < 8


def test_styles_and_classes_take_no_time():
    begin = time.process_time()
    for value in ("color: " + "a" * 5000 + "!", "color: " + "a-" * 3000 + "(", "font: " + "1px, " * 3000 + "!"):
        assert not harmless(f'<p style="{value}">x</p>')
    assert not harmless(f'<p class="{"ab " * 4000}!">x</p>') and not harmless(f'<p class="{"a" * 9000}!">x</p>')
    assert time.process_time() - begin < 5


PIECES = ["<", ">", "</", "/>", "script", "img", "svg", "p", "a", "b", "table", "style", "math", "title", " ", "\n", "\n\n", "=", '"', "'",
          "`", "src", "href", "onerror", "x", "javascript:", "window.ran=1", "&lt;", "&#60;", "&quot;", "<!--", "-->", "![", "[", "](", ")", "$", "\\",
          "href{", "\\href", "id", "unit1-why", "#", "> ", "- ", "    ", "\x00", "\u202e", "<div>", "</div>", "<p>", "<code>", "```", "|", "https://a.org"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=25).map("".join))
def test_anything_made_of_such_pieces_is_calm(text):
    for page in (clean_html(text, TAKEN)[0], render(clean_markdown(text, None, TAKEN)[0])):
        assert harmless(page, TAKEN)
        assert not oracle.active(oracle.read(f"<body><div>{page}</div>"), taken=TAKEN)
