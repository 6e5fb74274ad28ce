"""How the site documents a symbol: a call, docstring, table of parameters, link to its source.

`show_doc(symbol)` returns the Markdown; scripts/site_pages.py puts it in the place of nbdev's.
Annotations and defaults are shown as they are written in the source, each with a link where the
site has a page for it. Events that a callback inherits from fastai are left out. Below a class
stand its methods that have documented parameters or that a page links."""

import ast
import inspect
import re
import tokenize
from contextlib import suppress
from dataclasses import is_dataclass
from enum import Enum
from functools import cache
from io import StringIO
from pathlib import Path
from textwrap import dedent, fill

from fastcore.docments import docments, docstring
from nbdev.doclinks import NbdevLookup

root = Path(__file__).resolve().parent.parent
nbs = root / 'nbs'
width = 78  # of a call, in characters
general = {
    'builtins',
    'torch.nn.modules.module',
    'fastai.callback.core',
    'threading',
    'argparse',
}  # modules of base classes
kinds = {inspect.Parameter.VAR_POSITIONAL: '*', inspect.Parameter.VAR_KEYWORD: '**'}


@cache
def lookup():
    "nbdev's index of names"
    return NbdevLookup()


@cache
def entries():
    "{name within the library: (address of its page, address of its source)} of what it exports"
    rows = {}
    for name, entry in lookup().syms.items():
        if not (isinstance(entry, tuple) and name.startswith('audio_kd.')):
            continue
        page, path, source = entry
        module = path.removesuffix('.py').replace('/', '.')
        short = name.removeprefix(f'{module}.')
        if not any(o.startswith('_') for o in short.split('.')):
            rows[short] = page, path, source
    return rows


@cache
def definitions(path):
    "{name: line} of the classes, functions and methods of a module of the library"
    from nbdev.doclinks import patch_name

    lines = {}
    for node in ast.parse((root / path).read_text(encoding='utf-8')).body:
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            lines[str(patch_name(node))] = node.lineno
        if isinstance(node, ast.ClassDef):
            functions = (ast.FunctionDef, ast.AsyncFunctionDef)
            methods = [o for o in node.body if isinstance(o, functions)]
            lines |= {f'{node.name}.{o.name}': o.lineno for o in methods}
    return lines


def source_path(symbol):
    "Path of its file, from the repository's root; None where that is no file of the library"
    if isinstance(symbol, property):
        symbol = symbol.fget
    try:
        path = Path(inspect.getsourcefile(inspect.unwrap(symbol))).resolve()
    except TypeError:
        return None
    return path.relative_to(root).as_posix() if path.is_relative_to(root) else None


def source_link(symbol, name):
    "Address of the line that defines it, or None"
    path = source_path(symbol)
    if path is None:
        return None
    line = definitions(path).get(name)
    if line is None:
        try:
            line = inspect.getsourcelines(inspect.unwrap(symbol))[1]
        except (OSError, TypeError):
            return None
    settings = lookup().entries['audio_kd']['settings']
    return f'{settings["git_url"]}/blob/{settings["branch"]}/{path}#L{line}'


# --- what a page links ---


@cache
def linked_names():
    "Names in backticks, in the texts and docstrings of all pages"
    import nbformat

    names = set()
    for path in nbs.rglob('*.ipynb'):
        for cell in nbformat.read(path, 4).cells:
            names |= set(
                re.findall(r'`([^`\s(]+)(?:\([^`\n]*\))?`', cell.source)
            )  # docstrings have links too
            names |= {o.lower() for o in re.findall(r'#([\w.]+)\)', cell.source)}
    return names


def local(address, depth=0):
    "An address of this site as seen from a page that lies `depth` folders deep; others as they are"
    settings = lookup().entries['audio_kd']['settings']
    site = f'{settings["doc_host"]}{settings["doc_baseurl"]}/'
    return '../' * depth + address.removeprefix(site) if address.startswith(site) else address


def link(text, name, depth):
    "`text` in code, with a link where the site has a page for `name`"
    row = entries().get(name)
    code = f'`{text}`'
    return f'[{code}]({local(row[0], depth)})' if row else code


def linked(text, depth):
    "Names in backticks of the library become links"

    def replace(match):
        row = entries().get(match[1])
        return f'[{match[0]}]({local(row[0], depth)})' if row else match[0]

    parts = re.split(r'(^```.*?^```\s*$)', text, flags=re.M | re.S)
    pattern = r'(?<!\[)`([^`\s()]+)(?:\(\))?`(?!\])'
    return ''.join(o if o.startswith('```') else re.sub(pattern, replace, o) for o in parts)


