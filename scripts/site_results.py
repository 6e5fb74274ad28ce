"""The results that the front page and the page of results show, each read from its file.

Nothing here is typed: a number that differs from its file can not be on those pages, and
scripts/readme.py --check runs their cells again."""

import json
import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd

from audio_kd.core.names import old_names

root = Path(__file__).resolve().parent.parent
tutorials = root / 'nbs/tutorials'


@dataclass
class Result:
    "A line of the tables"

    what: str  # What was measured
    text: str  # The result, with its interval
    command: str  # Makes it again


def percent(share):
    "A share as text"
    return f'{100 * share:.1f} %'


# --- spoken digits: nbs/tutorials/where_distillation_pays and digits_by_size ---


@cache
def digit_runs():
    "(table of the runs, (run, clip) bool: which clips each got right)"
    table = pd.read_csv(tutorials / 'where_distillation_pays.csv').rename(columns=old_names)
    packed = np.load(tutorials / 'where_distillation_pays.npy')
    correct = np.unpackbits(packed, axis=1)[:, :500].astype(bool)
    if (correct.sum(1) != table.correct).any():
        raise ValueError('where_distillation_pays: .csv and .npy do not belong together')
    return table, correct


def digit_clips(variant, student):
    "(speakers, seeds, clips) float: which test clips the runs of a variant got right"
    table, correct = digit_runs()
    chosen = (table.variant == variant) & (table.student == student)
    rows = table[chosen].sort_values(['fold', 'seed'])
    return correct[rows.index].reshape(rows.fold.nunique(), -1, 500).astype(np.float32)


def nested_interval(values, n=1000, seed=0):
    "95 % interval of a mean: speakers are drawn, then seeds and clips of each"
    rng = np.random.default_rng(seed)
    size = n, len(values)

    def weights(k):
        return rng.multinomial(k, np.full(k, 1 / k), size).astype(np.float32) / k

    drawn = values[rng.integers(len(values), size=size)]
    by_clip = np.einsum('rfsc,rfs->rfc', drawn, weights(values.shape[1]))
    means = np.einsum('rfc,rfc->rf', by_clip, weights(values.shape[2])).mean(1)
    return np.quantile(means, (0.025, 0.975))


def digit_gain(student, baseline='few baseline', distilled='few kd'):
    "(accuracy of the baseline, of the distilled student, gain, its interval) in shares"
    before = digit_clips(baseline, student)
    after = digit_clips(distilled, student)
    low, high = nested_interval(after - before)
    return before.mean(), after.mean(), (after - before).mean(), low, high


def digit_file(student):
    "(accuracy, bytes) of the int8 file of a distilled student"
    table = pd.read_csv(tutorials / 'digits_by_size.csv').rename(columns=old_names)
    rows = table[(table.variant == 'int8') & (table.student == student)]
    return rows.correct.sum() / rows.n.sum(), rows.bytes.mean()


def digits(student='8k'):
    "The picture of the front page in words"
    before, after, gain, low, high = digit_gain(student)
    accuracy, size = digit_file(student)
    return Result(
        'Spoken digits of held-out speakers, 30 labelled and 1,230 unlabelled clips, a student of '
        f'{int(digit_parameters(student)):,} parameters',
        f'{percent(before)} with the labels only, {percent(after)} distilled from three teachers: '
        f'gain {100 * gain:.1f} points [{100 * low:.1f}, {100 * high:.1f}]; '
        f'as an int8 file of {size / 1e3:.0f} kB {percent(accuracy)}',
        'jupyter execute nbs/tutorials/where_distillation_pays.ipynb',
    )


def digit_parameters(student):
    "Number of weights of a student"
    table, _ = digit_runs()
    return table[table.student == student].parameters.iloc[0]


def digits_by_size():
    "The gain of each student"
    gains = [digit_gain(o)[2:] for o in ('2k', '8k', '27k')]
    shown = ', '.join(f'{100 * o[0]:+.1f} [{100 * o[1]:.1f}, {100 * o[2]:.1f}]' for o in gains)
    return Result(
        'The same for students of 2,000, 8,000 and 27,000 parameters',
        f'{shown} points',
        'python scripts/size_figure.py --measure',
    )


