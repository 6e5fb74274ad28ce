"""What nbdev makes of the notebooks for the site.

`python scripts/site_pages.py` makes all pages without Quarto, in memory, and fails at an error, a
warning, or a fault that scripts/site_check.py finds.

Notebooks are not run: stored outputs stay what they are. `module_docs` documents symbols from the
exported module (scripts/site_docs.py), shows the imports and, folded, the hidden cells that
visible code needs, folds checks, gives every figure a text, takes out warnings and bars, and makes
links of the site relative."""

import ast
import builtins
import importlib
import multiprocessing
import os
import re
import symtable
import sys
import textwrap
import warnings
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
import site_docs
from execnb.nbio import mk_cell, read_nb
from execnb.shell import CaptureShell
from fastcore.xtras import obj2dict
from links import slug
from nbdev.processors import FilterDefaults, Processor, _is_showdoc

root = Path(__file__).resolve().parent.parent
nbs = root / 'nbs'
hiding = {'hide', 'default_exp'}
exporting = {'export', 'exporti', 'exports'}
bar = re.compile(
    r'<style>[^<]*progress[^<]*</style>|<div>\s*<progress.*?</div>|<progress.*?</progress>[^<]*',
    re.S,
)
frozen = re.compile(r'(?:\d%\|[ #▏▎▍▌▋▊▉█]*\||\d% \[\d+/\d+).*$', re.M)


# --- what a cell needs and what it defines ---


def python(source):
    "Source without lines of IPython's magic"
    return re.sub(r'^(\s*)[%!].*$', r'\1pass', source, flags=re.M)


def global_names(table):
    "Names that a scope and those inside it look up as globals"
    names = {o.get_name() for o in table.get_symbols() if o.is_global() and o.is_referenced()}
    return names.union(*map(global_names, table.get_children()))


@cache
def names_of(source):
    "(names that a cell needs from cells before it, names that it defines)"
    try:
        tree = ast.parse(python(source))
    except SyntaxError:
        return frozenset(), frozenset()
    table = symtable.symtable(python(source), 'cell', 'exec')
    top = table.get_symbols()
    defined = {o.get_name() for o in top if o.is_assigned() or o.is_imported() or o.is_namespace()}
    defined |= {node.target.id for node in ast.walk(tree) if isinstance(node, ast.NamedExpr)}
    used = {o.get_name() for o in top if o.is_referenced()}.union(
        *map(global_names, table.get_children())
    )
    early = set(first_uses(tree, defined))
    return frozenset(
        (used - defined | early) - set(dir(builtins)) - {'display', 'get_ipython', '__file__'}
    ), frozenset(defined)


def first_uses(tree, defined):
    "Names that a cell assigns but reads before, as in `x = f(x)`"
    known = set()
    for statement in tree.body:
        if isinstance(statement, (ast.Assign, ast.AugAssign, ast.Expr)):
            nodes = list(ast.walk(statement))
            targets = getattr(statement, 'targets', [getattr(statement, 'target', None)])
            assigned = {id(node) for target in targets if target for node in ast.walk(target)}
            inner = {
                node.id
                for node in nodes
                if isinstance(node, ast.Name)
                and isinstance(node.ctx, ast.Store)
                and id(node) not in assigned
            }
            inner |= {node.arg for node in nodes if isinstance(node, ast.arg)}
            read = {
                node.id
                for node in nodes
                if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
            }
            if isinstance(statement, ast.AugAssign):
                read |= {getattr(statement.target, 'id', '')}
            yield from read & defined - known - inner
        known |= names_of_statement(statement)


def names_of_statement(statement):
    "Names that a statement of a cell binds"
    table = symtable.symtable(ast.unparse(statement), 'cell', 'exec')
    bound = [o for o in table.get_symbols() if o.is_assigned() or o.is_imported()]
    bound += [o for o in table.get_symbols() if o.is_namespace()]
    return {o.get_name() for o in bound}


