"""What README.md and examples/ show works: `python scripts/check_readme.py`, with the Python of an environment that has audio_kd.

Every fenced block of README.md and every script of examples/ runs in one folder that holds what they speak of: `my_sounds` with a folder per class, and `dog.wav`.
Only sizes are made smaller, by the replacements below. A block in a language other than python and sh, or a shell line of another program, is an error."""
import os
import re
import shlex
import subprocess
import sys
import tempfile
import time
from pathlib import Path

root, binary = Path(__file__).resolve().parent.parent, Path(sys.executable).parent
smaller = {r'fit_one_cycle\(\d+': 'fit_one_cycle(2', r'SynthSounds\(600': 'SynthSounds(100', r'width=\.25': 'width=.0625'} # in python blocks
options = ['training.epochs=1', 'data.synth_clips=100', 'data.n_mels=32', 'run.baselines=false', 'tracking.tensorboard=false'] # added to `audio_kd` where the line does not set them
prepare = '''import shutil
from audio_kd.datasets import SynthSounds
folder = SynthSounds(100, seed=1, snr=(6, 12)).save("my_sounds", progress=False)
shutil.copy(next(folder.rglob("*.wav")), "dog.wav")'''


def run(command, folder):
    "Run a command there; stop with all that it said when it fails"
    start, cpu = time.perf_counter(), os.times()
    env  = {**os.environ, 'OMP_NUM_THREADS': '1', 'AUDIO_KD_DATA': str(folder/'data')}
    done = subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, stdin=subprocess.DEVNULL)
    words = ' '.join(map(str, command))
    if done.returncode: sys.exit(f'{words}\nended with {done.returncode}:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}')
    now = os.times()
    print(f'{time.perf_counter() - start:5.1f} s ({now.children_user - cpu.children_user + now.children_system - cpu.children_system:.1f} s of processor)  {words.splitlines()[0].replace(f"{root}/", "").replace(f"{binary}/", "")[:120]}', flush=True)
    return done.stdout


def command_of(line, folder):
    "The command for a line of a sh block; None for what `make test` itself is"
    words = shlex.split(line, comments=True)
    if words[:2] == ['make', 'test']: return None
    if words[:1] == ['make']: # what it would run, once its environment is there
        planned = subprocess.run(['make', '--no-print-directory', '-n', '-o', '.venv/.core-installed', *words[1:]], cwd=root, capture_output=True, text=True, check=True).stdout
        words   = shlex.split(planned.strip().splitlines()[-1])
    program, *args = [Path(words[0]).name, *words[1:]]
    if program == 'pip': return [sys.executable, '-m', 'pip', 'install', '-q', '--dry-run', '--no-deps', '--no-index', '--no-build-isolation', '--disable-pip-version-check', f'{root}{args[-1].removeprefix(".")}']
    if program == 'python': return [sys.executable, *args]
    if program != 'audio_kd': raise ValueError(f'README.md: {line!r} starts no known program')
    if args[0] == 'predict': return [binary/program, *(o.replace('outputs/DATE/TIME', str(max((folder/'outputs').glob('*/*')))) for o in args)]
    return [binary/program, *args, *(o for o in options if o.split('=')[0] not in ' '.join(args))]


if __name__ == '__main__':
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        run([sys.executable, '-c', prepare], folder)
        for language, code in re.findall(r'^```(\w*)\n(.*?)^```$', (root/'README.md').read_text(encoding='utf-8'), re.M | re.S):
            if language == 'python':
                for long, short in smaller.items(): code = re.sub(long, short, code)
                run([sys.executable, '-c', code], folder)
            elif language == 'sh':
                for line in filter(None, map(str.strip, code.splitlines())):
                    if command := command_of(line, folder): run(command, folder)
            else: sys.exit(f'README.md: a block in {language or "no language"}')
        scripts = root/'examples'
        for script, *args in (('train_and_distil.py', 'my_sounds', '--epochs', 1, '--width', .0625), ('quantize_and_export.py', 'my_sounds', 'models/student.safetensors', 'small.onnx', '--bundle', 'bundle'),
                              ('predict.py', 'small.onnx', 'dog.wav'), ('predict.py', 'small.onnx', 'my_sounds'), ('predict.py', 'small.onnx', 'dog.wav', '--stream'), ('main.py', '--cfg', 'job')):
            run([sys.executable, scripts/script, *map(str, args)], folder)
        tried = {'train_and_distil.py', 'quantize_and_export.py', 'predict.py', 'main.py'}
        if new := {o.name for o in scripts.glob('*.py')} - tried: sys.exit(f'examples/: {", ".join(sorted(new))} is not tried by this script')
        run([sys.executable, '-c', 'import sys; sys.argv = ["predict.py", "small.onnx", "dog.wav"]; import runpy; runpy.run_path(%r, run_name="__main__"); assert "torch" not in sys.modules' % str(scripts/'predict.py')], folder)
    print('every block of README.md and every script of examples/ works')
