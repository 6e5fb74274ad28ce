"""What must be right on the site's pages, looked at without Quarto.

scripts/site_pages.py makes the pages and runs this; `python scripts/site_pages.py shrink` lowers
the list of what is not mended yet (site_allowed.json), which only gets shorter.

Every entry of a symbol has a link to its source with the line; no link stands inside code; every
#anchor of a link of the site to itself exists; no output holds a path of a machine, a warning or
a bar that stands still; every figure has a text; the code that a page shows needs nothing that it
hides; blocks of code in the text are no wider than the column."""

import json
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from guards.outputs import _bar, _path, _written_warning, output_texts
from links import slug

root = Path(__file__).resolve().parent.parent
nbs = root / 'nbs'
allowed_file = root / 'scripts/site_allowed.json'
about = (
    'What scripts/site_check.py finds on the pages of the site and is not mended yet. '
    'Numbers only go down: python scripts/site_pages.py shrink.'
)
block = re.compile(r'^ *(```|~~~)[^\n]*\n.*?^ *\1 *$', re.M | re.S)  # of code, in Markdown
figure_text = re.compile(r'^#\| *fig-(alt|cap):', re.M)
code_width = 80  # columns of a code block in the text
doors = (  # methods that a beginner calls: each has an entry of its own
    'audiodataloaders.from_folder',
    'audiodataloaders.from_files',
    'audiodataloaders.from_csv',
    'audiodataloaders.from_df',
    'audiodataloaders.from_features',
    'audiodataloaders.from_store',
    'chordvocab.encode',
    'accuracy.interval',
    'audioclassifier.predict',
    'audioclassifier.stream',
)
source = re.compile(r'^\[source\]\(\S+?#L\d+\)\{', re.M)


@dataclass
class Page:
    "A page as it is handed to Quarto"

    cells: list  # Dicts of notebook cells
    missing: dict  # Names that its code needs and nothing shown brings


def texts(page):
    "The Markdown of a page, its own and that in outputs"
    for cell in page.cells:
        if cell['cell_type'] == 'markdown':
            yield cell['source']
        for output in cell.get('outputs', []):
            if 'text/markdown' in output.get('data', {}):
                yield ''.join(output['data']['text/markdown'])


def fences(text):
    "The insides of the code blocks of Markdown"
    return re.findall(r'^ *(?:```|~~~)[^\n]*\n(.*?)^ *(?:```|~~~) *$', text, re.M | re.S)


def anchors(page):
    "The anchors of a page"
    names = set()
    for text in texts(page):
        text = block.sub('', text)
        for heading in re.findall(r'^#+ +(.+)$', text, re.M):
            explicit = re.search(r'\{#([\w.-]+)', heading)
            names.add(explicit[1] if explicit else slug(heading))
        names |= {*re.findall(r'id="([\w.-]+)"', text), *re.findall(r'\{#([\w.-]+)', text)}
    return names


def addresses(pages):
    "{address of a page from the site's root: path of its notebook}"
    from nbdev.frontmatter import _nbpath2html

    return {(o.parent / _nbpath2html(o).name).relative_to(nbs).as_posix(): o for o in pages}


def self_links(page):
    "Targets of the links on a page that lead to this site"
    for text in texts(page):
        for target in re.findall(r'\]\(\s*<?([^)\s>]+)', block.sub('', text)):
            if not re.match(r'[a-z][a-z0-9+.-]*:', target):
                yield target


def dead_anchors(path, page, known, by_address):
    "Links with an anchor that is not there, and links to pages that are not"
    for target in self_links(page):
        name, _, anchor = target.partition('#')
        file = (path.parent / name).resolve() if name else path
        if file.suffix == '.html':
            file = by_address.get(file.relative_to(nbs).as_posix())
        if file is None:
            yield f'{target}: no such page'
        elif anchor and file in known and anchor not in known[file]:
            yield f'{target}: no such anchor'


def link_faults(page):
    "Links inside code, and entries of symbols without a link to the line of their source"
    for text in texts(page):
        for code in fences(text):
            if re.search(r'\]\(https?:', code):
                yield 'links inside code', code.strip()[:80]
        if '#LNone' in text:
            yield 'source links without a line', re.search(r'\S*#LNone', text)[0]
        entries = re.findall(r'^#+ (\S+) .*\.symbol-name\}$', text, re.M)
        if len(entries) > len(source.findall(text)):
            yield 'symbols without a link to their source', entries[0]