def import_lines(source):
    "{name: the import statement that brings it} of a cell"
    try:
        tree = ast.parse(python(source))
    except SyntaxError:
        return {}
    lines = {}
    for node in ast.walk(tree):
        if not isinstance(node, (ast.Import, ast.ImportFrom)):
            continue
        for alias in node.names:
            name = alias.asname or alias.name.split('.')[0]
            renamed = alias.name + (f' as {alias.asname}' if alias.asname else '')
            if isinstance(node, ast.Import):
                lines[name] = f'import {renamed}'
            elif alias.name == '*':
                lines |= {
                    x: f'from {node.module} import *'
                    for x in vars(importlib.import_module(node.module))
                    if x[0] != '_'
                }
            else:
                lines[name] = f'from {"." * node.level}{node.module or ""} import {renamed}'
    return lines


def is_check(cell):
    "Is it code without outputs that only tests?"
    if cell.outputs:
        return False
    try:
        body = ast.parse(python(cell.source)).body
    except SyntaxError:
        return False

    def tests(node):
        if isinstance(node, ast.Assert):
            return True
        if isinstance(node, (ast.For, ast.With)):
            return all(map(tests, node.body))
        called = getattr(getattr(node, 'value', None), 'func', None)
        return isinstance(node, ast.Expr) and getattr(called, 'id', '').startswith('test_')

    return bool(body) and all(map(tests, body))


@cache
def everyday_names():
    "{name: object} that `from audio_kd.all import *` brings"
    namespace = {}
    exec('from audio_kd.all import *', namespace)
    return namespace


@cache
def brought(line, name):
    "What an import statement binds a name to"
    namespace = {}
    exec(line, namespace)
    return namespace[name]


# --- one page ---


def is_seen(cell):
    "Code that stands on the page, not only its outputs"
    if cell.cell_type != 'code' or 'show_doc(' in cell.source:
        return False
    if {*hiding, *exporting} & cell.directives_.keys():
        return False
    return ['false'] not in (cell.directives_.get('include:'), cell.directives_.get('echo:'))


class Needs:
    """What the visible code of a page needs of what is hidden: `opened`, positions of hidden cells;
    `lines`, {name: import statement}; `missing`, {name: position of the cell that reads it}"""

    def __init__(self, cells, module):
        self.cells = cells
        self.imports = {}
        self.exports = {}
        self.opened = []
        self.lines = {}
        self.missing = {}
        for cell in cells:
            if cell.cell_type == 'code':
                self.register(cell, module)
        for i, cell in enumerate(cells):
            if not is_seen(cell):
                continue
            starred = import_lines(cell.source) if 'import *' in cell.source else {}
            for name in sorted(names_of(cell.source)[0] - starred.keys()):
                self.bring(name, i)
        self.opened.sort()

    def register(self, cell, module):
        "Note what an exported or hidden cell imports, and what the module exports"
        lines = import_lines(cell.source)
        if exporting & cell.directives_.keys():
            self.imports |= lines
            names = names_of(cell.source)[1] - lines.keys()
            self.exports |= {o: f'from audio_kd.{module} import {o}' for o in names}
        elif 'hide' in cell.directives_:
            self.imports = lines | self.imports

    def defines(self, i, name):
        "Does a cell bind a name?"
        cell = self.cells[i]
        if cell.cell_type != 'code' or exporting & cell.directives_.keys():
            return False
        if 'nbdev_export' in cell.source:
            return False
        starred = 'import *' in cell.source and name in import_lines(cell.source)
        return starred or name in names_of(cell.source)[1]

    def bring(self, name, position):
        "Note what defines a name before a cell"
        for i in range(position - 1, -1, -1):
            if not self.defines(i, name):
                continue
            source = self.cells[i].source
            if is_seen(self.cells[i]) or i in self.opened:
                return
            if name in import_lines(source) and name in self.imports:
                break
            self.opened.append(i)
            for other in names_of(source)[0]:
                self.bring(other, i)
            return
        line = self.exports.get(name) or self.imports.get(name)
        everyday = everyday_names()
        if name in everyday and (line is None or brought(line, name) is everyday[name]):
            self.lines[name] = 'from audio_kd.all import *'
        elif line:
            self.lines[name] = line
        else:
            self.missing.setdefault(name, position)