# --- parameters ---


def written(node):
    "{name: (annotation, default) as written} of parameters and, for `return`, the result"
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    defaults = [None] * (len(positional) - len(arguments.defaults)) + arguments.defaults
    pairs = [*zip(positional, defaults, strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    pairs += [(o, None) for o in (arguments.vararg, arguments.kwarg) if o]

    def text(part):
        return ast.unparse(part) if part else ''

    texts = {o.arg: (text(o.annotation), text(default)) for o, default in pairs}
    return texts | {'return': (text(node.returns), '')}


def written_fields(node):
    "The same of a dataclass's fields"
    texts = {}
    for part in node.body:
        if not isinstance(part, ast.AnnAssign):
            continue
        value = part.value
        if isinstance(value, ast.Call) and getattr(value.func, 'id', '') == 'field':
            options = {o.arg: o.value for o in value.keywords}
            factory = options.get('default_factory')
            value = options.get('default')
            text = '' if value is None else ast.unparse(value)
            if factory is not None:
                text = {'list': '[]', 'dict': '{}'}.get(
                    ast.unparse(factory), f'{ast.unparse(factory)}()'
                )
        else:
            text = '' if value is None else ast.unparse(value)
        texts[part.target.id] = ast.unparse(part.annotation), text
    return texts


def in_source(function):
    "The same, and of the functions that it delegates to"
    texts = {}
    while function is not None:
        try:
            node = ast.parse(dedent(inspect.getsource(function))).body[0]
        except (OSError, TypeError, SyntaxError, IndentationError):
            node = None
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            texts = written(node) | texts
        elif isinstance(node, ast.ClassDef):
            texts = written_fields(node) | texts
        function = getattr(function, '__delwrap__', None)
    return texts


def comments_of(source):
    "{line: text} of its comments"
    tokens = tokenize.generate_tokens(StringIO(source).readline)
    rows = [o for o in tokens if o.type == tokenize.COMMENT]
    return {o.start[0]: o.string.lstrip('# ') for o in rows}


def names_by_line(node):
    "{line: names} of a function's parameters"
    arguments = node.args
    rows = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
    rows += [o for o in (arguments.vararg, arguments.kwarg) if o]
    lines = {}
    for row in rows:
        lines.setdefault(row.lineno, []).append(row.arg)
    return lines


def line_comments(source):
    """{parameter: comment} of a function's source: of all parameters of a line, its comment; where
    a comment stands above a line of several, also that of the lines below it without one"""
    node = ast.parse(source).body[0]
    lines = names_by_line(node)
    comments = comments_of(source)
    texts = {}
    above = []  # comment lines just before
    shared = ''  # comment of a line of several parameters and those below
    for number in range(node.lineno, max(lines, default=0) + 1):
        names = lines.get(number, [])
        comment = comments.get(number)
        if not names:
            above = [*above, comment] if comment else above
            continue
        if above or comment:
            shared = ' '.join(above) if len(names) > 1 and not comment else ''
        texts |= dict.fromkeys(names, comment or ' '.join(above) or shared)
        above = []
    return texts


_example = """
def example(
    one, # first
    # of both lines
    two=1, three=2,
    four=3,
    # of five
    five=4,
    six=5, seven=6, # last
): pass
"""


def check_comments():
    "Stop where comments come to other parameters than they are meant for"
    both = dict.fromkeys(('two', 'three', 'four'), 'of both lines')
    expected = dict(one='first', **both, five='of five', six='last', seven='last')
    texts = line_comments(_example)
    if texts != expected:
        raise SystemExit(f'comments of parameters: {texts}, not {expected}')
    from audio_kd.distill.core import distill

    empty = [name for name, *_, comment, _ in parameters(distill)[0] if not comment]
    if empty:
        raise SystemExit(f'the table of distill has no text for {", ".join(empty)}')


def shared_comments(function):
    "The same of a function and of those that it delegates to"
    texts = {}
    while function is not None:
        with suppress(OSError, TypeError, SyntaxError, AttributeError):  # no source, or a class
            texts = line_comments(dedent(inspect.getsource(function))) | texts
        function = getattr(function, '__delwrap__', None)
    return texts


def plain(value):
    "An annotation or default that no source line shows, as text"
    if value is inspect.Parameter.empty:
        return ''
    if isinstance(value, str):
        return repr(value)
    if getattr(value, '__name__', None):
        return value.__name__
    text = re.sub(r'\b(?:\w+\.)+(\w+)', r'\1', str(value))
    return re.sub(r'Optional\[(.+)\]$', r'\1 | None', text)


def events(symbol):
    "Names of the events that a fastai callback takes as parameters"
    from fastai.callback.core import Callback

    return (
        set(Callback._methods)
        if inspect.isclass(symbol) and issubclass(symbol, Callback)
        else set()
    )


def call_target(symbol):
    "What holds the parameters of a call: for a class its `__init__`, unless all modules have it"
    if not inspect.isclass(symbol) or is_dataclass(symbol):
        return symbol
    owner = next(o for o in symbol.__mro__ if '__init__' in vars(o))
    return None if owner.__module__ in general else symbol.__init__


def parameters(symbol):
    "Rows (name with its stars, annotation, default, comment, kind) and the row of what is returned"
    target = call_target(symbol)
    if target is None:
        return [], None
    texts = in_source(target)
    shared = shared_comments(target)
    left_out = {'self', 'cls', *events(symbol)}
    rows = []
    result = None
    for name, row in docments(target, full=True, args_kwargs=True).items():
        annotation, default = texts.get(name, ('', ''))
        if name == 'return':
            annotation = annotation or ''
            if annotation not in ('', 'None') or row.docment:
                result = annotation, row.docment or ''
            continue
        if name in left_out:
            continue
        if not annotation and name not in texts and row.anno is not inspect.Parameter.empty:
            annotation = plain(row.anno)
        if not default and row.default is not inspect.Parameter.empty:
            default = plain(row.default)
        comment = row.docment or shared.get(name, '')
        rows.append((kinds.get(row.kind, '') + name, annotation, default, comment, row.kind))
    return rows, result


def call(name, rows):
    "The call, in one line where that is short enough"
    parts = []
    star = False
    for text, _, default, _, kind in rows:
        if kind == inspect.Parameter.VAR_POSITIONAL:
            star = True
        if kind == inspect.Parameter.KEYWORD_ONLY and not star:
            parts.append('*')
            star = True
        parts.append(f'{text}={default}' if default else text)
    full = f'{name}({", ".join(parts)})'
    if len(full) <= width:
        return full
    names = [o.split('=')[0] for o in parts]
    short = f'{name}({", ".join(names)})'
    if len(short) <= width:
        return short
    indent = ' ' * min(len(name) + 1, 8)
    return fill(short, width, subsequent_indent=indent, break_long_words=False)


def cell_text(text):
    "Text for a cell of a table"
    return re.sub(r'\s*\n\s*', ' ', text).replace('|', r'\|').strip()


def alternatives(node):
    "The parts of a union, as text"
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        return alternatives(node.left) + alternatives(node.right)
    if isinstance(node, ast.Subscript) and getattr(node.value, 'id', '') == 'Optional':
        return [*alternatives(node.slice), 'None']
    return [ast.unparse(node)]


def annotation_cell(annotation, depth):
    "An annotation in code, its parts with a link where they are of the library"
    annotation = annotation.strip('\'"')
    if not annotation:
        return ''
    try:
        parts = alternatives(ast.parse(annotation, mode='eval').body)
    except SyntaxError:
        parts = [annotation]
    parts = [o.strip('\'"') for o in parts]
    # a | would end the cell
    return ' or '.join(link(o.replace(' | ', ' or '), o, depth) for o in parts)


def parameter_table(rows, result, depth):
    "Markdown of the table of parameters; '' where nothing is written about any"
    if not any(row[3] for row in rows) and not (result and result[1]):
        return ''
    typed = any(row[1] for row in rows) or bool(result and result[0])
    names = ['parameter', *['type'] * typed, 'default', 'meaning']
    widths = [17, *[19] * typed, 13, 51]  # percent
    lines = ['| ' + ' | '.join(names) + ' |', '|' + '|'.join(':' + '-' * o for o in widths) + '|']

    def line(name, annotation, default, comment):
        cells = [
            name,
            *[annotation_cell(annotation, depth)] * typed,
            f'`{default}`'.replace('|', ' or ') if default else '',
            linked(cell_text(comment), depth),
        ]
        lines.append('| ' + ' | '.join(cells) + ' |')

    for name, annotation, default, comment, _ in rows:
        line(f'`{name}`', annotation, default, comment)
    if result:
        line('*returns*', result[0], '', result[1])
    return '\n::: {.parameters}\n' + '\n'.join(lines) + '\n:::\n'


def members(symbol):
    "Markdown of an enumeration's members"
    return '\n'.join(f'- `{o.name}`: `{o.value!r}`' for o in symbol)


# --- the entry of a symbol ---


def heading(name, level):
    "A heading with the anchor that nbdev's links use"
    return f'{"#" * level} {name} {{#{name.lower()} .symbol-name}}'


def entry(symbol, name, level, depth):
    "Markdown of one symbol"
    lines = [heading(name, level), '']
    source = source_link(symbol, name)
    if source:
        lines += [f'[source]({source}){{.source-link target="_blank"}}', '']
    described = inspect.isclass(symbol) or inspect.getdoc(symbol)
    text = linked(dedent(docstring(symbol)).strip(), depth) if described else ''
    if isinstance(symbol, property):
        return '\n'.join([*lines, '*property*', '', linked(symbol.__doc__ or '', depth)])
    if inspect.isclass(symbol) and issubclass(symbol, Enum):
        return '\n'.join([*lines, text, '', members(symbol)])
    if not callable(symbol):
        return '\n'.join([*lines, linked(inspect.getdoc(symbol) or '', depth)])
    rows, result = parameters(symbol)
    owner, _, short = name.rpartition('.')
    shown = name if is_called_on_class(symbol, owner) else short
    table = parameter_table(rows, result, depth)
    back = f' -> {result[0]}' if result and result[0] and not table else ''
    lines += ['```python', call(shown if owner else name, rows) + back, '```', '', text, table]
    return '\n'.join(lines)


def is_called_on_class(symbol, owner):
    "Is it a class method?"
    return bool(owner) and inspect.ismethod(symbol)


def own_methods(symbol, name):
    "(name, method) with an entry of their own: linked by a page, or with documented parameters"
    if not inspect.isclass(symbol) or issubclass(symbol, Enum):
        return
    skip = events(symbol) | {'forward'}
    for short, value in vars(symbol).items():
        function = value.__func__ if isinstance(value, (classmethod, staticmethod)) else value
        if short.startswith('_') or short in skip:
            continue
        full = f'{name}.{short}'
        is_linked = {full, full.lower(), f'.{short}'} & linked_names()
        if isinstance(value, property):
            documented = is_linked
        elif inspect.isfunction(function):
            documented = is_linked or any(row[3] for row in parameters(function)[0])
        else:
            continue
        if documented:
            yield full, getattr(symbol, short)


def implementation(symbol):
    "The library's own function of one that fastai dispatches by type"
    methods = getattr(symbol, 'methods', None) if type(symbol).__name__ == 'Function' else None
    functions = [o.implementation for o in methods or () if source_path(o.implementation)]
    return functions[-1] if functions else symbol


def summary(symbol, depth):
    "The first sentence of its docstring, for a table"
    symbol = implementation(symbol)
    text = docstring(symbol) if inspect.isclass(symbol) or inspect.getdoc(symbol) else ''
    if isinstance(symbol, property):
        text = symbol.__doc__ or ''
    first = re.split(r'(?<=[.;:])\s|\n\n', text.strip())[0]
    return linked(cell_text(first), depth).rstrip(';:')


class Documentation:
    "What the site shows of a symbol"

    def __init__(self, symbol, name, depth, documented):
        self.symbol, self.name, self.depth, self.documented = symbol, name, depth, documented

    def _repr_markdown_(self):
        parts = [entry(self.symbol, self.name, 2, self.depth)]
        parts += [
            entry(method, name, 3, self.depth)
            for name, method in own_methods(self.symbol, self.name)
            if name not in self.documented
        ]
        return '::: {.symbol}\n' + '\n\n'.join(parts) + '\n:::\n'


def documenter(depth, documented):
    "`show_doc` for a page `depth` folders deep; `documented`: names with entries of their own"

    def show_doc(symbol, renderer=None, name=None, title_level=None):
        "Documentation of a symbol"
        symbol = implementation(symbol)
        full = name or getattr(symbol, '__qualname__', None) or getattr(symbol, '__name__', None)
        if full is None and isinstance(symbol, property):
            full = symbol.fget.__qualname__
        return Documentation(symbol, full or type(symbol).__name__, depth, documented)

    return show_doc
