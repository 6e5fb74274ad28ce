"""What README.md and examples/ show works: every block and script runs as a reader runs it.

    python scripts/check_readme.py           sizes made smaller, a minute
    python scripts/check_readme.py --full    sizes as they stand

It runs with the Python of an environment that has audio_kd, in one folder that holds what the
blocks name: `my_sounds` with a folder per class, and `dog.wav`. A block in a language other than
python and sh, or a shell line of another program, is an error. Two things differ from a reader's
run: `pip install` only resolves this package and its extras, as `make test` installs them into
fresh environments elsewhere, and of `make demo` the command runs that make would run once its
environment is there."""

import argparse
import os
import re
import runpy
import shlex
import subprocess
import sys
import tempfile
import time
import traceback
from pathlib import Path

root = Path(__file__).resolve().parent.parent
smaller = {  # in blocks of Python, without --full
    r'fit_one_cycle\(\d+': 'fit_one_cycle(2',
    r'SynthSounds\(600': 'SynthSounds(80',
    r'width=\.25': 'width=.0625',
}
small_options = (  # of `audio_kd`, without --full
    'training.epochs=1',
    'data.synth_clips=100',
    'data.n_mels=32',
    'run.baselines=false',
    'run.refit=false',
    'tracking.tensorboard=false',
)
small_teacher = 'teacher_model.params.width=.0625'
prepare = """import shutil
from audio_kd.data import SynthSounds
folder = SynthSounds(600, seed=1, snr=(6, 12)).save("my_sounds", progress=False)
shutil.copy(next(folder.rglob("*.wav")), "dog.wav")"""
examples = (  # scripts of examples/ with their arguments, in order
    ('train_and_distill.py', 'my_sounds', '--epochs', 1, '--width', 0.0625),
    (
        'quantize_and_export.py',
        'my_sounds',
        'models/student.safetensors',
        'small.onnx',
        '--bundle',
        'bundle',
    ),
    ('predict.py', 'small.onnx', 'dog.wav'),
    ('predict.py', 'small.onnx', 'my_sounds'),
    ('predict.py', 'small.onnx', 'dog.wav', '--stream'),
    ('main.py', '--cfg', 'job'),
)
without_torch = """import runpy, sys
sys.argv = ["predict.py", "small.onnx", "dog.wav"]
runpy.run_path({!r}, run_name="__main__")
assert "torch" not in sys.modules"""


def run_child(task, folder):
    "In the child: the exit status of a task, its output in a file of the folder"
    os.chdir(folder)
    with open(folder / 'output.log', 'w') as f:
        for number in (1, 2):
            os.dup2(f.fileno(), number)
    sys.stdout = os.fdopen(1, 'w', buffering=1)
    sys.stderr = os.fdopen(2, 'w', buffering=1)
    try:
        return task() or 0
    except SystemExit as e:
        if e.code and not isinstance(e.code, int):
            print(e.code)
        return e.code if isinstance(e.code, int) else bool(e.code)
    except BaseException:
        traceback.print_exc()
        return 1
    finally:
        sys.stdout.flush()
        sys.stderr.flush()


def measure(task, folder):
    """Run a function there in a process of its own, which has the library imported already:
    (exit status, its output, seconds of processor time, GB of memory)"""
    child = os.fork()
    if not child:
        code = 1
        try:
            code = run_child(task, folder)
        finally:
            os._exit(code)
    _, status, usage = os.wait4(child, 0)
    gigabytes = usage.ru_maxrss / (1e9 if sys.platform == 'darwin' else 1e6)
    output = (folder / 'output.log').read_text()
    return os.waitstatus_to_exitcode(status), output, usage.ru_utime + usage.ru_stime, gigabytes


def run(what, task, folder):
    "Run a function there; stop with its output where it fails"
    start = time.perf_counter()
    status, output, seconds, _ = measure(task, folder)
    if status:
        sys.exit(f'{what}\nended with {status}:\n{output[-4000:]}')
    elapsed = time.perf_counter() - start
    title = what.splitlines()[0][:120]
    print(f'{elapsed:5.1f} s ({seconds:.1f} s of processor)  {title}', flush=True)