def digits_all_labels():
    "Where distillation does not pay"
    before, after, gain, low, high = digit_gain('8k', 'baseline', 'ensemble 30')
    return Result(
        'The same student, all 1,260 clips labelled',
        f'{percent(before)} and {percent(after)}: '
        f'{100 * gain:+.1f} points [{100 * low:.1f}, {100 * high:.1f}]',
        'jupyter execute nbs/tutorials/where_distillation_pays.ipynb',
    )


# --- a pretrained teacher: results/field_teachers ---


def field_teacher(setting):
    "ESC-10 with BirdNET as teacher: `few` labels, or `all`"
    table = pd.read_csv(root / 'results/field_teachers.csv')
    table = table[table.setting == setting].set_index('network').accuracy
    part = (root / 'results/field_teachers.md').read_text(encoding='utf-8').split('\n## ')
    heading = 'All labels' if setting == 'all' else 'Five labels'
    text = next(o for o in part if o.startswith(heading))
    row = re.search(
        r'student distilled from the probe against student alone \| (\S+) \| (\S+) to (\S+) \|',
        text,
    )
    size = re.search(r'int8 file of (\d+) kB', text)
    gain, low, high = (100 * float(o) for o in row.groups())
    labels = 'all labels' if setting == 'all' else 'five labels a class, the other clips without'
    return Result(
        f'Environmental sounds (ESC-10), {labels}; teacher: BirdNET, a network for bird calls',
        f'{percent(table["student alone"])} as baseline, '
        f'{percent(table["student distilled from the probe"])} distilled: {gain:+.1f} points '
        f'[{low:.1f}, {high:.1f}]; as an int8 file of {size[1]} kB '
        f'{percent(table["int8 file of it"])}',
        'python scripts/field_teachers.py',
    )


def esc10_half():
    "ESC-10 by the defaults of the command, the teacher trained on the same clips"
    table = pd.read_csv(root / 'results/real_sounds.csv').query('data == "esc10"')
    table = table.set_index('network')
    text = (root / 'results/real_sounds.md').read_text(encoding='utf-8')
    row = re.search(r'distilled student against student alone \| (\S+) \| (\S+) to (\S+) \|', text)
    gain, low, high = (100 * float(o) for o in row.groups())
    teacher, baseline, distilled = table.loc[
        ['teacher', 'student alone', 'distilled student']
    ].itertuples()
    return Result(
        f'ESC-10, {int(baseline.parameters):,} parameters, a teacher of '
        f'{int(teacher.parameters):,}, all labels',
        f'teacher {percent(teacher.accuracy)}, student as baseline '
        f'{percent(baseline.accuracy)}, distilled {percent(distilled.accuracy)}: '
        f'{gain:+.1f} points [{low:.1f}, {high:.1f}]',
        'python scripts/real_sounds.py run DATA',
    )


def real_sounds():
    "Markdown of what the command's defaults give, from results/real_sounds.csv"
    rows = pd.read_csv(root / 'results/real_sounds.csv')
    names = {'esc10': 'ESC-10', 'fsdd': 'spoken digits'}
    lines = ['| data | network | parameters | n | accuracy |', '|---|---|--:|--:|---|']
    for row in rows.itertuples():
        size = '' if pd.isna(row.parameters) else f'{int(row.parameters):,}'
        network = row.network.replace('student alone', 'student baseline')
        interval = f'[{100 * row.low:.1f}, {100 * row.high:.1f}]'
        lines.append(
            f'| {names.get(row.data, row.data)} | {network} | {size} '
            f'| {row.n:,} | {percent(row.accuracy)} {interval} |'
        )
    return '\n'.join(lines)


# --- chords: nbs/tutorials/chords ---


def chords():
    "Chords of held-out timbres"
    from audio_kd.stats import bootstrap_interval

    table = pd.read_csv(tutorials / 'chords.csv').set_index('name')
    n = int(table.n.iloc[0])
    packed = np.load(tutorials / 'chords.npy')
    rows = np.unpackbits(packed, axis=1)[:, :n].astype(float)
    right = dict(zip(table.index, rows, strict=True))
    distilled, baseline = right['small distilled 0'], right['small baseline 0']
    of = bootstrap_interval(distilled)
    gain = bootstrap_interval(distilled - baseline)
    row = table.loc['int8 file']
    return Result(
        f'Chords of held-out timbres, {n:,} clips: type, root and bass right',
        f'{percent(baseline.mean())} as baseline, {percent(of.value)} '
        f'[{100 * of.low:.1f}, {100 * of.high:.1f}] '
        f'distilled: gain {100 * gain.value:.1f} points '
        f'[{100 * gain.low:.1f}, {100 * gain.high:.1f}]; '
        f'int8 file of {row.kB / 1e3:.1f} MB {row.joint_acc:.1f} %; templates '
        f'{table.loc["templates"].joint_acc:.1f} %, ceiling {table.ceiling.iloc[0]:.1f} %',
        'jupyter execute nbs/tutorials/chords.ipynb (hours)',
    )


