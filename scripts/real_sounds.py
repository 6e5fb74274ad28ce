"""What the command gives on real recordings with its defaults: ESC-10 fold by fold, FSDD speaker by
speaker, three seeds. Test clips choose nothing.

python scripts/real_sounds.py run DATA [--only esc10] [--folds 1 2] [--seeds 0] [--wide 2 2.7]
python scripts/real_sounds.py table      # results/real_sounds.csv and results/real_sounds.md

DATA is the folder that holds esc10/ and fsdd/. A run that is in results/real_sounds.jsonl already
is
not made again. `--wide` trains wider students alone, by the same defaults. Runs with seeds above 0
leave out the folds to choose by (run.folds=0) and the int8 file, with --quick those of
seed 0 the folds: their choice is that of the validation clips alone. With --final only the networks
that are tested are trained, none of those that choose between them: the same ones for half the
time.
`--threads 2` trains folds at once, as the command does by default.
"""

import csv
import json
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from measured_on import measured_on
from result_rows import accuracy_row, csv_cells, difference_head, difference_row, run_and_table

from audio_kd.audio import clip_source
from audio_kd.stats import bootstrap_interval

results = Path(__file__).resolve().parent.parent / 'results'
log = results / 'real_sounds.jsonl'
sets = dict(esc10=['1', '2', '3', '4'], fsdd=['george', 'jackson', 'nicolas', 'theo'])
titles = dict(
    esc10='ESC-10, a fold of four held out in turn',
    fsdd='FSDD, one speaker of four held out in turn',
)


def recording_of(name, data):  # str
    """What the clips of an interval are drawn by: recordings, or for FSDD clips (there are four
    speakers)"""
    return clip_source(Path(name)) if data == 'esc10' else name


def done():  # {key: row}
    rows = map(json.loads, log.read_text().splitlines()) if log.exists() else []
    return {(o['data'], o['fold'], o['seed'], o['width']): o for o in rows}


def overrides(options, data, fold, seed, width):
    given = [
        f'data={data}',
        f'data.root={options.root.resolve() / data}',
        f'data.test_fold={fold}',
        f'run.seed={seed}',
        'tracking.tensorboard=false',
        f'run.threads={options.threads}',
    ]
    if seed or options.quick:
        given.append('run.folds=0')
    if width != 1:
        given += [
            f'model.params.width={width}',
            'training.distillation.enabled=false',
            'run.export=[]',
            'run.quantise=false',
            'run.baselines=false',
        ]
    elif seed:
        given += ['run.export=[]', 'run.quantise=false']
    return given


def one_run(options, data, fold, seed, width):  # dict
    "One command, and what its results.json holds"
    with tempfile.TemporaryDirectory() as tmp:
        command = [
            str(Path(sys.executable).parent / 'audio_kd'),
            *overrides(options, data, fold, seed, width),
        ]
        began = time.time()
        finished = subprocess.run(
            [*command, f'hydra.run.dir={tmp}/run'], capture_output=True, text=True, cwd=tmp
        )
        seconds = time.time() - began
        if finished.returncode not in (
            0,
            3,
        ):  # 3: a file misses its acceptance checks, all else is there
            raise SystemExit(
                f'{command}: exit code '
                f'{finished.returncode}\n{finished.stdout[-1000:]}\n{finished.stderr[-3000:]}'
            )
        saved = json.loads(Path(tmp, 'run/results.json').read_text())
    hits = {k: ''.join('01'[int(o)] for o in v) for k, v in saved['correct'].items()}
    facts = {
        row['name']: {k: row.get(k) for k in ('parameters', 'agreement', 'size')}
        for row in saved['results']
    }
    return dict(
        data=data,
        fold=fold,
        seed=seed,
        width=width,
        threads=options.threads,
        seconds=round(seconds),
        hits=hits,
        facts=facts,
        selection=saved['selection'],
        failures=saved['failures'],
        notes=saved['notes'],
        clips=[Path(o).name for o in saved['splits'][2]],
        on=measured_on(),
    )


