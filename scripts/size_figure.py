"""The picture of the front page: accuracy against size, on held-out speakers.

    # draw it from nbs/tutorials/digits_by_size.csv
    python scripts/size_figure.py
    # write that table first, from the networks that
    # nbs/tutorials/where_distillation_pays.ipynb left in outputs/
    python scripts/size_figure.py --measure

Teachers and students of three sizes that know 30 labels, student baselines, students distilled
from three teachers, and those as int8 files (rounded after training, no clip of the test speaker
seen).
Every file is ONNX without front end, run in onnxruntime on all 500 clips of each of four speakers,
three seeds."""

import os
import sys
import tempfile
from pathlib import Path
import nbformat
import numpy as np
import pandas as pd
from audio_kd.core.names import old_names

tutorials = Path(__file__).resolve().parent.parent / 'nbs/tutorials'
table, picture = tutorials / 'digits_by_size.csv', tutorials.parent / 'images/accuracy_size.svg'


def read_table(path):
    "A table of runs; one that an earlier version has written has other names of columns"
    return pd.read_csv(path).rename(columns=old_names)


def measure():
    "One row per file: its size and how many clips of the test speaker it gets right"
    import onnxruntime as ort
    import torch
    from audio_kd.export import export_source
    from audio_kd.learner import audio_learner
    from audio_kd.export import to_onnx, to_onnx_int8
    from audio_kd.quant import quantize

    torch.set_num_threads(1)
    os.chdir(tutorials)
    names, rows = {}, []
    is_definition = True  # imports; then, below its results, clips, networks, teachers
    for cell in nbformat.read('where_distillation_pays.ipynb', 4).cells:
        if cell.cell_type == 'markdown':
            if cell.source.startswith('### The grid'):
                break
            if cell.source.startswith('## '):
                is_definition = cell.source.startswith('## Training')
        elif is_definition:
            exec(cell.source, names)
    loaders, features, digits, vocab, parts, config, voices, outputs = (
        names[name]
        for name in (
            'AudioDataLoaders',
            'features',
            'digits',
            'vocab',
            'parts',
            'config',
            'voices',
            'outputs',
        )
    )
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / 'model.onnx'

        def row(variant, student, fold, seed, x, y):
            session = ort.InferenceSession(str(path))
            logits = session.run(None, {session.get_inputs()[0].name: x})[0]
            rows.append(
                dict(
                    variant=variant,
                    student=student,
                    fold=fold,
                    seed=seed,
                    bytes=path.stat().st_size,
                    correct=int((logits.argmax(1) == y).sum()),
                    n=len(y),
                )
            )

        for fold in names['folds']:
            dls = loaders.from_features(
                features,
                digits,
                vocab,
                parts(fold),
                config,
                batch_tfms=voices(),
                bs=64,
                device='cpu',
            )
            batches = [(x.numpy(), y.numpy()) for x, y in dls.test]
            x, y = map(np.concatenate, zip(*batches, strict=True))
            for seed in names['seeds']:
                for variant, student in [
                    ('teacher', 'teacher'),
                    *(
                        (variant, size)
                        for size in ('2k', '8k', '27k')
                        for variant in ('alone', 'distilled')
                    ),
                ]:
                    model = (
                        names['make_teacher']()
                        if variant == 'teacher'
                        else names['make_student'](student)
                    )
                    kind = {'distilled': 'kd', 'alone': 'baseline'}.get(variant, variant)
                    file = (
                        f'teachers/few-{fold}-{seed}'
                        if variant == 'teacher'
                        else f'runs/{student}-few_{kind}-{fold}-{seed}'
                    )
                    names['load_weights'](model, outputs / f'{file}.safetensors')
                    model.half = False
                    learn = audio_learner(dls, model.eval())
                    to_onnx(export_source(learn), path, frontend=False)
                    row(variant, student, fold, seed, x, y)
                    if variant != 'distilled':
                        continue
                    to_onnx_int8(
                        export_source(quantize(learn, progress=False)), path, frontend=False
                    )
                    row('int8', student, fold, seed, x, y)
                print(
                    pd.DataFrame(rows)
                    .groupby(['student', 'variant'])[['correct', 'n']]
                    .sum()
                    .eval('correct/n')
                    .round(4)
                    .to_dict(),
                    flush=True,
                )
    pd.DataFrame(rows).to_csv(table, index=False)


def draw(rows):
    "Accuracy against the size of the file, mean over speakers and seeds"
    import matplotlib

    matplotlib.use('Agg')
    import matplotlib.pyplot as plt

    plt.rcParams.update({'svg.fonttype': 'none', 'svg.hashsalt': 'audio_kd', 'font.size': 11})
    fig, ax = plt.subplots(figsize=(7.2, 4))
    known = read_table(tutorials / 'where_distillation_pays.csv').query(
        "variant == 'few teachers'"
    )  # the mean of the three, whose files are three
    rows = pd.concat(
        [
            rows,
            known[['fold', 'seed', 'correct', 'n']].assign(
                variant='teachers',
                student='teacher',
                bytes=3 * rows[rows.variant == 'teacher'].bytes.mean(),
            ),
        ]
    )
    styles = dict(
        alone=('student baseline', 'o', '#888888'),
        distilled=('distilled', 'o', '#1f77b4'),
        int8=('distilled, int8', 's', '#d95f02'),
        teacher=('one teacher', '*', '#9467bd'),
        teachers=('its three teachers', '*', '#333333'),
    )
    mean = (
        rows.groupby(['variant', 'student'])
        .agg(bytes=('bytes', 'mean'), correct=('correct', 'sum'), n=('n', 'sum'))
        .eval('accuracy = correct/n')
        .reset_index()
    )
    for variant, (label, marker, color) in styles.items():
        rows_of = mean[mean.variant == variant].sort_values('bytes')
        ax.plot(
            rows_of.bytes / 1e3,
            100 * rows_of.accuracy,
            marker=marker,
            ms=14 if marker == '*' else 8,
            ls='' if marker == '*' else '-',
            lw=1.5,
            color=color,
            label=label,
        )
    ax.set(
        xscale='log',
        xlabel='file, kB',
        ylabel='accuracy on held-out speakers, %',
        xticks=(10, 30, 100, 300, 1000, 3000),
        xticklabels=('10', '30', '100', '300', '1000', '3000'),
    )
    ax.minorticks_off()
    ax.grid(alpha=0.3)
    ax.legend(frameon=False, loc='lower right')
    fig.tight_layout()
    picture.parent.mkdir(exist_ok=True)
    fig.savefig(picture, facecolor='white', metadata=dict(Date=None))
    fig.savefig(
        picture.with_suffix('.png'), facecolor='white', dpi=150, metadata=dict(Software=None)
    )  # social networks show no SVG
    return mean


if __name__ == '__main__':
    if '--measure' in sys.argv:
        measure()
    print(draw(read_table(table)).round(3).to_string(index=False))
