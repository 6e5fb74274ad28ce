"Words of scripts/words.json in code, comments, docstrings, prose, configuration and messages."
import ast
import io
import json
import re
import tokenize
from fnmatch import fnmatch
from functools import cache

from .linters import is_generated
from .pages import Finding, root

avoided_word = 'words to avoid'
measures = (avoided_word,)

_identifier = re.compile(r'[^\W\d]\w*')
_word = re.compile(r"[^\W\d_]+(?:'s\b)?")
_camel = re.compile(r'[A-Z]+(?![a-z])|[A-Z]?[a-z]+|[A-Z]')
_code_span = re.compile(r'```.*?```|`[^`\n]+`', re.DOTALL)
_no_prose = re.compile(r'\]\([^)\s]*\)|<[^>\n]+>|https?://\S+|\{\{.*?\}\}|\$[^$\n]+\$')
_no_identifier = re.compile(r'[\s()]')


class Words:
    "The table of words.json, ready to look up: `rows` of avoid, use, in, fine, places"
    def __init__(self, rows):
        self.rows = rows
        self.lookup = {kind: {} for kind in ('parts', 'names', 'variables', 'prose', 'headings')}
        self.phrases = {}
        for row in rows: self._add(row)
        pattern = '|'.join(rf'(?P<p{i}>\b(?:{phrase})\b)' for i, phrase in enumerate(self.phrases))
        self.phrase = re.compile(pattern or r'(?!)', re.IGNORECASE)

    def _add(self, row):
        kinds = {'all': ('parts', 'prose')}.get(row.get('in', 'all'), (row.get('in'),))
        fine = re.compile('|'.join(row['fine'])) if row.get('fine') else None
        rule = {'use': row['use'], 'fine': fine, 'places': row.get('places', [])}
        for word in row['avoid']:
            for kind in kinds:
                if kind == 'prose' and re.search(r'[^\w]', word): self.phrases[word] = rule
                else: self.lookup[kind][word] = rule

    def hits(self, kind, word, stem, line):
        "[(word, what to use)] where `word` is avoided here, else []"
        rule = self.lookup[kind].get(word)
        return [(word, rule['use'])] if rule and not is_fine(rule, word, stem, line) else []

    def in_identifier(self, name, stem, line):
        "Hits of a name: whole, or part by part"
        hits = self.hits('names', name, stem, line)
        if hits: return hits
        parts = [part.lower() for part in _camel.findall(name)]
        return [hit for part in parts for hit in self.hits('parts', part, stem, line)]

    def in_prose(self, text, stem):
        "Hits of a line of prose, word by word, then the phrases"
        hits = []
        for match in _word.finditer(text):
            word = match[0]
            lowered = word if word in ('He', 'His') else word.lower()
            hits += self.hits('prose', lowered.removesuffix("'s"), stem, text)
        rules = list(self.phrases.values())
        for match in self.phrase.finditer(text):
            rule = rules[int(match.lastgroup[1:])]
            if not is_fine(rule, match[0], stem, text): hits.append((match[0], rule['use']))
        return hits


def is_fine(rule, word, stem, line):
    "Is this use of a word another meaning, or in a stem that has a right to it?"
    if any(fnmatch(stem, pattern) for pattern in rule['places']): return True
    if rule['fine'] is None: return False
    return any(word.lower() in match[0].lower() for match in rule['fine'].finditer(line))


@cache
def load_words(path=root/'scripts/words.json'):
    "The table of words"
    return Words(json.loads(path.read_text(encoding='utf-8'))['words'])


# --- what is read: (kind, text, row) of each name and each line of prose ---

def _lines(text, first):
    return [('prose', line, first + i) for i, line in enumerate(text.splitlines())]


def markdown_pieces(text):
    "Prose line by line, headings, and names in backticks"
    pieces = []
    def take(match):
        row = text.count('\n', 0, match.start()) + 1
        pieces.extend(('name', name, row) for name in _identifier.findall(match[0]))
        return '\n'*match[0].count('\n') or ' '
    prose = _no_prose.sub(' ', _code_span.sub(take, text))
    for row, line in enumerate(prose.splitlines(), 1):
        if line.startswith('#'): pieces.append(('heading', line.strip('# '), row))
        pieces.append(('prose', line, row))
    return pieces


def _comments(source):
    try: tokens = list(tokenize.generate_tokens(io.StringIO(source).readline))
    except (tokenize.TokenError, SyntaxError): return []
    comments = [token for token in tokens if token.type == tokenize.COMMENT]
    return [('prose', token.string, token.start[0]) for token in comments]


