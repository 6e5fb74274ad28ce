"The installed wheel at work, from another folder and without the development extras."

import json
import os
import subprocess
import sys
import time
from pathlib import Path

home = Path(__file__).resolve().parent.parent
here = Path.cwd()
env = {**os.environ, 'AUDIO_KD_DATA': str(here / 'data')}


def run(*command, code=0):
    done = subprocess.run(command, capture_output=True, text=True, env=env)
    if done.returncode != code:
        sys.exit(f'{command} ended with {done.returncode}:\n{done.stdout}\n{done.stderr}')
    return done.stdout, done.stderr


def fastest(statement, runs=5, quiet=True):
    "Seconds that a statement takes in a fresh interpreter, start-up subtracted"

    def once(code):
        start = time.perf_counter()
        out, err = run(sys.executable, '-c', code)
        if quiet and (out or err):
            sys.exit(f'{code!r} prints {out + err!r}')
        return time.perf_counter() - start

    once(statement)
    pairs = [(once(statement), once('pass')) for _ in range(runs)]
    return min(a for a, _ in pairs) - min(b for _, b in pairs)


if __name__ == '__main__':
    import audio_kd

    assert (
        home not in Path(audio_kd.__file__).parents or '.smoke' in Path(audio_kd.__file__).parts
    ), audio_kd.__file__
    lean, full, fastai = (
        fastest('import audio_kd'),
        fastest('from audio_kd.all import *', 3),
        fastest('import fastai.vision.all', 3, quiet=False),
    )
    print(
        f'import audio_kd {lean:.3f} s; from audio_kd.all import * {full:.2f} s, '
        f'{full / fastai:.2f} x import fastai.vision.all'
    )
    assert lean < 0.2 and full <= 1.3 * fastai
    run(
        sys.executable,
        '-c',
        'import sys; from audio_kd.all import *; assert not '
        '{"torchaudio", "wandb", "librosa", "timm"} & set(sys.modules), sorted(sys.modules)',
    )

    run(
        sys.executable,
        '-W',
        'ignore',
        '-c',
        'from audio_kd.checkpoint import save_state; from audio_kd.learner.checkpoint import '
        'save_state as new; assert save_state is new',
    )  # an old name
    command = str(Path(sys.executable).parent / 'audio_kd')
    out, _ = run(
        command,
        'experiment=demo',
        'training.epochs=1',
        'data.synth_clips=200',
        'training.batch_size=32',
        'teacher_model.params.width=.0625',
        'run.folds=0',
    )
    (folder,) = (here / 'outputs').glob('*/*')
    results = json.loads((folder / 'results.json').read_text())['results']
    assert [o['name'] for o in results][-4:] == [
        'teacher',
        'student alone',
        'distilled student',
        'int8 student',
    ], results
    clip = next((here / 'data').rglob('*.wav'))
    out, _ = run(
        sys.executable,
        '-c',
        'import sys; from audio_kd.runtime import AudioClassifier; '
        f'classifier = AudioClassifier({str(folder / "separable_cnn_int8.onnx")!r}); '
        f'print(classifier.predict({str(clip)!r})); '
        'assert "torch" not in sys.modules',
    )
    print(clip.parent.name, '->', out.strip())
    _, err = run(command, 'data.root=nowhere', code=2)
    assert err.startswith('audio_kd: nowhere: no such folder') and err.count('\n') == 1, err
    print('the installed wheel works')
