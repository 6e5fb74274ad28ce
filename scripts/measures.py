"""How readable the code is, in numbers, and the list of what is not mended yet (allowed.json).

python scripts/measures.py check         fail where a number differs from the list
python scripts/measures.py shrink        lower the list to what is found; it never raises a number
python scripts/measures.py show NAME     what is found in a notebook (its stem) or a file;
                                         further words: only measures with them in their name
python scripts/measures.py table         all numbers beside their goals, as Markdown
python scripts/measures.py rekey [MAP]   after notebooks were renamed, split or joined: a file
                                         {"old": "new", "old": ["new", ...]}; none: cells anywhere
python scripts/measures.py self-test     do the measures find what they should?
"""
import argparse
import json
import sys
from collections import Counter
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from guards import allowed, code, linters, outputs, selftest, words
from guards.pages import committed_page, read_pages

goals = {  # measure: (what it is a share of, its unit, goal in words)
    code.wide_exported: ('exported lines', 100, '0'),
    code.wide_shown: ('shown lines', 100, 'under 2 %'),
    code.tuple_assignment: (  # fastai 2.8.7 has 12 per 1,000
        'code lines', 1000, 'under 17 per 1,000'),
    code.long_function: ('functions', 100, 'under 2 %'),
    code.complex_function: ('functions', 100, '0'),
    code.crowded_cell: ('cells with a definition', 100, '0'),
    code.mixed_cell: ('cells with a definition', 100, '0'),
    code.unused_symbol: ('public symbols', 100, '0'),
    code.long_module: ('modules', 100, '0'),
    words.avoided_word: (None, 0, '0'),
    outputs.machine_path: (None, 0, '0'),
    outputs.warning: (None, 0, '0'),
    outputs.progress_bar: (None, 0, '0'),
    linters.hidden_name: (None, 0, '0'),
    linters.ruff_measure: (None, 0, '0'),
    linters.pyright_measure: (None, 0, '0')}


def page_findings(page):
    "What is found in one notebook"
    return [*code.code_findings(page), *outputs.output_findings(page), *words.page_words(page)]


def quick_findings(pages):
    "What is found in notebooks and, of words, in other files"
    findings = [finding for page in pages for finding in page_findings(page)]
    for stem, text in words.other_files(): findings += words.file_words(stem, text)
    return findings


def all_findings(pages):
    "What all measures find; pyright and the import of audio_kd.all run beside the others"
    pyright = linters.start_pyright()
    hidden = linters.start_hidden_names()
    findings = [*quick_findings(pages), *linters.ruff_findings()]
    return findings + [*linters.hidden_name_findings(hidden), *linters.pyright_findings(pyright)]


def versions():
    "Of the packages on which pyright's numbers depend"
    def installed(name):
        try: return version(name)
        except PackageNotFoundError: return None
    names = ('numpy', 'scipy', 'torch', 'omegaconf', 'onnxruntime', 'soundfile')
    return {name: installed(name) for name in names}


def without_pyright(numbers):
    "Without what depends on the versions of other packages"
    return {key: n for key, n in numbers.items() if not key[1].startswith(linters.pyright_measure)}


def new_findings(findings, stem, measure):
    "Those of one measure in one place, without what the last commit has too"
    before = Counter((f.measure, f.text) for f in page_findings(committed_page(stem)))
    here = [f for f in findings if (f.stem, f.measure) == (stem, measure)]
    new = []
    for finding in here:
        if before[measure, finding.text]: before[measure, finding.text] -= 1
        else: new.append(finding)
    return new or here


def report_more(more, findings):
    "Print each number that is over its limit with what is new there"
    for (stem, measure), (number, limit) in more.items():
        print(f'{stem}: {measure}: {number} found, {limit} allowed')
        here = new_findings(findings, stem, measure)
        for finding in here[:12]: print(f'    {finding.where}: {finding.text.strip()[:160]}')
        if len(here) > 12:
            print(f'    and {len(here) - 12} more: python scripts/measures.py show {stem}')


def other_versions():
    "What differs from the versions with which pyright's findings were counted, as text"
    before = allowed.read_versions()
    return [
        f'{name} {now} (counted with {before.get(name)})' for name, now in versions().items()
        if now != before.get(name)]


