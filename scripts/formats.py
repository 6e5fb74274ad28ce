"""The table of all models in all formats: `python scripts/formats.py FOLDER [--models audio_cnn ...]`.

Every model is trained on SynthSounds, written as fp32 (.onnx .tflite .pt2 .ts) and as int8 (.onnx .tflite), and every file measured on the test clips.
Where an int8 file misses its gate, the layers that cause it are found on validation clips and kept float: one more row of the same format. Weights and rows are kept after each model, so a stopped run goes on where it was."""
import argparse
import json
from pathlib import Path

plain  = dict(dropout=0., head_dropout=.2) # 1,600 clips are few for the dropouts that AudioSet needs
models = dict(audio_cnn=plain, panns_mobilenetv1=dict(head_dropout=.2), panns_mobilenetv2=dict(head_dropout=.2), mobilenet_v3=dict(width=.4), efficientnet_v2_b0={}, ghost_efficientnet_v2={}, panns_cnn14=plain)

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('folder', type=Path, help='where files, formats.md, formats.json and pictures go')
    parser.add_argument('--models', nargs='+', choices=models, default=list(models))
    parser.add_argument('--clips', type=int, default=2000, help='of SynthSounds; a fifth of them are test clips')
    parser.add_argument('--snr', type=float, nargs=2, default=(0, 20), help='range, dB')
    parser.add_argument('--epochs', type=int, default=12)
    parser.add_argument('--lr', type=float, default=2e-3)
    args = parser.parse_args()
    import torch
    from fastai.torch_core import set_seed
    from audio_kd.checkpoint import atomic_write, load_weights, save_weights
    from audio_kd.data import AudioConfig, AudioDataLoaders
    from audio_kd.datasets import SynthSounds
    from audio_kd.learner import audio_learner
    from audio_kd.models import create_model
    from audio_kd.quant import quantize
    from audio_kd.quant_report import mixed_precision
    from audio_kd.report import AudioClassifier, compare_formats, formats_table, robustness, write_formats
    torch.set_num_threads(1)
    sounds = SynthSounds(args.clips, seed=2, snr=tuple(args.snr))
    dls = AudioDataLoaders.from_folder(sounds.save(args.folder/f'sounds-{sounds.key}', progress=False), AudioConfig(), bs=16, progress=False)
    clips, vocab = [dls.files[i] for i in dls.splits[2]], list(map(str, dls.vocab))
    labels = [vocab[i] for i in dls.test.dataset.labels]
    def rows_of(name):
        key = f'{name}-{sounds.key}-{args.epochs}epochs-lr{args.lr:g}'
        files, kept, weights = args.folder/name, args.folder/f'{key}.json', args.folder/f'{key}.safetensors'
        if kept.exists(): return json.loads(kept.read_text())
        set_seed(0)
        learn = audio_learner(dls, create_model(name, len(vocab), n_mels=dls.cfg.n_mels, **models[name]))
        if weights.exists(): load_weights(learn.model, weights)
        else:
            with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(args.epochs, args.lr)
            save_weights(learn.model, weights)
        rows = compare_formats({f'{name}_fp32': learn}, files, clips, labels, ('.onnx', '.tflite', '.pt2', '.ts')) + compare_formats({f'{name}_int8': quantize(learn)}, files, clips, labels)
        missed = [Path(o['name']).suffix for o in rows if o['network'] == 'int8' and o['problems']]
        if missed:
            mixed = mixed_precision(learn, min_agreement=.99)
            print(mixed, flush=True)
            if mixed.skip: rows += compare_formats({f'{name}_mixed': quantize(learn, skip=mixed.skip)}, files, clips, labels, missed)
        robust = robustness({o['name']: AudioClassifier(files/o['name']) for o in rows if o['name'].endswith('.onnx')}, clips[::2], labels[::2])
        atomic_write(kept, json.dumps(dict(rows=rows, robust=robust)))
        print(formats_table(rows), flush=True)
        return dict(rows=rows, robust=robust)
    found = [rows_of(name) for name in args.models]
    print(write_formats([row for o in found for row in o['rows']], args.folder, [row for o in found for row in o['robust']]))