def text_faults(cell):
    "Wide code and pictures without a description, in the Markdown of a cell"
    text = cell['source']
    for code in fences(text):
        wide = [line for line in code.splitlines() if len(line) > code_width]
        if wide:
            yield 'wide code blocks in the text', wide[0]
    marks = re.findall(r'^!\[[^]]*\]\([^)]*\)(?:\{[^}]*\})?', text, re.M)
    unnamed = [mark for mark in marks if 'fig-alt' not in mark]
    unnamed += [mark for mark in re.findall(r'<img [^>]*>', text) if 'alt="' not in mark]
    for mark in unnamed:
        yield 'pictures without a text', mark


def has_picture(cell):
    "Is a picture among the outputs of a cell?"
    kinds = {kind for output in cell.get('outputs', []) for kind in output.get('data', {})}
    return any(kind.startswith('image/') for kind in kinds)


def output_faults(cell):
    "What must not stand in the outputs of a cell"
    if has_picture(cell) and not figure_text.search(cell['source']):
        yield 'pictures without a text', cell['source'][:80]
    patterns = (('machine paths', _path), ('warnings', _written_warning), ('progress bars', _bar))
    for output in cell.get('outputs', []):
        outputs = [text for _, text in output_texts(output)]
        if any('.symbol-name' in text for text in outputs):
            continue  # documentation, not an output
        matches = [(kind, pattern.search(o)) for o in outputs for kind, pattern in patterns]
        yield from ((f'{kind} in outputs', match[0][:80]) for kind, match in matches if match)


def page_faults(page):
    "(kind, what was found) of one page, without its links to others"
    yield from link_faults(page)
    for cell in page.cells:
        if cell['cell_type'] == 'markdown':
            yield from text_faults(cell)
        elif cell['cell_type'] == 'code':
            yield from output_faults(cell)
    for name in page.missing:
        yield 'names that nothing shown defines', name


def faults(pages):
    "[(page, kind, what)] of all pages"
    known = {path: anchors(page) for path, page in pages.items()}
    by_address = addresses([*pages, *nbs.rglob('*.md')])
    findings = []
    missing = set(doors).difference(*known.values())
    findings += [('index.ipynb', 'methods without an entry', o) for o in sorted(missing)]
    for path, page in pages.items():
        name = path.relative_to(nbs).as_posix()
        findings += [(name, kind, what) for kind, what in page_faults(page)]
        findings += [
            (name, 'dead links', what) for what in dead_anchors(path, page, known, by_address)
        ]
    return findings


def read_allowed():
    "{(kind, page): number}"
    if not allowed_file.exists():
        return {}
    kinds = json.loads(allowed_file.read_text(encoding='utf-8'))['allowed']
    return {(kind, page): n for kind, row in kinds.items() for page, n in row.items()}


def write_allowed(numbers):
    kinds = {}
    for (kind, page), n in sorted(numbers.items()):
        if n:
            kinds.setdefault(kind, {})[page] = n
    allowed_file.write_text(
        json.dumps({'about': about, 'allowed': kinds}, indent=1) + '\n', encoding='utf-8'
    )


def main(pages, command='check'):
    "Print what is more or less than allowed and exit with an error, or say that all is well"
    findings = faults(pages)
    numbers = Counter((kind, page) for page, kind, _ in findings)
    limits = read_allowed()
    if command == 'shrink':
        write_allowed(
            {key: min(n, limits.get(key, n) if limits else n) for key, n in numbers.items()}
        )
        limits = read_allowed()
    more = sorted(key for key, n in numbers.items() if n > limits.get(key, 0))
    less = sorted(key for key, n in limits.items() if n > numbers.get(key, 0))
    for kind, page in more:
        print(f'{page}: {kind}: {numbers[kind, page]} found, {limits.get((kind, page), 0)} allowed')
        for what in [o for p, k, o in findings if (p, k) == (page, kind)][:6]:
            print(f'    {what}')
    for kind, page in less:
        print(f'{page}: {kind}: {numbers[kind, page]} found, {limits[kind, page]} in the list')
    if more:
        sys.exit('more than scripts/site_allowed.json allows: mend it; the list only gets shorter')
    if less:
        sys.exit(
            'fewer than scripts/site_allowed.json allows: '
            'python scripts/site_pages.py shrink, and commit the list'
        )
    symbols = sum(text.count('.symbol-name}') for page in pages.values() for text in texts(page))
    print(f'{len(pages)} pages with {symbols} symbols, {sum(numbers.values())} known faults')
