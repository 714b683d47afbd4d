"""Names that strangers choose: of students, of files, of people in a table. What a reader sees is what is there."""

from __future__ import annotations

import os
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path, PurePath
from typing import Any

from dlkit.grading.handed_in.reading import readable

LONGEST = 120
MARKUP = '<>"&`{}'
SHOWN_SAFELY = frozenset(  # a browser shows these as text or pictures, or saves them
    ".txt .csv .tsv .md .json .py .r .jl .npz .npy .pt .pth .pkl .dat .bin .log .toml .yaml .yml .ini .cfg .tex .bib .png .jpg "
    ".jpeg .gif .pdf .zip .gz .bz2 .xz .parquet .h5 .hdf5".split()
)
CONFIGURATION = re.compile(  # read by Python or Jupyter where it lies
    r"(nbgrader|jupyter\w*|ipython|ipykernel)_config\.\w+|(sitecustomize|usercustomize|conftest)\.py|.*\.pth", re.IGNORECASE
)
FORMULA = tuple("=+-@|%\uff1d\uff0b\uff0d\uff20")
LETTERS = str.maketrans(  # Cyrillic and Greek letters that look like Latin ones
    "\u0430\u0435\u043e\u0440\u0441\u0443\u0445\u0456\u0458\u0455\u04bb\u0501\u051b\u051d\u0432\u043d\u043a\u043c\u0442"
    "\u03b1\u03bf\u03c1\u03bd\u03b9\u03ba\u03c5\u03c7\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7"
    "\u0410\u0412\u0415\u041a\u041c\u041d\u041e\u0420\u0421\u0422\u0425\u0406\u0131\u01c3",
    "aeopcyxijshdqwbhkmtaopvikuxABEZHIKMNOPTYXABEKMHOPCTXIi!",
)


def student_problem(name: str) -> str | None:
    """Why a folder's name cannot be the name of a student, if there is a reason; pages and commands use it as it is.

    >>> student_problem("Zo\u00eb o'Hara, 2"), student_problem('a"b')
    (None, '< > " & ` { } mean something in a page')
    """
    if set(MARKUP) & set(name):
        return f"{' '.join(MARKUP)} mean something in a page"
    if any(not sign.isprintable() or unicodedata.category(sign) in ("Cf", "Cs", "Co") for sign in name) or name.strip() != name:
        return "it has signs that cannot be seen"
    if len(name.encode("utf-8", "replace")) > LONGEST:
        return f"it is longer than {LONGEST} bytes"
    if name.startswith(("-", ".")):
        return "it begins with a dot" if name.startswith(".") else "it begins with a dash"
    if re.search(r"[^\W\d_]", name) and max(_marks(name), default=0) > 3:
        return "its letters carry more marks than any language has"
    return None


def _marks(name: str) -> Iterable[int]:
    """How many combining marks follow each other."""
    return (len(found) for found in re.findall("m+", "".join("m" if unicodedata.combining(sign) else "." for sign in name)))


def look_alikes(names: Iterable[str]) -> list[tuple[str, str]]:
    """Pairs of names that a reader could take for each other.

    >>> look_alikes(["anna", "\u0430nna", "Anna", "bob"])
    [('Anna', 'anna'), ('Anna', '\u0430nna')]
    """
    first: dict[str, str] = {}
    pairs = []
    for name in sorted(names):
        plain = unicodedata.normalize("NFKC", name.translate(LETTERS)).casefold().translate(LETTERS)
        plain = re.sub(r"[\s_.-]+", " ", plain.replace("0", "o").replace("1", "l").replace("rn", "m"))
        if plain in first:
            pairs.append((first[plain], name))
        first.setdefault(plain, name)
    return pairs


def person(text: str) -> str:
    """The name or address of a person as the gradebook may have it: nbgrader's pages and tables print it as it is.

    >>> person("O'Hara, Jr."), person("<b>Eve</b>"), person("=1+1")
    ("O'Hara, Jr.", '\u2039b\u203aEve\u2039/b\u203a', '1+1')
    """
    text = unicodedata.normalize("NFC", text).translate(str.maketrans('<>"', "\u2039\u203a\u201d"))
    text = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(text.lstrip("".join(FORMULA) + " \t").split())[:200]


def harmless(value: Any) -> Any:
    """Keep a spreadsheet from taking a text, or what it makes of a part of it, for a formula.

    >>> harmless("=1+1"), harmless("plain"), harmless(-1.5), harmless("a;=1+1")
    ("'=1+1", 'plain', -1.5, "a;'=1+1")
    """
    if not isinstance(value, str):
        return value
    value = "".join(sign if sign.isprintable() or sign in "\t\n" else " " for sign in value)
    value = re.sub(rf"([;\t\n\"]\s*)(?=[{re.escape(''.join(FORMULA))}])", r"\1'", value)
    return "'" + value if value.lstrip().startswith(FORMULA) or value[:1] in ("\t", "\n") else value


def served(path: PurePath) -> PurePath:
    """Under which name a file that a student handed in lies in ``autograded/``: the formgrader's server gives it to browsers.

    >>> served(PurePath("data/x.csv")).name, served(PurePath("page.html")).name, served(PurePath("nbgrader_config.py")).name
    ('x.csv', 'page.html.txt', 'nbgrader_config.py.txt')
    """
    suffix = path.suffix.lower()
    if suffix == ".ipynb" or (suffix in SHOWN_SAFELY and not CONFIGURATION.fullmatch(path.name)):
        return path
    return path.with_name(f"{path.name[:200]}.txt")


def tidy(folder: Path) -> list[str]:
    """Give the files in a folder the names of :func:`served`, and remove links; returns what was done, in words."""
    done = []
    for path in sorted(folder.rglob("*"), reverse=True):
        shown = readable(str(path.relative_to(folder)))
        if path.is_symlink():
            path.unlink()
            done.append(f"{shown} is a link: left out")
        elif path.is_file() and served(path) != path:
            os.replace(path, served(path))
            done.append(f"{shown} is kept with .txt at its end: a browser or Jupyter would run it")
    return done


def tidy_autograded(assignment: str, student: str, notebooks: Iterable[str]) -> None:
    """Nbgrader's hook after ``nbgrader autograde``: :func:`tidy` the folders that it has just written."""
    for folder in {Path(os.path.abspath(notebook)).parent for notebook in notebooks}:
        written = folder.parents[2] / "autograded" / folder.parent.name / folder.name
        if written.is_dir():
            tidy(written)
