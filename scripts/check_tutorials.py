"""The visible cells of the tutorials work as a reader runs them: copied into one plain script that
runs in an empty folder.

    python scripts/check_tutorials.py            those in `quick` (make tutorial-scripts)
    python scripts/check_tutorials.py --all      all of them (make tutorial-scripts ALL=1)
    python scripts/check_tutorials.py NAME ...   these; --show prints the scripts instead

A reader copies what the site shows (scripts/site_pages.py): imports and folded cells belong to it,
hidden cells do not. Left out are cells marked `slow`, which `make tutorials` runs, and cells marked
`eval: false`, which need what a reader has to fetch first. Nothing else is made smaller."""

import argparse
import os
import resource
import runpy
import shutil
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))
from check_readme import run

root = Path(__file__).resolve().parent.parent
folder = root / 'nbs/tutorials'

# Tutorials that run without --all: the two that a beginner copies first
quick = ('what_went_wrong', 'zero_to_small_file')
# Why cells marked `eval: false` are left out
needs = {
    'chords': 'they need recordings that a reader fetches first, and train for hours',
    'where_distillation_pays': 'they download spoken digits, and train for hours',
}


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
    "Copy the files of measured results that a script reads from beside the notebook"
    for path in sorted(folder.iterdir()):
        if path.suffix != '.ipynb' and path.name in source:
            shutil.copy(path, target)
            print(f'{target.name}: reads {path.name}, which lies beside the notebook', flush=True)


def run_script(source, name, work):
    "Run a script in an empty folder, in a process of its own; exit with its output where it fails"
    (work / name).mkdir()
    copy_results(source, work / name)
    path = work / f'{name}.py'
    path.write_text(source, encoding='utf-8')

    def task():
        sys.argv[:] = [str(path)]
        runpy.run_path(str(path), run_name='__main__')

    run(name, task, work / name)


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


def main(options):
    os.environ.update(OMP_NUM_THREADS='1', MPLBACKEND='agg')
    import audio_kd.all  # noqa: F401, once, for all scripts

    with tempfile.TemporaryDirectory() as work:
        os.environ['AUDIO_KD_DATA'] = f'{work}/data'
        for path in chosen(options):
            source, reasons = script_of(path)
            for reason, n in reasons.items():
                print(f'{path.stem}: {n} cells left out: {reason}', flush=True)
            if options.show:
                print(source)
            else:
                run_script(source, path.stem, Path(work))
    seconds = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    print(f'the tutorials work as plain scripts, {seconds:.0f} s of processor time')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('names', nargs='*', metavar='NAME')
    parser.add_argument('--all', action='store_true')
    parser.add_argument('--show', action='store_true')
    main(parser.parse_args())
