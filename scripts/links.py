"""Every link of the documents leads somewhere: `python scripts/links.py`. No Quarto and no network
needed.

Relative links and #anchors in the notebooks, .qmd and .md files; every file that the site's
sidebar names, and every page in the sidebar once."""

import re
import sys
from pathlib import Path
from urllib.parse import unquote
import nbformat
import yaml

root = Path(__file__).resolve().parent.parent
nbs = root / 'nbs'


def texts(path):
    "The markdown of a document, without what stands in code blocks"
    parts = (
        [o.source for o in nbformat.read(path, 4).cells if o.cell_type == 'markdown']
        if path.suffix == '.ipynb'
        else [path.read_text(encoding='utf-8')]
    )
    return [re.sub(r'^( *)(```|~~~).*?^\1\2 *$', '', o, flags=re.M | re.S) for o in parts]


def slug(heading):
    "The anchor that Pandoc gives a heading"
    text = re.sub(r'\[([^]]*)\]\([^)]*\)', r'\1', re.sub(r'\s*\{[^}]*\}\s*$', '', heading))
    text = re.sub(r'[^\w\s.-]', '', text.replace('`', '').strip().lower())
    return re.sub(r'^[^a-z]+', '', re.sub(r'\s+', '-', text.strip()))


def anchors(path):
    """What can stand behind # in a link to a document: its headings, and every symbol that a
    notebook exports"""
    text = '\n'.join(texts(path))
    names = {
        *map(slug, re.findall(r'^#+ +(.+)$', text, re.M)),
        *re.findall(r'\{#([\w-]+)', text),
        *re.findall(r'id="([\w-]+)"', text),
    }
    if path.suffix == '.ipynb':
        code = '\n'.join(o.source for o in nbformat.read(path, 4).cells if o.cell_type == 'code')
        names |= {o.lower() for o in re.findall(r'^(?:def|class) +(\w+)', code, re.M)}
    return names


def html_names(documents):
    """name.html -> document, as nbdev and Quarto name the pages: numbers before the name go,
    foundation/stats.metrics becomes metrics.html"""
    from nbdev.frontmatter import _nbpath2html

    return {
        (
            path.parent
            / (_nbpath2html(path).name if path.suffix == '.ipynb' else f'{path.stem}.html')
        ).resolve(): path
        for path in documents
    }


def broken_links(documents):
    "What leads nowhere, one line each"
    pages = html_names(documents)
    for path in documents:
        for text in texts(path):
            for target in re.findall(
                r'\]\(\s*<?([^)\s>]+)', re.sub(r'`[^`\n]*`', '', text)
            ) + re.findall(r'(?:src|href)="([^"]+)"', text):
                if re.match(r'[a-z][a-z0-9+.-]*:', target):
                    continue
                name, _, anchor = unquote(target).partition('#')
                file = (path.parent / name).resolve() if name else path
                file = pages.get(file, file)
                if not file.exists():
                    yield f'{path.relative_to(root)}: {target} leads to no file'
                elif (
                    anchor
                    and file.suffix in ('.ipynb', '.qmd', '.md')
                    and anchor not in anchors(file)
                ):
                    yield f'{path.relative_to(root)}: {target} leads to no heading'


def sidebar_faults(config, documents):
    "Files that the sidebar names and that are not there, pages that it lacks or names twice"

    def hrefs(items):
        for item in items:
            if isinstance(item, str):
                yield item
            else:
                if 'href' in item:
                    yield item['href']
                yield from hrefs(item.get('contents', []))

    website = yaml.safe_load(config.read_text(encoding='utf-8'))['website']
    sidebars = website['sidebar'] if isinstance(website['sidebar'], list) else [website['sidebar']]
    named = [o for sidebar in sidebars for o in hrefs(sidebar['contents'])]
    navbar = website.get('navbar', {})
    above = [*hrefs(navbar.get('left', [])), *hrefs(navbar.get('right', []))]
    pictures = [website[k] for k in ('favicon', 'image') if k in website]
    for href in (*named, *above, *pictures):
        if '://' in href or (config.parent / href).exists():
            continue
        yield f'{config.relative_to(root)}: {href} is no file'
    for path in documents:
        if path.stem == '404':
            continue  # shown for addresses that lead nowhere
        times = named.count(path.relative_to(nbs).as_posix())
        if times == 1:
            continue
        page = path.relative_to(root)
        yield f'{page}: {times} times in the sidebar of {config.relative_to(root)}'


def faults():
    "All faults, one line each"
    pages = [
        path
        for path in sorted([*nbs.rglob('*.ipynb'), *nbs.rglob('*.qmd'), *nbs.rglob('*.md')])
        if not any(part[0] in '._' for part in path.relative_to(nbs).parts)
    ]
    lines = [
        *broken_links([*pages, *sorted(root.glob('*.md'))]),
        *sidebar_faults(nbs / '_quarto.yml', pages),
    ]
    if (root / '_quarto.yml').read_text() != (nbs / '_quarto.yml').read_text():
        lines.append('_quarto.yml and nbs/_quarto.yml differ: the second is a link to the first')
    return lines


if __name__ == '__main__':
    if lines := faults():
        sys.exit('\n'.join(lines))
    print('all links lead somewhere')
