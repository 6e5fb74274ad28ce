"""The table of all models in all formats: `python scripts/formats.py FOLDER [--models audio_cnn
...]`.

Every model is trained on SynthSounds, written as fp32 (.onnx .tflite .pt2 .ts) and as int8 (.onnx
.tflite), and every file measured on the test clips.
Where an int8 file misses a target, the layers that cause it are measured on validation clips, and
the worst of them kept float until the file holds there: one more row of the same format.
Weights and rows of a model are kept beside each other, so a stopped run resumes; the table is of
all models that have rows, judged again by today's targets. `--models` alone, without a name, only
writes the table; `--keep nbs/formats.json` takes into it the rows of models that have none in the
folder.
`commit` of a row names the code with which it was measured, `processor` where.

`--quick` is for the question what weights of 7 bits (the grid of all int8 files) cost against 8:
every model as fp32 and int8 in .onnx and .tflite, and once more as .tflite with weights of 8 bits;
no mixed precision, no noise. It writes bits.json instead."""

import argparse
import json
from pathlib import Path

plain = dict(
    dropout=0.0, head_dropout=0.2
)  # 1,600 clips are few for the dropouts that AudioSet needs
models = dict(
    audio_cnn=plain,
    panns_mobilenetv1=dict(head_dropout=0.2),
    panns_mobilenetv2=dict(head_dropout=0.2),
    mobilenet_v3=dict(width=0.4),
    efficientnet_v2_b0={},
    ghost_efficientnet_v2={},
    panns_cnn14=plain,
)

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.partition('\n\n')[0])
    parser.add_argument(
        'folder', type=Path, help='where files, formats.md, formats.json and pictures go'
    )
    parser.add_argument('--models', nargs='*', choices=models, default=list(models))
    parser.add_argument(
        '--clips', type=int, default=4000, help='of SynthSounds; a fifth of them are test clips'
    )
    parser.add_argument('--snr', type=float, nargs=2, default=(0, 20), help='range, dB')
    parser.add_argument(
        '--epochs', type=int, help='12; 3 for Cnn14, which is here for parity and one int8 file'
    )
    parser.add_argument('--lr', type=float, default=2e-3)
    parser.add_argument('--keep', type=Path, help='an earlier formats.json')
    parser.add_argument(
        '--quick',
        action='store_true',
        help='only the table of 7 and 8 bits, bits.json; Cnn14 at a quarter of its width',
    )
    args = parser.parse_args()
    import torch
    from audio_kd.learner import atomic_write, load_weights, save_weights
    from audio_kd.data import SynthSounds
    from audio_kd.export import float_convolutions
    from audio_kd.export import formats_table, missed_targets, write_formats
    from audio_kd.learner import run_info

    torch.set_num_threads(1)
    sounds = SynthSounds(args.clips, seed=2, snr=tuple(args.snr))

    def data():  # (AudioDataLoaders, test clips, their labels)
        from audio_kd.data import AudioConfig, AudioDataLoaders

        dls = AudioDataLoaders.from_folder(
            sounds.save(args.folder / f'sounds-{sounds.key}', progress=False),
            AudioConfig(),
            bs=16,
            progress=False,
        )
        return (
            dls,
            [dls.files[i] for i in dls.splits[2]],
            [str(dls.vocab[i]) for i in dls.test.dataset.labels],
        )

    def fix(
        learn, sensitivity, files, name, suffix
    ):  # (worst layers and their errors, those to keep float)
        from audio_kd.export import export
        from audio_kd.quant import quantize

        worst = sorted(
            zip(sensitivity.only, sensitivity.parameters, sensitivity.layers, strict=True),
            reverse=True,
        )
        order = [
            layer for _, _, layer in sorted(worst, key=lambda row: -(row[0] ** 2) / row[1])
        ]  # most harm per weight first
        trials = {}
        for n in (
            1,
            2,
            4,
            8,
            16,
            32,
        ):  # the file itself on validation clips: there are more operators in it than the layers
            if n > len(order) // 2:
                break
            report = export(
                quantize(learn, skip=order[:n]),
                files / f'trial{suffix}',
                force=True,
                memory=False,
                mend=False,
            )
            trials[n] = (bool(report.problems), -report.agreement)
            print(
                f'{name}{suffix}, {n} layers float: same prediction on {report.agreement:.1%} '
                f'of {report.n} validation clips {report.problems}',
                flush=True,
            )
            if not report.problems and report.agreement >= 0.985:
                break
        (files / f'trial{suffix}').unlink()
        return [dict(layer=layer, error=error) for error, _, layer in worst[:8]], order[
            : min(trials, key=lambda n: (trials[n], n))
        ]

    def measure(name, epochs, rows_file):
        from fastai.torch_core import set_seed
        from audio_kd.learner import audio_learner
        from audio_kd.models import create_model
        from audio_kd.quant import quantize
        from audio_kd.quant import layer_sensitivity
        from audio_kd.export import compare_formats, robustness
        from audio_kd.runtime import AudioClassifier

        (dls, clips, labels), files, weights, big = (
            data(),
            args.folder / name,
            rows_file.with_suffix('.safetensors'),
            name == 'panns_cnn14',
        )
        set_seed(0)
        learn = audio_learner(
            dls,
            create_model(name, len(dls.vocab), n_mels=dls.cfg.n_mels, **models[name]),
            recipe=None,
        )
        if weights.exists():
            load_weights(learn.model, weights)
        else:
            with learn.no_bar(), learn.no_logging():
                learn.fit_one_cycle(epochs, args.lr)
            save_weights(learn.model, weights)
        rows = compare_formats(
            {f'{name}_fp32': learn}, files, clips, labels, ('.onnx', '.tflite', '.pt2', '.ts')
        ) + compare_formats(
            {f'{name}_int8': quantize(learn)},
            files,
            clips,
            labels,
            ('.onnx',) if big else ('.onnx', '.tflite'),
        )
        missed = [
            row
            for row in rows
            if row['network'] == 'int8' and missed_targets(row, sizes=False) and not big
        ]  # float layers make no file smaller
        sensitivity = layer_sensitivity(learn) if missed else None
        for row in missed:
            suffix = Path(row['name']).suffix
            row['layers'], skip = fix(learn, sensitivity, files, name, suffix)
            rows += compare_formats(
                {f'{name}_mixed': quantize(learn, skip=skip)}, files, clips, labels, (suffix,)
            )
            row['fix'] = rows[-1]['name']
        robust = (
            []
            if big
            else robustness(
                {
                    row['name']: AudioClassifier(files / row['name'])
                    for row in rows
                    if row['name'].endswith('.onnx')
                },
                clips[::2],
                labels[::2],
            )
        )
        atomic_write(
            rows_file,
            json.dumps(
                dict(rows=[o | dict(commit=run_info()['commit']) for o in rows], robust=robust)
            ),
        )
        print(formats_table(rows), flush=True)

    def measure_bits(name, epochs, rows_file):
        from fastai.torch_core import set_seed
        from audio_kd.learner import audio_learner
        from audio_kd.models import create_model
        from audio_kd.quant import quantize
        from audio_kd.export import compare_formats

        (dls, clips, labels), files, weights = (
            data(),
            args.folder / name,
            rows_file.with_suffix('.safetensors'),
        )
        narrow = dict(width=0.25) if name == 'panns_cnn14' else {}
        set_seed(0)
        learn = audio_learner(
            dls,
            create_model(name, len(dls.vocab), n_mels=dls.cfg.n_mels, **models[name], **narrow),
            recipe=None,
        )
        if weights.exists():
            load_weights(learn.model, weights)
        else:
            with learn.no_bar(), learn.no_logging():
                learn.fit_one_cycle(epochs, args.lr)
            save_weights(learn.model, weights)
        rows = []
        for kind, source, formats in (
            ('fp32', learn, ('.onnx',)),
            ('7bits', quantize(learn), ('.onnx', '.tflite')),
            ('8bits', quantize(learn, bits=8), ('.tflite',)),
        ):
            rows += compare_formats(
                {f'{name}_{kind}': source}, files, clips, labels, formats, memory=False
            )
        info = run_info()
        rows = [
            row
            | dict(
                model=name,
                bits=None if '_fp32' in row['name'] else int(row['name'].split('_')[-1][0]),
                commit=info['commit'],
                epochs=epochs,
                train_clips=len(dls.train_ds),
            )
            for row in rows
        ]
        atomic_write(rows_file, json.dumps(dict(rows=rows)))
        print(formats_table(rows), flush=True)

    if args.quick:
        bits_rows = []
        for name in args.models:
            rows_file = (
                args.folder
                / f'bits-{name}-{sounds.key}-{args.epochs or 6}epochs-lr{args.lr:g}.json'
            )
            if not rows_file.exists():
                measure_bits(name, args.epochs or 6, rows_file)
            bits_rows += json.loads(rows_file.read_text())['rows']
            atomic_write(
                args.folder / 'bits.json', json.dumps(dict(rows=bits_rows), indent=1) + '\n'
            )  # what there is
        raise SystemExit(0)

    def judged(row, name):
        file = args.folder / name / row['name']
        if (
            row['network'] == 'int8'
            and file.suffix == '.onnx'
            and 'float_convolutions' not in row
            and file.exists()
        ):
            row['float_convolutions'] = float_convolutions(file)  # rows of an earlier day
        return row | dict(problems=missed_targets(row))

    for name in args.models:
        epochs = args.epochs or (3 if name == 'panns_cnn14' else 12)
        rows_file = args.folder / f'{name}-{sounds.key}-{epochs}epochs-lr{args.lr:g}.json'
        if not rows_file.exists():
            measure(name, epochs, rows_file)
    rows, robust, earlier = [], [], json.loads(args.keep.read_text()) if args.keep else {}

    def of(kind, name):
        return [o for o in earlier.get(kind, ()) if o['name'].startswith(f'{name}_')]

    for name in models:
        newest = max(
            args.folder.glob(f'{name}-{sounds.key}-*epochs-lr*.json'),
            key=lambda path: path.stat().st_mtime,
            default=None,
        )
        stored = (
            dict(
                rows=[dict(commit=earlier['commit']) | o for o in of('rows', name)],
                robust=of('robustness', name),
            )
            if newest is None
            else json.loads(newest.read_text())
        )
        rows += [judged(row, name) for row in stored['rows']]
        robust += stored['robust']
    if not rows:
        raise SystemExit(
            f'{args.folder}: no rows of {sounds.key} yet: name the --models to measure'
        )
    print(write_formats(rows, args.folder, robust or None).read_text())