def import_source(lines):
    "Import statements as one block, names of one module together"
    plain = sorted({o for o in lines if not o.startswith('from ')})
    modules = {}
    for line in {o for o in lines if o.startswith('from ')}:
        module, names = line.removeprefix('from ').split(' import ')
        modules.setdefault(module, set()).add(names)
    stars = sorted(o for o in modules if '*' in modules[o])
    rest = sorted(o for o in modules if '*' not in modules[o])
    text = [
        *[f'from {o} import *' for o in stars],
        *plain,
    ]  # stars first: they bring names such as `copy`
    for module in rest:
        line = f'from {module} import {", ".join(sorted(modules[module]))}'
        if len(line) > 78:
            line = textwrap.fill(
                ', '.join(sorted(modules[module])),
                78,
                initial_indent='    ',
                subsequent_indent='    ',
            )
            line = f'from {module} import (\n{line})'
        text.append(line)
    return '\n'.join(text)


def fold(cell, summary):
    "Show a cell's code as one line that opens"
    if '#| code-fold' in cell.source:
        return
    cell.source = f'#| code-fold: true\n#| code-summary: "{summary}"\n{cell.source}'


def tidy_outputs(cell):
    "Take out warnings, log lines of stderr, and progress bars that stand still"
    outputs = []
    for output in cell.get('outputs', []):
        if output.get('name') == 'stderr':
            continue
        data = output.get('data', {})
        for kind in ('text/html', 'text/markdown'):
            if '<progress' not in ''.join(data.get(kind, '')):
                continue
            text = bar.sub('', ''.join(data[kind])).strip()
            data[kind] = text.splitlines(True)
        if 'text/html' in data and not ''.join(data['text/html']).strip():
            continue
        if output.get('name') == 'stdout':
            text = re.sub(r'[^\n]*\r(?!\n)', '', ''.join(output['text']))
            text = '\n'.join(o for o in text.split('\n') if not frozen.search(o))
            if not text.strip():
                continue
            output['text'] = wrap_output(text).splitlines(True)
        elif 'text/plain' in data:
            data['text/plain'] = wrap_output(''.join(data['text/plain'])).splitlines(True)
        outputs.append(output)
    if 'outputs' in cell:
        cell['outputs'] = outputs


def wrap_output(text):
    "Lines of a short output that are wider than the column, broken"
    lines = text.rstrip('\n').split('\n')
    if len(lines) > 3 or max(map(len, lines)) <= 94:
        return text
    options = {'break_long_words': False, 'break_on_hyphens': False, 'replace_whitespace': False}
    fill = textwrap.TextWrapper(92, subsequent_indent='    ', **options).fill
    return ''.join(f'{fill(line)}\n' for line in lines)


def has_picture(cell):
    "Is a picture among a cell's outputs?"
    return any(
        kind.startswith('image/')
        for output in cell.get('outputs', [])
        for kind in output.get('data', {})
    )


def plain_text(markdown):
    "Markdown without its marks"
    text = re.sub(r'\[([^]]*)\]\([^)]*\)(?:\{[^}]*\})?', r'\1', markdown)
    return re.sub(r'\s+', ' ', re.sub(r'[`*$#>]|<[^>]+>|\\\w+', '', text)).strip()


def describe(title, section, text):
    "What stands in the place of a figure for who can't see it"
    sentence = re.split(r'(?<=[.:])\s', plain_text(text))[-1] if text else ''
    first = re.split(r'(?<=[.])\s', plain_text(text))[0] if text else ''
    parts = [o for o in (section or title, first or sentence) if o]
    return ': '.join(parts).replace('"', "'").replace('\\', '')[:240]


def split_title(nb):
    "nbdev takes out the cell of the title: what else it holds moves to a cell of its own"
    for i, cell in enumerate(nb.cells):
        if cell.cell_type != 'markdown' or not re.search(r'^# +\S', cell.source, re.M):
            continue
        head = re.match(r'\s*# +[^\n]+\n*(?:> [^\n]*\n?)*', cell.source)
        rest = cell.source[head.end() :].strip() if head else ''
        if rest:
            cell.source = head[0].strip()
            new = mk_cell(rest, 'markdown')
            new.directives_ = {}
            nb.cells.insert(i + 1, new)
        demote(nb.cells[i + 1 :])
        return


def outside_fences(text, change):
    "Markdown with `change` applied to what stands outside its code blocks"
    parts = re.split(r'(^ *(?:```|~~~)[^\n]*\n.*?^ *(?:```|~~~) *$)', text, flags=re.M | re.S)
    return ''.join(o if i % 2 else change(o) for i, o in enumerate(parts))


