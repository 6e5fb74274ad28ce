"""Fail when notebooks are not clean, or the library or README.md is not what they export.

Also where a notebook is over 300 kB, a link leads nowhere, a
figure in prose has no origin (scripts/figures.py), an import runs against the plan
(scripts/architecture.py), or scripts/measures.py finds more than scripts/allowed.json allows."""
import filecmp
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

root = Path(__file__).resolve().parent.parent


def copy_and_export(folder):
    "A copy of the tree in which nbdev has cleaned and exported everything"
    ignore = shutil.ignore_patterns('__pycache__', '.ipynb_checkpoints')
    for name in ('nbs', 'audio_kd'):
        shutil.copytree(root/name, folder/name, symlinks=True, ignore=ignore)
    for name in ('settings.ini', '_quarto.yml', 'README.md'): shutil.copy(root/name, folder/name)
    path = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    environment = {**os.environ, 'PATH': path}
    for command in ('nbdev_clean', 'nbdev_export'):
        subprocess.run([command], cwd=folder, check=True, env=environment)


def different(a, b, name=''):
    "Files under `name` that differ between two trees or are in one only"
    compared = filecmp.dircmp(a/name, b/name, ignore=['__pycache__', '.ipynb_checkpoints'])
    changed = filecmp.cmpfiles(a/name, b/name, compared.common_files, shallow=False)[1]
    here = [*compared.left_only, *compared.right_only, *changed]
    paths = [str(Path(name)/path) for path in here]
    for sub in compared.common_dirs: paths += different(a, b, str(Path(name)/sub))
    return paths


def check_modules_page():
    "Exit where the stored table of modules lacks a module"
    page = (root/'nbs/how_it_is_built.ipynb').read_text(encoding='utf-8')
    modules = [f'{path.parent.name}.{path.stem}' for path in (root/'audio_kd').glob('*/*.py')
        if '__' not in path.name]
    missing = sorted(name for name in modules if f'[{name}](' not in page)
    if missing: sys.exit(f'run nbs/how_it_is_built.ipynb: it lacks {", ".join(missing)}')


def check_tree():
    "Exit with a message where files are not what they should be"
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        copy_and_export(copy)
        wrong = [path for name in ('nbs', 'audio_kd') for path in different(root, copy, name)]
    remedy = 'run nbdev_clean and nbdev_export'
    if wrong: sys.exit(f'not clean or not exported ({remedy}): {", ".join(wrong)}')
    sizes = {path.name: path.stat().st_size/1e3 for path in sorted((root/'nbs').rglob('*.ipynb'))}
    if big := [f'{name} ({size:.0f} kB)' for name, size in sizes.items() if size > 300]:
        remedy = 'scripts/pictures.py makes their pictures smaller'
        sys.exit(f'notebooks over 300 kB ({remedy}): {", ".join(big)}')
    check_modules_page()
    subprocess.run([sys.executable, root/'scripts/readme.py', '--check'], check=True)
    subprocess.run([sys.executable, root/'scripts/links.py'], check=True)
    subprocess.run([sys.executable, root/'scripts/figures.py'], check=True)
    subprocess.run([sys.executable, root/'scripts/architecture.py'], check=True)
    print('notebooks are clean and exported, README.md is theirs')


def main():
    "Both checks side by side, so that one run shows what either finds"
    command = [sys.executable, root/'scripts/measures.py', 'check']
    pipes = {'stdout': subprocess.PIPE, 'stderr': subprocess.STDOUT}
    measures = subprocess.Popen(command, text=True, **pipes)
    try: check_tree()
    finally:
        output = measures.communicate()[0]
        print(output, end='', flush=True)
    if measures.returncode: sys.exit('scripts/measures.py check failed')


if __name__ == '__main__': main()