# --- speed: nbs/tutorials/benchmarks.json ---


@cache
def benchmarks():
    "Results by the name of the bench"
    return {
        k: v['result'] for k, v in json.loads((tutorials / 'benchmarks.json').read_text()).items()
    }


def span(values):
    "Smallest and largest, as text"
    low, high = min(values), max(values)

    def text(ratio):
        return f'{ratio:.2f}'.rstrip('0').rstrip('.') if ratio < 10 else f'{ratio:.0f}'

    return text(low) if text(low) == text(high) else f'{text(low)} to {text(high)}'


def speed():
    "Lines on speed, ratios of variants that take turns in one process"
    command = 'python -m audio_kd.run.bench'
    mel = benchmarks()['mel'].values()
    difference = max(o['audio_kd fast']['max_db_from_librosa'] for o in mel)
    ratios = [o[k]['speed'] for o in mel for k in ('audio_kd exact', 'audio_kd fast')]
    decode = benchmarks()['decode']['wav 16 bit']['audio_kd']
    store = benchmarks()['cache']['read in batches of 64']['FeatureStore']['speed']
    distill = benchmarks()['distill'].values()
    file = benchmarks()['infer']['efficientnet_v2, batch 1, with front end']
    equal = 'bit-equal, ' if decode.get('bit_equal') else ''
    return [
        Result(
            'log-mel beside librosa',
            f'{span(ratios)} times as fast, {difference:.1e} dB apart',
            f'{command} mel',
        ),
        Result(
            "16-bit wav beside soundfile's float32",
            f'{equal}{span([decode["speed"]])} times as fast',
            f'{command} decode',
        ),
        Result(
            'features read from the store beside diskcache',
            f'{span([store])} times as fast',
            f'{command} cache',
        ),
        Result(
            'an epoch with cached teacher logits beside the student baseline',
            f'{span([o["cached"]["over_baseline"] for o in distill])} times as long; '
            f'with the live teacher '
            f'{span([o["live"]["live_over_cached"] for o in distill])} '
            'times as long as with the cache',
            f'{command} distill',
        ),
        Result(
            'EfficientNetV2 from waveform to scores, int8 beside eager PyTorch',
            f'{span([file["onnxruntime int8"]["speed"]])} times as fast in onnxruntime, '
            f'{span([file["TFLite int8"]["speed"]])} times in LiteRT',
            f'{command} infer',
        ),
    ]


def speed_goals():
    "Markdown of the ratios that have a goal, from results/speed.json"
    rows = json.loads((root / 'results/speed.json').read_text(encoding='utf-8'))['goals']
    lines = ['| what | goal | measured | reached |', '|---|---|---|---|']
    for row in rows:
        interval = f'{row["measured"]:.2f} [{row["low"]:.2f}, {row["high"]:.2f}]'
        mark = 'yes' if row['reached'] else 'no: ' + row['tried']
        lines.append(f'| {row["what"]} | {row["goal"]} | {interval} | {mark} |')
    return '\n'.join(lines)


def table(results, command=True):
    "Markdown"
    head = ['what', 'result', 'reproduce'][: 2 + command]
    lines = ['| ' + ' | '.join(head) + ' |', '|' + '---|' * len(head)]
    for result in results:
        cells = [result.what, result.text, *[f'`{result.command}`'] * command]
        lines.append('| ' + ' | '.join(cells) + ' |')
    return '\n'.join(lines)


def three():
    "Those of the front page"
    return table([digits(), field_teacher('few'), field_teacher('all')], command=False)


if __name__ == '__main__':
    print(
        table(
            [
                digits(),
                digits_by_size(),
                digits_all_labels(),
                field_teacher('few'),
                field_teacher('all'),
                esc10_half(),
                chords(),
                *speed(),
            ]
        )
    )
