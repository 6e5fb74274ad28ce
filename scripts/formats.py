"""The table of all models in all formats: `python scripts/formats.py FOLDER [--models audio_cnn ...] [--clips 2000] [--epochs 12]`.

Every model is trained on SynthSounds, written as fp32 (.onnx .tflite .pt2 .ts) and as int8 (.onnx .tflite), and every file measured on the test clips. Rows are kept after each model, so a stopped run goes on where it was."""
import argparse
import json
from pathlib import Path

models = dict(audio_cnn={}, panns_mobilenetv1={}, panns_mobilenetv2={}, mobilenet_v3=dict(width=.4), efficientnet_v2_b0={}, ghost_efficientnet_v2={}, panns_cnn14={})

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path, help='where files, formats.md, formats.json and pictures go')
    parser.add_argument('--models', nargs='+', choices=models, default=list(models))
    parser.add_argument('--clips', type=int, default=2000, help='of SynthSounds; a fifth of them are test clips')
    parser.add_argument('--snr', type=float, nargs=2, default=(-6, 12), help='range, dB')
    parser.add_argument('--epochs', type=int, default=12)
    parser.add_argument('--lr', type=float, default=2e-3)
    args = parser.parse_args()
    import torch
    from fastai.torch_core import set_seed
    from audio_kd.data import AudioConfig, AudioDataLoaders
    from audio_kd.datasets import SynthSounds
    from audio_kd.learner import audio_learner
    from audio_kd.models import create_model
    from audio_kd.quant import quantize
    from audio_kd.report import AudioClassifier, compare_formats, formats_table, robustness, write_formats
    torch.set_num_threads(1)
    sounds = SynthSounds(args.clips, seed=2, snr=tuple(args.snr))
    dls = AudioDataLoaders.from_folder(sounds.save(args.folder/f'sounds-{sounds.key}', progress=False), AudioConfig(), bs=16, progress=False)
    clips, vocab = [dls.files[i] for i in dls.splits[2]], list(map(str, dls.vocab))
    labels = [vocab[i] for i in dls.test.dataset.labels]
    kept = args.folder/'rows.json'
    done = json.loads(kept.read_text()) if kept.exists() else {}
    for name in args.models:
        if name in done: continue
        set_seed(0)
        learn = audio_learner(dls, create_model(name, len(vocab), n_mels=dls.cfg.n_mels, **models[name]))
        with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(args.epochs, args.lr)
        files = args.folder/name
        rows = compare_formats({f'{name}_fp32': learn}, files, clips, labels, ('.onnx', '.tflite', '.pt2', '.ts')) + compare_formats({f'{name}_int8': quantize(learn)}, files, clips, labels)
        robust = robustness({o['name']: AudioClassifier(files/o['name']) for o in rows if o['name'].endswith('.onnx')}, clips[::2], labels[::2])
        done[name] = dict(rows=rows, robust=robust)
        kept.write_text(json.dumps(done))
        print(formats_table(rows), flush=True)
    print(write_formats([o for name in done for o in done[name]['rows']], args.folder, [o for name in done for o in done[name]['robust']]))
