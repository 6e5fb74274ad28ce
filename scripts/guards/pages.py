"Notebooks as lists of cells: which are exported, which the site shows, what they print."
import ast
import json
import re
import subprocess
from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

root = Path(__file__).resolve().parents[2]

_directive = re.compile(r'#\s*\|\s*(.*)')
_magic = re.compile(r'^(\s*)[%!].*$', re.MULTILINE)
_hidden = {'hide', 'hide_input', 'default_exp'}
_hidden_lines = ('echo: false', 'include: false')


@dataclass
class Cell:
    "One cell of a notebook"
    kind: str  # 'code' or 'markdown'
    source: str  # Text, with its directives
    number: int = 0  # Place on its page, from 0
    outputs: list = field(default_factory=list)  # As stored in the notebook

    @cached_property
    def directives(self):
        "What stands behind `#|`, one string a line"
        if self.kind != 'code': return []
        matches = (_directive.match(line) for line in self.source.splitlines())
        return [match[1].strip() for match in matches if match]

    @cached_property
    def exported(self):
        "Does it go into the module?"
        return any(re.match(r'exports?i?\b', directive) for directive in self.directives)

    @cached_property
    def shown(self):
        "Is it code that the site shows as it stands?"
        if self.kind != 'code' or self.exported: return False
        return not any(
            directive.split(' ')[0] in _hidden or directive.startswith(_hidden_lines)
            for directive in self.directives)

    @cached_property
    def lines(self):
        "(row from 1, text) of the lines that are neither blank nor a directive"
        numbered = enumerate(self.source.splitlines(), 1)
        return [
            (row, text) for row, text in numbered
            if text.strip() and not _directive.match(text)]

    @cached_property
    def python(self):
        "The source without lines of IPython's magic"
        return _magic.sub(r'\1pass', self.source)

    @cached_property
    def tree(self):
        "Its syntax tree; an empty one where it is no Python"
        try: return ast.parse(self.python if self.kind == 'code' else '')
        except SyntaxError: return ast.parse('')

    @cached_property
    def nodes(self):
        "All nodes of its syntax tree"
        return list(ast.walk(self.tree))


@dataclass
class Page:
    "One notebook"
    stem: str  # File stem: the name under which its numbers are kept
    cells: list

    @cached_property
    def module(self):
        "Name of the module that it exports, or None"
        names = [directive.split() for cell in self.cells for directive in cell.directives]
        return next((words[1] for words in names if words[0:1] == ['default_exp']), None)

    @property
    def exported(self): return [cell for cell in self.cells if cell.exported]


def parse_page(content, stem):
    "The text of a notebook file as a Page"
    def text(value): return value if isinstance(value, str) else ''.join(value)
    cells = [
        Cell(cell['cell_type'], text(cell['source']), number, cell.get('outputs', []))
        for number, cell in enumerate(json.loads(content)['cells'])]
    return Page(stem, cells)


@cache
def committed_page(stem):
    "A notebook as it is in git's last commit; one without cells where it is not there"
    command = ['git', 'ls-tree', '-r', '--name-only', 'HEAD', '--', 'nbs']
    listing = subprocess.run(command, cwd=root, capture_output=True, text=True).stdout
    path = next((path for path in listing.splitlines() if Path(path).name == f'{stem}.ipynb'), None)
    if path is None: return Page(stem, [])
    result = subprocess.run(['git', 'show', f'HEAD:{path}'], cwd=root, capture_output=True)
    return parse_page(result.stdout.decode('utf-8'), stem)


def read_pages(folder=root/'nbs'):
    "All notebooks below a folder, by name; two with one stem are an error"
    paths = [p for p in sorted(folder.rglob('*.ipynb')) if '.ipynb_checkpoints' not in p.parts]
    stems = [path.stem for path in paths]
    if twice := sorted({stem for stem in stems if stems.count(stem) > 1}):
        raise ValueError(f'two notebooks are called {", ".join(twice)}: numbers are kept by name')
    return [parse_page(path.read_text(encoding='utf-8'), path.stem) for path in paths]


@dataclass(frozen=True)
class Finding:
    "One thing that a measure counts"
    measure: str  # Such as 'lines over 100 columns'
    stem: str  # Stem of the notebook, or path of the file from the repository's root
    where: str  # Cell and line, or line
    text: str  # What is there

    def __str__(self): return f'{self.stem} {self.where}: {self.measure}: {self.text}'
