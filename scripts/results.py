"""Measure again what the documentation shows: `make results NAME=page`, without NAME a list.

Each entry names the file that holds the numbers, the commands that write it, and what they need:
DATA is the folder with esc10/ and fsdd/, TEACHER a network as a file, WORK a folder to work in
(both as environment variables). Runs resume: what a file holds already is not measured again."""

import argparse
import os
import shlex
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

root = Path(__file__).resolve().parent.parent


@dataclass(frozen=True)
class Result:
    "A file of measured numbers"
    file: str  # below the project
    commands: tuple  # of `python scripts/...`, in order
    hours: str  # on one idle core, a guess


results = {
    'real_sounds': Result('results/real_sounds.md', ('real_sounds.py run $DATA',
        'real_sounds.py run $DATA --only esc10 --wide 2 2.7', 'real_sounds.py table'), '8'),
    'field_teachers': Result('results/field_teachers.md',
        ('field_teachers.py run $DATA $TEACHER', 'field_teachers.py table'), '1'),
    'few_labels': Result('results/few_labels.md',
        ('few_labels.py run $DATA --seeds 0 1 2', 'few_labels.py table'), '3'),
    'teacher_cost': Result('results/teacher_cost.json', ('teacher_cost.py $TEACHER',), '0.2'),
    'speed': Result('results/speed.json', ('speed.py',), '0.7'),
    'compress_search': Result('results/compress_search.jsonl', ('compress_search.py train',
        'compress_search.py nested'), '0.7'),
    'music_recipe': Result('results/music_recipe.json', ('music_recipe.py',), '0.3'),
    'gpu': Result('results/gpu.json', ('gpu_check.py',), '0.1'),
    'few_clips': Result('results/few_clips.csv',
        ('few_clips.py few', 'few_clips.py equal', 'few_clips.py table'), '1'),
    'recipes': Result('results/recipes.md', ('recipes.py train', 'recipes.py table'), '10'),
    'formats': Result('nbs/formats.json', ('formats.py $WORK/formats',), '8'),
    'digits_by_size': Result('nbs/tutorials/digits_by_size.csv',
        ('size_figure.py --measure',), '1'),
    'long_recordings': Result('results/long_recordings.json',
        ('long_recordings.py $WORK/long',), '1'),
    'near_pictures': Result('results/near_pictures.json', ('near_pictures.py',), '1'),
    'image_text_time': Result('results/image_text_time.json', ('image_text_time.py',), '0.5'),
    'page': Result('results/page.json', ('check_page.py --vendor --write',), '0.1'),
    'install_sizes': Result('results/install_sizes.json', ('install_sizes.py',), '0.3'),
}


def listing():
    "What there is, with the commands"
    for name, result in results.items():
        print(f'{name:16} {result.file}, some {result.hours} h')
        for command in result.commands: print(f'{"":16}   python scripts/{command}')


def words_of(command):
    "A command with its variables; an exit with a line where one is not set"
    words = shlex.split(command)
    for i, word in enumerate(words):
        if not word.startswith('$'): continue
        name, _, rest = word[1:].partition('/')
        if not os.environ.get(name):
            sys.exit(f'{command}: set {name}, such as make results NAME=... {name}=folder')
        words[i] = str(Path(os.environ[name]) / rest) if rest else os.environ[name]
    return words


def measure(name):
    "Run the commands of a result"
    if name not in results: sys.exit(f'no result {name!r}: one of {", ".join(results)}')
    planned = [words_of(command) for command in results[name].commands]
    for script, *more in planned:
        subprocess.run([sys.executable, root / 'scripts' / script, *more], cwd=root, check=True)
    print(f'{results[name].file} is new: make readme, and commit both')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('name', nargs='?', choices=[*results, ''])
    options = parser.parse_args()
    if options.name: measure(options.name)
    else: listing()