def demote(cells):
    "A page has one title: where later headings are of its level, all go down by one"
    texts = [o for o in cells if o.cell_type == 'markdown']

    def is_top(text):
        return re.search(r'^# +\S', re.sub(r'^ *```.*?^ *```', '', text, flags=re.M | re.S), re.M)

    if not any(is_top(o.source) for o in texts):
        return
    for cell in texts:
        cell.source = outside_fences(cell.source, lambda text: re.sub(r'(?m)^(#+ )', r'#\1', text))


class module_docs(Processor):
    "nbdev's processor of the notebooks, after its own"

    def __init__(self, nb):
        "Before nbdev takes hidden cells out: those that visible code needs lose their mark"
        super().__init__(nb)
        split_title(nb)
        self.path = Path(nb.path_).resolve()
        self.depth = (
            len(self.path.relative_to(nbs).parts) - 1 if self.path.is_relative_to(nbs) else 0
        )
        exported = re.search(r'"#\| default_exp ([\w.]+)', self.path.read_text(encoding='utf-8'))
        self.module = exported[1] if exported else None
        needs = Needs(nb.cells, self.module)
        self.missing = needs.missing
        self.imports = import_source(set(needs.lines.values()))
        self.opened = [nb.cells[i] for i in needs.opened]
        for cell in self.opened:
            cell.directives_.pop('hide', None)
            cell.directives_.pop('echo:', None)
            cell.source = re.sub(r'^#\| echo: false\n', '', cell.source)
            cell.outputs = []

    def begin(self):
        self.shell = CaptureShell()
        self.symbols = {}
        if self.module:
            self.shell.user_ns.update(vars(importlib.import_module(f'audio_kd.{self.module}')))
        documented = {
            name
            for cell in self.nb.cells
            if _is_showdoc(cell)
            for name in re.findall(r'show_doc\(([\w.]+)', cell.source)
        }
        self.shell.user_ns['show_doc'] = site_docs.documenter(self.depth, documented)
        for cell in self.opened:
            fold(cell, 'Setup')
        self.first_seen = next((o for o in self.nb.cells if is_seen(o) and o.get('source')), None)
        self.describe_figures()

    def describe_figures(self):
        "Give each figure without a description one made of its heading and the text before it"
        title = (getattr(self.nb, 'frontmatter_', {}) or {}).get('title', '')
        section = text = ''
        for cell in self.nb.cells:
            if cell.cell_type == 'markdown':
                cell.source = describe_markdown_images(cell.source)
                if headings := re.findall(r'^#+ +(.+)$', cell.source, re.M):
                    section = plain_text(headings[-1])
                parts = re.split(r'\n\s*\n|^#.*$', cell.source, flags=re.M)
                parts = [o for o in parts if o.strip()]
                paragraphs = [o for o in parts if not o.startswith(('|', '```', '!'))]
                text = paragraphs[-1].strip() if paragraphs else ''
            elif (
                cell.cell_type == 'code'
                and has_picture(cell)
                and not re.search(r'^#\| *fig-(alt|cap):', cell.source, re.M)
            ):
                alt = describe(title, section, text)
                cell.source = f'#| fig-alt: "{alt}"\n{cell.source}'

    def cell(self, cell):
        if cell.cell_type == 'markdown':
            cell.source = self.relative(cell.source)
        if cell.cell_type != 'code':
            return
        if _is_showdoc(cell):
            self.document(cell)
            return
        tidy_outputs(cell)
        for output in cell.get('outputs', []):
            if 'text/markdown' in output.get('data', {}):
                output.data['text/markdown'] = self.relative(
                    ''.join(output.data['text/markdown'])
                ).splitlines(True)
        if is_check(cell) and cell.source.count('\n') > 3:
            fold(cell, 'Checks')

    def document(self, cell):
        self.shell.cell(cell)
        if self.shell.exc:
            raise RuntimeError(f'{self.nb.path_}: {cell.source}') from self.shell.exc
        name = re.search(r'show_doc\(([\w.]+)', cell.source)[1]
        self.symbols[name] = site_docs.summary(eval(name, self.shell.user_ns), self.depth)

    def relative(self, text):
        "Links to the site itself as relative ones"
        text = re.sub(r'\[(`_\w[^`]*`)\]\([^)\s]+\)', r'\1', text)  # private names have no entry

        def local(match):
            return f']({site_docs.local(match[1], self.depth)})'

        return re.sub(r'\]\((https?://[^)\s]+)\)', local, text)

    def contents(self):
        "Above the first heading: what the page documents, public names first"
        if len(self.symbols) < 4:
            return
        package = importlib.import_module(f'audio_kd.{self.module.split(".")[0]}')
        public = [o for o in self.symbols if hasattr(package, o.split('.')[0])]
        names = [*public, *[o for o in self.symbols if o not in public]]
        lines = ['| on this page | |', '|:' + '-' * 28 + '|:' + '-' * 72 + '|']
        lines += [f'| [`{o}`](#{o.lower()}) | {self.symbols[o]} |' for o in names]
        position = next(
            i
            for i, cell in enumerate(self.nb.cells)
            if cell.cell_type == 'code' or re.search(r'^## ', cell.source, re.M)
        )
        self.nb.cells.insert(
            position, mk_cell('::: {.on-this-page}\n' + '\n'.join(lines) + '\n:::', 'markdown')
        )

    def end(self):
        "What the page documents, and the imports that its code needs, above its first cell"
        self.contents()
        anchors = {o.lower() for o in self.symbols}
        for (
            cell
        ) in self.nb.cells:  # a heading that is called like a symbol leaves the anchor to that
            if cell.cell_type == 'markdown':

                def rename(match):
                    return (
                        f'{match[0]} {{#about-{slug(match[2])}}}'
                        if slug(match[2]) in anchors
                        else match[0]
                    )

                cell.source = re.sub(r'^(#+ +)([^\n{]+)$', rename, cell.source, flags=re.M)
        if not self.imports or self.first_seen is None:
            return
        position = next(i for i, o in enumerate(self.nb.cells) if o is self.first_seen)
        cell = mk_cell(self.imports)
        cell.directives_ = {}
        if 'import *' not in self.imports or self.imports.count('\n'):
            fold(cell, 'Imports')
        self.nb.cells.insert(position, cell)


