"""Figures in prose that nothing holds: numbers with a unit, shares and decimals of the documents.

python scripts/figures.py          # those without an origin, with the words around them; exit 1

A figure is held by a number of its page's code or outputs, or by a file (.json, .csv, .md, .jsonl)
that the page names; a share may stand as percent, a size in kB or MB. figures.json names those of
other origin: a definition, a publication, a goal. What is written from a cell (README.md) is not
looked at.
"""

import json
import re
import sys
from functools import cache
from pathlib import Path

root = Path(__file__).resolve().parent.parent
nbs = root / "nbs"
units = r"%|kB|MB|GB|ms|µs|s|seconds?|minutes?|hours?|dB|points?|times"
figure = re.compile(
    rf"(?<![\w.,/#-])(?:(\d[\d,]*(?:\.\d+)?|\.\d+)(?: ?(?:{units})(?![\w/])|(?= ?%))"
    r"|(\d*\.\d+)(?![\w.]| ?k?Hz))"
)
number = re.compile(r"(?<!\w)(?:\d[\d,_]*(?:\.\d+)?|\.\d+)(?:e-?\d+)?")
no_prose = re.compile(
    r"```.*?```|`[^`\n]+`|\]\([^)\s]*\)|<[^>\n]+>|https?://\S+|arXiv:\S+|\$[^$\n]+\$", re.DOTALL
)
file_name = re.compile(r"[\w./-]+\.(?:jsonl?|csv|md)\b")
scales = (1, 100, 1e-3, 1e-6, 1e3)  # shares as percent, bytes as kB and MB, seconds as ms


def value_of(text):
    return float(text.replace(",", "").replace("_", ""))


def numbers_of(text):
    "The numbers in a text"
    return {value_of(match[0]) for match in number.finditer(text)}


@cache
def numbers_of_file(path):
    return numbers_of(path.read_text(encoding="utf-8"))


def cell_texts(path):
    "(prose, code and outputs) of a page"
    if path.suffix != ".ipynb":
        return path.read_text(encoding="utf-8"), ""
    prose, held = [], []
    for cell in json.loads(path.read_text(encoding="utf-8"))["cells"]:
        source = "".join(cell["source"])
        (prose if cell["cell_type"] == "markdown" else held).append(source)
        for output in cell.get("outputs", ()):
            held.append("".join(output.get("text", ())))
            data = output.get("data", {})
            held += ["".join(data[kind]) for kind in data if kind.startswith("text")]
    return "\n".join(prose), "\n".join(held)


def named_files(path, text):
    "Files with numbers that a page names"
    folders = path.parent, root, nbs, nbs / "tutorials", root / "results"
    names = {match for match in file_name.findall(text) if Path(match).name != path.name}
    names |= {Path(name).name for name in names}
    tried = {folder / name for name in names for folder in folders}
    held = {file.resolve() for file in tried if file.is_file()} - {path.resolve()}
    return {file for file in held if {nbs, root / "results"} & set(file.parents)}


def is_held(text, numbers):
    "Whether a number, rounded to the digits of the figure, is the figure"
    digits = len(text.partition(".")[2])
    wanted = value_of(text)
    return any(
        abs(held * scale - wanted) <= 0.501 * 10**-digits for held in numbers for scale in scales
    )


def without_origin(path, known):
    "[(figure, words around it)] of a page"
    prose, held = cell_texts(path)
    numbers = numbers_of(held)
    for file in named_files(path, prose + held):
        numbers |= numbers_of_file(file)
    text = no_prose.sub(lambda match: " " * len(match[0]), prose)
    rows = []
    for match in figure.finditer(text):
        if match[0] in known or is_held(match[1] or match[2], numbers):
            continue
        around = prose[max(0, match.start() - 60) : match.end() + 30]
        rows.append((match[0], " ".join(around.split())))
    return rows


def pages():
    "All documents, by their name below the project"
    paths = [*nbs.rglob("*.ipynb"), *nbs.glob("*.md"), *nbs.glob("*.qmd")]
    paths += [root / name for name in ("CONTRIBUTING.md", "CHANGELOG.md")]
    return {str(path.relative_to(root)): path for path in sorted(paths) if path.name[0] != "_"}


def main():
    others = json.loads((root / "scripts/figures.json").read_text(encoding="utf-8"))
    wrong = 0
    for name, path in pages().items():
        for text, around in without_origin(path, others.get(name, {})):
            print(f"{name}: {text}: ... {around} ...")
            wrong += 1
    if wrong:
        sys.exit(
            f"{wrong} figures without an origin: read them from a file, or name their origin in "
            "scripts/figures.json"
        )
    print("every figure of the documents has an origin")


if __name__ == "__main__":
    main()