def _string_pieces(node):
    text = node.value
    row = node.lineno
    if _identifier.fullmatch(text): return [('name', text, row)]
    return _lines(_code_span.sub(' ', _no_prose.sub(' ', text)), row)


def _names(node):
    "Identifiers that a node itself holds"
    for attribute in ('id', 'attr', 'arg', 'name', 'asname'):
        value = getattr(node, attribute, None)
        if isinstance(value, str): yield value
    if isinstance(node, ast.ImportFrom) and node.module: yield node.module


def _one_line_names(tree):
    "Nodes bound by comprehensions that stand on one line"
    kinds = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
    short = [n for n in ast.walk(tree) if isinstance(n, kinds) and n.lineno == n.end_lineno]
    return {id(name) for n in short for loop in n.generators for name in ast.walk(loop.target)}


def _old_names(tree):
    "Keys of the dict `old_names`: what files of earlier versions call things has to stand there"
    tables = [node.value for node in ast.walk(tree) if isinstance(node, ast.Assign)
              and 'old_names' in map(ast.unparse, node.targets)]
    return {id(key) for table in tables if isinstance(table, ast.Dict) for key in table.keys}


def python_pieces(source, tree, nodes):
    "Names, variables where they are bound, comments, docstrings and other strings"
    pieces = _comments(source)
    short = _one_line_names(tree)
    old = _old_names(tree)
    for node in nodes:
        if id(node) in old: continue
        row = getattr(node, 'lineno', 0)
        for name in _names(node): pieces += [('name', part, row) for part in name.split('.')]
        bound = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
        if bound and id(node) not in short: pieces.append(('variable', node.id, row))
        elif isinstance(node, ast.arg): pieces.append(('variable', node.arg, row))
        elif isinstance(node, ast.Constant) and isinstance(node.value, str):
            pieces += _string_pieces(node)
    return pieces


def settings_pieces(text):
    "Names and comments of YAML, INI and make files"
    pieces = []
    for row, line in enumerate(text.splitlines(), 1):
        code, _, comment = line.partition('#')
        pieces += [('name', name, row) for name in _identifier.findall(code)]
        pieces.append(('prose', comment, row))
    return pieces


def _find(pieces, stem, lines, where):
    words = load_words()
    for kind, text, row in pieces:
        line = lines[row - 1] if 0 < row <= len(lines) else ''
        if kind == 'name': hits = words.in_identifier(text, stem, line)
        elif kind == 'variable': hits = words.hits('variables', text, stem, line)
        elif kind == 'heading': hits = words.hits('headings', text, stem, line)
        else: hits = words.in_prose(text, stem)
        for word, use in hits:
            text = f'{word} -> {use}: {line.strip()}'
            yield Finding(avoided_word, stem, where.format(row=row), text)


def page_words(page):
    "Words to avoid in the cells of a notebook"
    for cell in page.cells:
        if cell.kind == 'code': pieces = python_pieces(cell.python, cell.tree, cell.nodes)
        elif cell.kind == 'markdown': pieces = markdown_pieces(cell.source)
        else: continue
        lines = cell.source.splitlines()
        yield from _find(pieces, page.stem, lines, f'cell {cell.number} line {{row}}')


def file_words(stem, text):
    "Words to avoid in a file that is no notebook"
    if stem.endswith('.py'):
        tree = ast.parse(text)
        pieces = python_pieces(text, tree, list(ast.walk(tree)))
    elif stem.endswith('.md'): pieces = markdown_pieces(text)
    elif stem == 'Makefile': pieces = _lines(text, 1)
    else: pieces = settings_pieces(text)
    return _find(pieces, stem, text.splitlines(), 'line {row}')


def other_files(folder=root):
    "(path, text) of what is written by hand: settings, documents, scripts, examples"
    patterns = (
        'CONTRIBUTING.md', 'CHANGELOG.md', 'nbs/*.md', 'Makefile', '_quarto.yml', 'settings.ini',
        'setup.py', 'audio_kd/**/*.yaml', 'audio_kd/**/*.py', 'examples/*.py', 'scripts/*.py',
        'scripts/guards/*.py')
    skipped = {'audio_kd/_modidx.py', 'scripts/guards/selftest.py'}
    for path in sorted({path for pattern in patterns for path in folder.glob(pattern)}):
        stem = path.relative_to(folder).as_posix()
        text = path.read_text(encoding='utf-8')
        if stem not in skipped and not is_generated(text): yield stem, text
