"""An exported bundle at work in an environment without PyTorch: `python scripts/check_bundle.py
[FOLDER_FOR_THE_ENVIRONMENT]`.

Writes ONNX and, where the extra [tflite] is installed, TFLite bundles with this environment (float
and int8, with front end and without), installs their requirements.txt into a fresh one and
compares the outputs."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

check = """
import importlib.util, json, sys
import numpy as np
for o in ('torch', 'fastai', 'audio_kd', 'librosa', 'pandas'):
    assert importlib.util.find_spec(o) is None, f'{o} is installed here'
from runtime import AudioClassifier, read_chunks
expected = json.load(open('expected.json'))
classifier = AudioClassifier(expected['file'])
difference = np.abs(classifier.predict('clip.wav').logits - np.array(expected['logits'])).max()
assert difference < 1e-4, difference
for bad, words in (('missing.wav', 'no such audio file'), ('labels.txt', 'unrecognised')):
    try: classifier.predict(bad)
    except (FileNotFoundError, RuntimeError) as e: assert words in str(e), str(e)
    else: raise AssertionError(f'{bad} was accepted')
probs = [row for _, row in classifier.windows(read_chunks('clip.wav')[0], 44100)]
assert len(probs) > 5 and np.isfinite(probs).all(), probs
table = classifier.predict_folder('.', progress=False)
assert len(table) == 1 and table[0]['label'] in classifier.vocab, table
print(expected['file'], f'has the outputs of before, largest difference {difference:.1e};',
    classifier.predict('clip.wav'))
"""

if __name__ == '__main__':
    import json
    import numpy as np
    import soundfile as sf
    import torch
    from audio_kd.data import AudioConfig, NormalizeSpectrogram
    from audio_kd.export import (
        AudioClassifier,
        ExportSource,
        FrontEnd,
        to_onnx,
        to_onnx_int8,
        to_tflite,
        to_tflite_int8,
        write_bundle,
    )
    from audio_kd.models import create_model, fold_bn
    from importlib.util import find_spec

    torch.manual_seed(0)
    work, cfg = Path(tempfile.mkdtemp()), AudioConfig(16000, 1.0)
    environment = Path(sys.argv[1] if len(sys.argv) > 1 else work / 'environment').resolve()
    model = (
        fold_bn(create_model('audio_cnn', 5, n_mels=64), torch.randn(4, 1, 64, 32))[0]
        .eval()
        .requires_grad_(False)
    )
    normalize = NormalizeSpectrogram(-15.0, 10.0)
    with torch.no_grad():
        features = FrontEnd(cfg, normalize)(
            torch.randn(32, 16000) * torch.logspace(-2, 0, 32)[:, None]
        )
    source = ExportSource(model, cfg, normalize, list('abcde'), features)
    clip = np.random.default_rng(0).standard_normal((44100, 2)) * 0.1
    python = environment / 'bin' / 'python'
    if not python.exists():
        subprocess.run([sys.executable, '-m', 'venv', str(environment)], check=True)
    files = [
        (to_onnx, 'model.onnx', True),
        (to_onnx_int8, 'model_int8.onnx', False),
        *(
            [(to_tflite, 'model.tflite', True), (to_tflite_int8, 'model_int8.tflite', True)]
            if find_spec('litert_torch')
            else []
        ),
    ]
    for write, name, frontend in files:
        folder = write_bundle(write(source, work / name, frontend), work / name.replace('.', '_'))
        sf.write(folder / 'clip.wav', clip, 44100)
        (folder / 'expected.json').write_text(
            json.dumps(
                dict(
                    file=name,
                    logits=AudioClassifier(work / name)
                    .predict(folder / 'clip.wav')
                    .logits.tolist(),
                )
            )
        )
        subprocess.run(
            [
                python,
                '-m',
                'pip',
                'install',
                '--disable-pip-version-check',
                '--progress-bar',
                'off',
                '-q',
                '-r',
                folder / 'requirements.txt',
            ],
            check=True,
        )
        subprocess.run(
            [python, '-c', check],
            check=True,
            cwd=folder,
            env={k: v for k, v in os.environ.items() if not k.startswith('PYTHON')},
        )