def final_networks(options, data, fold, seed):  # dict
    """What `one_run` gives for teacher, student alone and distilled student: the networks that the
    command tests, without those that choose between them"""
    from field_teachers import hits as predicted_right

    from audio_kd.run.checks import prepare
    from audio_kd.run.folds import VariantTrainer
    from audio_kd.run.options import compose_options
    from audio_kd.tasks.core import get_task

    cfg = compose_options(overrides(options, data, fold, seed, 1))
    began = time.time()
    with tempfile.TemporaryDirectory() as tmp:
        trainer = VariantTrainer(get_task(cfg), prepare(cfg, tmp), tmp, everything=True)
        teacher, students = trainer.all()
        learners = {'teacher': teacher, **students}
        hits = {name: predicted_right(learn) for name, learn in learners.items()}
        facts = {
            name: dict(parameters=sum(p.numel() for p in learn.model.parameters()))
            for name, learn in learners.items()
        }
    files = trainer.dls.files
    return dict(
        data=data,
        fold=fold,
        seed=seed,
        width=1,
        threads=options.threads,
        seconds=round(time.time() - began),
        hits=hits,
        facts=facts,
        selection={},
        failures=[],
        notes=[],
        clips=[Path(files[i]).name for i in trainer.dls.splits[2]],
        on=measured_on(),
        final_networks_only=True,
    )


def run(args):
    results.mkdir(exist_ok=True)
    for seed in args.seeds:
        for data in args.only:
            for fold in args.folds or sets[data]:
                for width in args.wide or [1]:
                    if (data, fold, seed, width) in done():
                        continue
                    row = (
                        final_networks(args, data, fold, seed)
                        if args.final
                        else one_run(args, data, fold, seed, width)
                    )
                    with open(log, 'a') as f:
                        f.write(json.dumps(row) + '\n')
                    scores = {k: round(v.count('1') / len(v), 3) for k, v in row['hits'].items()}
                    print(data, fold, seed, width, row['seconds'], scores, flush=True)


# ---- the table ----
def collect(rows, data):  # {name: {(fold, seed): (hits, clips)}}, {name: parameters}
    runs = {}
    parameters = {}
    for row in (o for o in rows.values() if o['data'] == data):
        for name, hits in row['hits'].items():
            title = f'{name}, width {row["width"]:g}' if row['width'] != 1 else name
            runs.setdefault(title, {})[row['fold'], row['seed']] = hits, row['clips']
            parameters[title] = row['facts'][name]['parameters']
        chosen = row['selection'].get('chosen')
        if chosen and row['width'] == 1:
            what = row['hits'][chosen], row['clips']
            runs.setdefault('student that ships', {})[row['fold'], row['seed']] = what
            parameters['student that ships'] = row['facts'][chosen]['parameters']
    return runs, parameters


def mean_hits(runs, data):  # (values (n,), recordings): of each clip the mean over the seeds
    by_clip = {}
    for (fold, _), (hits, clips) in runs.items():
        for hit, clip in zip(hits, clips, strict=True):
            by_clip.setdefault((fold, clip), []).append(int(hit))
    return np.array([np.mean(o) for o in by_clip.values()]), [
        recording_of(c, data) for _, c in by_clip
    ]


def difference(first, second, data):  # Interval
    "Of the same clips and seeds"
    both = sorted(first.keys() & second.keys())
    values, names = [], []
    for key in both:
        a, b = first[key][0], second[key][0]
        values += [int(x) - int(y) for x, y in zip(a, b, strict=True)]
        names += [recording_of(o, data) for o in first[key][1]]
    return bootstrap_interval(np.array(values, float), groups=names)