def describe_markdown_images(text):
    "The caption of a picture is also its description"

    def describe(match):
        return f'{match[0]}{{fig-alt="{plain_text(match[1])}"}}'

    return re.sub(r'^!\[([^]]+)\]\(([^)]+)\)(?!\{)', describe, text, flags=re.M)


def make_page(path):
    "(the notebook as nbdev hands it to Quarto, the processor that made it); a warning is an error"
    with warnings.catch_warnings():
        warnings.simplefilter('error')
        for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning):
            warnings.simplefilter('ignore', kind)  # of other packages
        nb = read_nb(path)
        processor = FilterDefaults().nb_proc(nb)
        processor.process()
    # nbdev imports this file by its name, so that its class is another one
    return nb, next(o for o in processor.procs if type(o).__name__ == 'module_docs')


def checked_page(path):
    "(cells as plain dicts, names that nothing brings) of a page, for another process"
    nb, processor = make_page(path)
    keys = 'cell_type', 'source', 'outputs'
    return [
        {k: obj2dict(cell[k]) for k in keys if k in cell} for cell in nb.cells
    ], processor.missing


def make_pages(paths):
    "{path: site_check.Page}, made by as many processes as there are cores"
    import site_check

    importlib.import_module('audio_kd.all')  # once, for all

    everyday_names()
    site_docs.linked_names()
    with multiprocessing.get_context('fork').Pool(os.cpu_count()) as pool:
        results = pool.map(checked_page, paths, chunksize=4)
    pages = [site_check.Page(cells, missing) for cells, missing in results]
    return dict(zip(paths, pages, strict=True))


def all_notebooks():
    "Paths of all notebooks"
    return [o for o in sorted(nbs.rglob('*.ipynb')) if '.ipynb_checkpoints' not in o.parts]


if __name__ == '__main__':
    import site_check
    import site_pages  # what the other processes find by its name

    site_docs.check_comments()
    site_check.main(site_pages.make_pages(all_notebooks()), *sys.argv[1:2])