def check(findings, complete=True):
    "Exit with a message where numbers differ from the list"
    limits = allowed.read()
    counts = allowed.count(findings)
    if complete and (different := other_versions()):
        print(f'pyright is not compared, as its findings depend on {", ".join(different)}')
        limits = without_pyright(limits)
        counts = without_pyright(counts)
    if not complete:
        measured = {*code.measures, *outputs.measures, *words.measures}
        limits = {key: n for key, n in limits.items() if key[1] in measured}
    more, less = allowed.compare(counts, limits)
    report_more(more, findings)
    for (stem, measure), (number, limit) in less.items():
        print(f'{stem}: {measure}: {number} found, {limit} in the list')
    if more: sys.exit('more than scripts/allowed.json allows: mend it; the list only gets shorter')
    if less:
        sys.exit('fewer than scripts/allowed.json allows: python scripts/measures.py shrink, '
                 'and commit the list')
    places = {stem for stem, _ in counts}
    print(f'{sum(counts.values())} known findings in {len(places)} places, none new')


def shrink(findings):
    "Lower the list to what is found"
    limits = allowed.read()
    counts = allowed.count(findings)
    if other_versions():  # those of pyright stay as they are
        of_pyright = limits.keys() - without_pyright(limits).keys()
        counts = without_pyright(counts) | {key: limits[key] for key in of_pyright}
    lower = allowed.lowered(counts, limits)
    allowed.write(lower, allowed.read_versions())
    left = sum(lower.values())
    print(f'{sum(limits.values()) - left} findings fewer, {left} left')
    more, _ = allowed.compare(counts, limits)
    report_more(more, findings)
    if more: sys.exit('these are more than the list allows: mend them, shrink raises no number')


def rekey(findings, map_file, grow):
    "Move the list's numbers to the places where the cells are now"
    moves = json.loads(Path(map_file).read_text(encoding='utf-8')) if map_file else None
    limits, grown = allowed.rekeyed(allowed.count(findings), allowed.read(), moves)
    for (group, measure), extra in grown.items():
        print(f'{group}: {measure}: {extra} more than before')
    if grown and not grow:
        sys.exit('nothing written: moving cells may not add findings. Mend these; '
                 'or, where they are only imports that the new modules need, add --grow')
    allowed.write(limits, versions())
    places = {stem for (stem, _), n in limits.items() if n}
    print(f'{sum(limits.values())} findings in {len(places)} places')


def show(findings, stem, measures):
    "Print what is found in one place"
    here = [finding for finding in findings if finding.stem == stem]
    for finding in here:
        if all(text in finding.measure for text in measures): print(finding)
    print(f'{len(here)} findings in {stem}')


def table(findings, pages):
    "Markdown: each measure, how often it is found, of how many, and the goal"
    sizes = code.sizes(pages)
    totals = Counter()
    for finding in findings:
        name = finding.measure.split()[0]
        by_rule = name in (linters.ruff_measure, linters.pyright_measure)
        totals[name if by_rule else finding.measure] += 1
    rows = ['| measure | now | share | to reach |', '|---|---|---|---|']
    for measure, (base, unit, goal) in goals.items():
        n = totals[measure]
        share = ''
        if base:
            of = '%' if unit == 100 else 'per 1,000'
            share = f'{unit*n/sizes[base]:.1f} {of} of {sizes[base]:,} {base}'
        rows.append(f'| {measure} | {n:,} | {share} | {goal} |')
    rows.append(f'| exported lines of code | {sizes["code lines"]:,} | | no more than 18,712 |')
    print('\n'.join(rows))


def main():
    "Read the command line and do it"
    style = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=style)
    commands = ['check', 'shrink', 'show', 'table', 'rekey', 'self-test']
    parser.add_argument('command', choices=commands)
    parser.add_argument('rest', nargs='*', help='name and measures of show, file of rekey')
    parser.add_argument('--quick', action='store_true',
                        help='check, show: without ruff, pyright and audio_kd.all')
    parser.add_argument('--grow', action='store_true', help=argparse.SUPPRESS)
    options = parser.parse_args()
    sys.stdout.reconfigure(line_buffering=True)
    if options.command in ('check', 'self-test'): selftest.run()
    if options.command == 'self-test': return
    pages = read_pages()
    quick = options.quick and options.command in ('check', 'show')
    findings = quick_findings(pages) if quick else all_findings(pages)
    if options.command == 'check': check(findings, complete=not quick)
    elif options.command == 'shrink': shrink(findings)
    elif options.command == 'table': table(findings, pages)
    elif options.command == 'rekey': rekey(findings, *(options.rest or [None])[:1], options.grow)
    elif not options.rest: parser.error('show: which notebook (its stem) or file?')
    else: show(findings, options.rest[0], options.rest[1:])


if __name__ == '__main__': main()
