"""The visible cells of the tutorials work as a reader runs them: copied into one plain script that
runs in an empty folder.

    python scripts/check_tutorials.py            those in `quick` (make tutorial-scripts)
    python scripts/check_tutorials.py --all      all, recorded (make tutorial-scripts ALL=1)
    python scripts/check_tutorials.py NAME ...   these; --show prints the scripts instead

A reader copies what the site shows (scripts/site_pages.py): imports and folded cells belong to it,
hidden cells do not. Left out are cells marked `slow`, which `make tutorials` runs, and cells marked
`eval: false`, which need what a reader has to fetch first. Nothing else is made smaller.

--all (or --record with names) writes results/tutorial_scripts.json: whether each script passed, its
seconds of processor time and its memory. It resumes: what passed with the same code, of the page
and of the library, is not run again. Each tutorial states its time and memory, and a statement
that is not within a factor of two of the record is an error of every run."""

import argparse
import hashlib
import json
import os
import re
import runpy
import shutil
import subprocess
import sys
import tempfile
from datetime import date
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_readme import measure

root = Path(__file__).resolve().parent.parent
folder = root / 'nbs/tutorials'
record_file = root / 'results/tutorial_scripts.json'
about = (
    'The visible cells of each tutorial as a plain script in an empty folder: '
    'make tutorial-scripts ALL=1. Seconds of processor time and GB of memory at most, both with '
    'the import of the library; source and library are hashes of the code that ran.'
)

# Tutorials that run without --all: the two that a beginner copies first
quick = ('what_went_wrong', 'zero_to_small_file')
# Why cells marked `eval: false` are left out
needs = {
    'chords': 'they need recordings that a reader fetches first, and train for hours',
    'where_distillation_pays': 'they download spoken digits, and train for hours',
}
units = {'second': 1, 'minute': 60}
statement = re.compile(
    r'takes?\s+(?:about\s+|some\s+)?(a|half\s+a|[\d.]+)\s+(second|minute)s?\s+on\s+one\s+processor'
    r'\s+core\s+and\s+([\d.]+)\s+GB\s+of\s+memory'
)


# --- the script of a page ---


def left_out(name, cell):
    "Why a cell is left out of the script; None: it is not"
    directives = cell.directives_
    if 'slow' in directives:
        return 'marked slow, make tutorials runs them'
    if directives.get('eval:') != ['false']:
        return None
    if name not in needs:
        sys.exit(f'{name}: a cell is marked eval: false: add what it needs to {__file__}')
    return needs[name]


def script_of(path):
    "(source of the script, {reason: cells left out}) of a tutorial"
    from site_pages import is_seen, make_page

    page, _ = make_page(path)
    parts = []
    reasons = {}
    for i, cell in enumerate(page.cells):
        if cell.cell_type != 'code' or not is_seen(cell):
            continue
        reason = left_out(path.stem, cell)
        if reason:
            reasons[reason] = reasons.get(reason, 0) + 1
        else:
            parts.append(f'# --- cell {i} ---\n{cell.source}\n')
    return '\n'.join(parts), reasons


def copy_results(source, target):
    "Copy the files of measured results that a script reads, to where it looks for them"
    for name in sorted({*re.findall(r"""['"]([\w./-]+\.(?:csv|npy|jsonl?))['"]""", source)}):
        if (folder / name).is_file():
            path = target / name
            path.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(folder / name, path)
            print(f'{target.parts[-3]}: reads {name} of the repository', flush=True)


def run_script(source, name, work):
    "Run a script in an empty folder, in a process of its own: a dict for the record"
    target = work / name / 'nbs/tutorials'  # as in a clone, for paths such as ../bits.json
    target.mkdir(parents=True)
    copy_results(source, target)
    path = work / f'{name}.py'
    path.write_text(source, encoding='utf-8')

    def task():
        sys.argv[:] = [str(path)]
        runpy.run_path(str(path), run_name='__main__')

    status, output, seconds, gigabytes = measure(task, target)
    result = {'passed': not status, 'seconds': round(seconds, 1), 'gigabytes': round(gigabytes, 2)}
    print(f'{name}: {"passed" if not status else f"ended with {status}"}, {seconds:.0f} s of '
          f'processor time, {gigabytes:.1f} GB', flush=True)
    if status:
        print(output[-4000:], flush=True)
        result['error'] = output.strip().splitlines()[-1][:200] if output.strip() else ''
    shutil.rmtree(work / name)
    return result


# --- the record ---


def code_hash(path):
    "Of all code cells of a notebook"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    sources = [''.join(cell['source']) for cell in cells if cell['cell_type'] == 'code']
    return hashlib.sha256('\n'.join(sources).encode()).hexdigest()[:12]


def library_hash():
    "Of the modules of the library"
    total = hashlib.sha256()
    for path in sorted((root / 'audio_kd').rglob('*.py')):
        if path.name != '_modidx.py':
            total.update(path.relative_to(root).as_posix().encode() + path.read_bytes())
    return total.hexdigest()[:12]