def table():
    rows = done()
    lines = [
        "# Real recordings, by the command's defaults",
        '',
        'Made by `python scripts/real_sounds.py table` from results/real_sounds.jsonl. Every '
        'network is tested on a fold or a '
        'speaker that chose nothing; accuracy is the mean over folds and seeds; n is the '
        'number of test clips.',
        'Not quite the defaults: one thread but for fold 4 of ESC-10; seeds above 0 only train '
        'the networks that are '
        'tested, so that the rows of the student that ships and of the int8 file are of seed 0.',
        'Intervals are 95 %, from the bootstrap of recordings (ESC-10) or clips (FSDD, whose '
        'four speakers are too few to draw '
        'by: its intervals say nothing about other speakers).',
        '',
    ]
    with open(results / 'real_sounds.csv', 'w', newline='') as f:
        out = csv.writer(f, lineterminator='\n')
        out.writerow('data,network,parameters,runs,folds,seeds,n,accuracy,low,high'.split(','))
        for data in sets:
            by_name, parameters = collect(rows, data)
            if not by_name:
                continue
            lines += [
                f'## {titles[data]}',
                '',
                '| network | parameters | runs (folds, seeds) | n | accuracy | 95 % interval |',
                '|---|---|---|---|---|---|',
            ]
            for name, runs in by_name.items():
                values, names = mean_hits(runs, data)
                interval = bootstrap_interval(values, groups=names)
                folds, seeds = (sorted({k[i] for k in runs}) for i in (0, 1))
                out.writerow(
                    [
                        data,
                        name,
                        parameters[name],
                        len(runs),
                        len(folds),
                        len(seeds),
                        len(values),
                        *csv_cells(interval),
                    ]
                )
                counts = f'{len(runs)} ({len(folds)}, {len(seeds)})'
                cells = (name, parameters[name] or '', counts, len(values))
                lines.append(accuracy_row(*cells, interval=interval))
            lines.append('')
            pairs = [
                ('distilled student', 'student alone'),
                ('student that ships', 'student alone'),
                ('int8 student', 'student that ships'),
                ('teacher', 'student alone'),
            ]
            for line in ('statistics', 'bins'):
                linear = next(
                    (o for o in by_name if o.startswith('logistic') and o.endswith(line)), None
                )
                pairs += [('student alone', linear), ('teacher', linear)]
            lines += difference_head()
            for a, b in pairs:
                if not {a, b} <= by_name.keys():
                    continue
                gain = difference(by_name[a], by_name[b], data)
                lines.append(difference_row(a, b, gain))
            mine = [
                row
                for row in rows.values()
                if row['data'] == data and row['width'] == 1 and row['selection']
            ]
            shipped = [o['selection'].get('chosen') for o in mine]
            inside = sum(bool(o['selection'].get('folds')) for o in mine)
            lines += [
                '',
                'Distilled students shipped: '
                f'{sum(o not in (None, "student alone") for o in shipped)} of {len(shipped)} '
                'runs '
                f'({inside} of them chosen in folds, the others by the validation clips).',
                *(
                    f'{row["seconds"]} s on {row["threads"]} cores, fold {row["fold"]}, seed '
                    f'{row["seed"]}; load before it {row["on"]["load"]}.'
                    for row in mine
                    if row.get('threads', 1) > 1
                ),
                '',
            ]
    (results / 'real_sounds.md').write_text('\n'.join(lines))


if __name__ == '__main__':
    parser, runs = run_and_table(__doc__)
    runs.add_argument('root', type=Path)
    runs.add_argument('--only', nargs='+', choices=sets, default=list(sets))
    runs.add_argument('--folds', nargs='+')
    runs.add_argument('--seeds', nargs='+', type=int, default=[0, 1, 2])
    runs.add_argument('--wide', nargs='+', type=float)
    runs.add_argument('--quick', action='store_true')
    runs.add_argument('--final', action='store_true')
    runs.add_argument('--threads', type=int, default=1)
    args = parser.parse_args()
    run(args) if args.what == 'run' else table()