def script(path, *args):
    "Function that runs a script as `python path args` does"

    def task():
        sys.argv[:] = [str(path), *map(str, args)]
        sys.path[0] = str(Path(path).parent)
        runpy.run_path(str(path), run_name='__main__')

    return task


def the_command(*args):
    "Function that does what the command does"

    def task():
        from audio_kd.run.cli import main

        sys.argv[:] = ['audio_kd', *args]
        return main()

    return task


def planned_words(words):
    "The command that `make TARGET` runs, once its environment is there"
    command = ['make', '--no-print-directory', '-n', '-o', '.venv/.core-installed', *words[1:]]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True)
    given = dict(word.split('=', 1) for word in words[1:] if '=' in word)
    line = done.stdout.strip().splitlines()[-1]
    return [word.replace('$AUDIO_KD_ROOT', given.get('DATA', '')) for word in shlex.split(line)]


def resolves(requirement):
    "Function that fails where pip finds no such package here, with that extra"
    quiet = ['-q', '--disable-pip-version-check']
    offline = ['--dry-run', '--no-deps', '--no-index', '--no-build-isolation']
    path = f'{root}{requirement.removeprefix(".")}'
    command = [sys.executable, '-m', 'pip', 'install', *quiet, *offline, path]
    return lambda: subprocess.run(command).returncode


def sized(args):
    "Arguments of `audio_kd` for a small run"
    more = [*small_options]
    if not any(word.startswith('teacher_model=') for word in args):
        more.append(small_teacher)
    keys = {word.split('=')[0] for word in more}
    return [word for word in args if word.split('=')[0] not in keys] + more


def task_of(line, folder, full):
    "The function for a line of a sh block"
    words = shlex.split(line, comments=True)
    if words[:1] == ['make']:
        words = planned_words(words)
    program = Path(words[0]).name
    args = words[1:]
    if program == 'pip':
        return resolves(args[-1])
    if program != 'audio_kd':
        raise ValueError(f'README.md: {line!r} starts no known program')
    if args[0] == 'predict':
        newest = str(max((folder / 'outputs').glob('*/*'), default=''))
        return the_command(*[word.replace('outputs/DATE/TIME', newest) for word in args])
    return the_command(*(args if full or '--cfg' in args else sized(args)))


def run_block(language, code, folder, full):
    "Run a fenced block of README.md"
    if language == 'python':
        for long, short in () if full else smaller.items():
            code = re.sub(long, short, code)
        run(code.strip().splitlines()[2], lambda: exec(code, {'__name__': '__main__'}), folder)
    elif language == 'sh':
        for line in filter(None, map(str.strip, code.splitlines())):
            run(line, task_of(line, folder, full), folder)
    else:
        sys.exit(f'README.md: a block in {language or "no language"}')


def run_examples(folder):
    "Run each script of examples/"
    scripts = root / 'examples'
    names = {path.name for path in scripts.glob('*.py')}
    unknown = sorted(names - {example[0] for example in examples})
    if unknown:
        sys.exit(f'examples/: {", ".join(unknown)} is not tried by this script')
    for name, *args in examples:
        title = ' '.join([f'examples/{name}', *map(str, args)])
        run(title, script(scripts / name, *args), folder)
    source = without_torch.format(str(scripts / 'predict.py'))
    subprocess.run([sys.executable, '-c', source], cwd=folder, check=True)


def main(full):
    os.environ['OMP_NUM_THREADS'] = '1'
    import audio_kd.all  # noqa: F401, once, for all
    import audio_kd.run.pipeline  # noqa: F401

    text = (root / 'README.md').read_text(encoding='utf-8')
    with tempfile.TemporaryDirectory() as work:
        folder = Path(work)
        os.environ['AUDIO_KD_DATA'] = f'{work}/data'
        clips = prepare if full else prepare.replace('SynthSounds(600', 'SynthSounds(80')
        run('my_sounds, dog.wav', lambda: exec(clips, {}), folder)
        for language, code in re.findall(r'^```(\w*)\n(.*?)^```$', text, re.M | re.S):
            run_block(language, code, folder, full)
        run_examples(folder)
    print('every block of README.md and every script of examples/ works')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('--full', action='store_true', help='sizes as they stand')
    main(parser.parse_args().full)