def read_record():
    "{name: dict of a script that ran}"
    if not record_file.exists():
        return {}
    return json.loads(record_file.read_text(encoding='utf-8'))['scripts']


def write_record(record):
    text = json.dumps({'about': about, 'scripts': dict(sorted(record.items()))}, indent=1)
    temporary = record_file.with_suffix('.part')
    temporary.write_text(text + '\n', encoding='utf-8')
    temporary.replace(record_file)


def commit():
    "The short name of the commit that is checked out"
    command = ['git', 'rev-parse', '--short', 'HEAD']
    return subprocess.run(command, cwd=root, capture_output=True, text=True).stdout.strip()


def is_current(entry, path, library):
    "Did this code pass, of the page and of the library?"
    if not entry or not entry['passed']:
        return False
    return (entry['source'], entry['library']) == (code_hash(path), library)


def outdated():
    "Names of the tutorials whose script has not run, failed, or ran with other code"
    record = read_record()
    library = library_hash()
    paths = sorted(folder.glob('*.ipynb'))
    return [path.stem for path in paths if not is_current(record.get(path.stem), path, library)]


# --- what a page states ---


def stated(path):
    "(seconds, GB) that a tutorial states; None where it states none"
    cells = json.loads(path.read_text(encoding='utf-8'))['cells']
    text = ' '.join(''.join(cell['source']) for cell in cells if cell['cell_type'] == 'markdown')
    match = statement.search(text)
    if match is None:
        return None
    number = {'a': 1.0, 'half a': 0.5}.get(' '.join(match[1].split()))
    seconds = (number or float(match[1])) * units[match[2]]
    return seconds, float(match[3])


def statement_faults(record):
    "Lines on tutorials that state no time and memory, or not those of the record"
    for path in sorted(folder.glob('*.ipynb')):
        numbers = stated(path)
        entry = record.get(path.stem)
        if numbers is None:
            yield (
                f'{path.stem} states no time and memory; write "takes about 40 seconds on one '
                'processor core and 1 GB of memory"'
            )
        elif entry and entry['passed']:
            measured = entry['seconds'], entry['gigabytes']
            kinds = ('seconds', 'GB of memory')
            for number, other, kind in zip(numbers, measured, kinds, strict=True):
                if not other / 2 <= number <= other * 2:
                    yield f'{path.stem} states {number:g} {kind}, the script took {other:g}'


# --- running ---


def chosen(options):
    "Paths of the tutorials to run"
    paths = sorted(folder.glob('*.ipynb'))
    names = [path.stem for path in paths]
    unknown = sorted({*options.names, *quick, *needs} - {*names})
    if unknown:
        sys.exit(f'no tutorial {unknown[0]}: one of {", ".join(names)}')
    if options.names:
        return [path for path in paths if path.stem in options.names]
    return [path for path in paths if options.all or path.stem in quick]


def import_cost():
    "Seconds of processor time that the import of the library takes, which all scripts share"
    before = os.times()
    import audio_kd.all  # noqa: F401

    after = os.times()
    return after.user + after.system - before.user - before.system


def run_all(options, work):
    "Run the chosen scripts; with a record, also those after one that fails. Names that failed"
    import_seconds = import_cost()
    recorded = options.all or options.record
    record = read_record()
    library = library_hash()
    failed = []
    for path in chosen(options):
        name = path.stem
        if options.all and is_current(record.get(name), path, library):
            print(f'{name}: passed with this code before, {record[name]["commit"]}', flush=True)
            continue
        source, reasons = script_of(path)
        for reason, n in reasons.items():
            print(f'{name}: {n} cells left out: {reason}', flush=True)
        result = run_script(source, name, work)
        result['seconds'] = round(result['seconds'] + import_seconds, 1)
        if not result['passed']:
            failed.append(name)
        if recorded:
            about_code = {'source': code_hash(path), 'library': library, 'commit': commit()}
            day = {'date': date.today().isoformat()}
            record[name] = {**result, 'left_out': reasons, **about_code, **day}
            write_record(record)
        elif failed:
            break
    return failed


def main(options):
    os.environ.update(OMP_NUM_THREADS='1', MPLBACKEND='agg')
    if options.show:
        for path in chosen(options):
            print(script_of(path)[0])
        return
    with tempfile.TemporaryDirectory() as work:
        os.environ['AUDIO_KD_DATA'] = f'{work}/data'
        failed = run_all(options, Path(work))
    if failed:
        sys.exit(f'{", ".join(failed)}: failed as a plain script')
    faults = [*statement_faults(read_record())]
    if faults:
        sys.exit('\n'.join(faults))
    print('the tutorials work as plain scripts')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('names', nargs='*', metavar='NAME')
    parser.add_argument('--all', action='store_true')
    parser.add_argument('--record', action='store_true')
    parser.add_argument('--show', action='store_true')
    main(parser.parse_args())
