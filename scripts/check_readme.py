"""What README.md and examples/ show works: `python scripts/check_readme.py`, with the Python of an
environment that has audio_kd.

Every fenced block of README.md and every script of examples/ runs in one folder that holds what
they speak of: `my_sounds` with a folder per class, and `dog.wav`.
Only sizes are made smaller, by the replacements below. A block in a language other than python and
sh, or a shell line of another program, is an error."""

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
smaller = {
    r'fit_one_cycle\(\d+': 'fit_one_cycle(2',
    r'SynthSounds\(600': 'SynthSounds(80',
    r'width=\.25': 'width=.0625',
}  # in python blocks
options = [
    'training.epochs=1',
    'data.synth_clips=100',
    'data.n_mels=32',
    'run.baselines=false',
    'run.refit=false',
    'tracking.tensorboard=false',
]  # of `audio_kd`
prepare = """import shutil
from audio_kd.data import SynthSounds
folder = SynthSounds(80, seed=1, snr=(6, 12)).save("my_sounds", progress=False)
shutil.copy(next(folder.rglob("*.wav")), "dog.wav")"""


def run(what, task, folder):
    """Run a function there in a process of its own, which has the library imported already; exit
    with its output where it fails"""
    log = folder / 'output.log'
    child = os.fork()
    if not child:
        code = 1
        try:
            os.chdir(folder)
            with open(log, 'w') as f:
                for stream in (1, 2):
                    os.dup2(f.fileno(), stream)
            sys.stdout, sys.stderr = os.fdopen(1, 'w', buffering=1), os.fdopen(2, 'w', buffering=1)
            code = task() or 0
        except SystemExit as e:
            code = e.code if isinstance(e.code, int) else bool(e.code)
            if code:
                print(e.code)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            os._exit(code)
    start, (_, status, usage) = time.perf_counter(), os.wait4(child, 0)
    if status:
        sys.exit(
            f'{what}\nended with {os.waitstatus_to_exitcode(status)}:\n{log.read_text()[-4000:]}'
        )
    print(
        f'{time.perf_counter() - start:5.1f} s ({usage.ru_utime + usage.ru_stime:.1f} s of processor)  {what.splitlines()[0][:120]}',
        flush=True,
    )


def script(path, *args):  # function that runs a script as `python path args` does
    def task():
        sys.argv[:], sys.path[0] = [str(path), *map(str, args)], str(Path(path).parent)
        runpy.run_path(str(path), run_name='__main__')

    return task


def the_command(*args):  # function that does what the command does
    def task():
        from audio_kd.run.cli import main

        sys.argv[:] = ['audio_kd', *args]
        return main()

    return task


def task_of(line, folder):
    "The function for a line of a sh block; None for what `make test` itself is"
    words = shlex.split(line, comments=True)
    if words[:2] == ['make', 'test']:
        return None
    if words[:1] == ['make']:  # what it would run, once its environment is there
        planned = subprocess.run(
            ['make', '--no-print-directory', '-n', '-o', '.venv/.core-installed', *words[1:]],
            cwd=root,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        given = dict(o.split('=', 1) for o in words[1:] if '=' in o)
        words = [
            word.replace('$AUDIO_KD_ROOT', given.get('DATA', ''))
            for word in shlex.split(planned.strip().splitlines()[-1])
        ]
    program, args = Path(words[0]).name, words[1:]
    if program == 'pip':  # does it resolve to this package with that extra?
        return lambda: (
            subprocess.run(
                [
                    sys.executable,
                    '-m',
                    'pip',
                    'install',
                    '-q',
                    '--dry-run',
                    '--no-deps',
                    '--no-index',
                    '--no-build-isolation',
                    '--disable-pip-version-check',
                    f'{root}{args[-1].removeprefix(".")}',
                ]
            ).returncode
        )
    if program != 'audio_kd':
        raise ValueError(f'README.md: {line!r} starts no known program')
    if args[0] == 'predict':
        args = [
            word.replace(
                'outputs/DATE/TIME', str(max((folder / 'outputs').glob('*/*'), default=''))
            )
            for word in args
        ]
    elif '--cfg' not in args:
        sized = options + ['teacher_model.params.width=.0625'] * (
            not any(o.startswith('teacher_model=') for o in args)
        )
        args = [o for o in args if o.split('=')[0] not in {o.split('=')[0] for o in sized}] + sized
    return the_command(*args)


if __name__ == '__main__':
    os.environ['OMP_NUM_THREADS'] = '1'
    import audio_kd.all, audio_kd.run.pipeline  # once, for all

    scripts = root / 'examples'
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        os.environ['AUDIO_KD_DATA'] = str(folder / 'data')
        run('my_sounds, dog.wav', lambda: exec(prepare, {}), folder)
        for language, code in re.findall(
            r'^```(\w*)\n(.*?)^```$', (root / 'README.md').read_text(encoding='utf-8'), re.M | re.S
        ):
            if language == 'python':
                for long, short in smaller.items():
                    code = re.sub(long, short, code)
                run(
                    code.strip().splitlines()[2],
                    lambda: exec(code, dict(__name__='__main__')),
                    folder,
                )
            elif language == 'sh':
                for line in filter(None, map(str.strip, code.splitlines())):
                    if task := task_of(line, folder):
                        run(line, task, folder)
            else:
                sys.exit(f'README.md: a block in {language or "no language"}')
        tries = [
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
        ]
        if new := {o.name for o in scripts.glob('*.py')} - {o[0] for o in tries}:
            sys.exit(f'examples/: {", ".join(sorted(new))} is not tried by this script')
        for name, *args in tries:
            run(
                ' '.join(['examples/' + name, *map(str, args)]),
                script(scripts / name, *args),
                folder,
            )
        subprocess.run(
            [
                sys.executable,
                '-c',
                'import runpy, sys; sys.argv = ["predict.py", "small.onnx", "dog.wav"]; runpy.run_path(%r, run_name="__main__"); assert "torch" not in sys.modules'
                % str(scripts / 'predict.py'),
            ],
            cwd=folder,
            check=True,
        )
    print('every block of README.md and every script of examples/ works')
