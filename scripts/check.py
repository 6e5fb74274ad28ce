"Fail when notebooks are not clean, the library or README.md is not what they export, a notebook is over 300 kB, a link leads nowhere, or an import runs against the plan."
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
    for name in ('nbs', 'audio_kd'): shutil.copytree(root/name, folder/name, symlinks=True, ignore=shutil.ignore_patterns('__pycache__', '.ipynb_checkpoints'))
    for name in ('settings.ini', '_quarto.yml', 'README.md'): shutil.copy(root/name, folder/name)
    path = f'{Path(sys.executable).parent}{os.pathsep}{os.environ["PATH"]}'
    for command in ('nbdev_clean', 'nbdev_export'): subprocess.run([command], cwd=folder, check=True, env={**os.environ, 'PATH': path})


def different(a, b, name=''):
    "Files under `name` that differ between two trees or are in one only"
    compared = filecmp.dircmp(a/name, b/name, ignore=['__pycache__', '.ipynb_checkpoints'])
    here = [*compared.left_only, *compared.right_only, *filecmp.cmpfiles(a/name, b/name, compared.common_files, shallow=False)[1]]
    return [str(Path(name)/o) for o in here] + [o for sub in compared.common_dirs for o in different(a, b, str(Path(name)/sub))]


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        copy_and_export(folder)
        wrong = [o for name in ('nbs', 'audio_kd') for o in different(root, folder, name)]
    if wrong: sys.exit('not clean or not exported (run nbdev_clean and nbdev_export): ' + ', '.join(wrong))
    big = [f'{o.name} ({o.stat().st_size/1e3:.0f} kB)' for o in sorted((root/'nbs').rglob('*.ipynb')) if o.stat().st_size > 300_000]
    if big: sys.exit('notebooks over 300 kB (scripts/pictures.py makes their pictures smaller): ' + ', '.join(big))
    subprocess.run([sys.executable, root/'scripts/readme.py', '--check'], check=True)
    subprocess.run([sys.executable, root/'scripts/links.py'], check=True)
    subprocess.run([sys.executable, root/'scripts/architecture.py'], check=True)
    print('notebooks are clean and exported, README.md is theirs')
