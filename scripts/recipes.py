"""Which recipe is the default: trainings on validation clips of ESC-10 (folds) and FSDD
(speakers), written to results/recipes.csv and .md.

python scripts/recipes.py train [--quick]   # whatever of `jobs` is not yet in results/recipes.jsonl
python scripts/recipes.py table             # results/recipes.csv and results/recipes.md from it

Nothing here is chosen by a test clip. Groups are ESC-10's folds 1 to 4 and FSDD's four speakers. A
training on two groups is judged on the
other two; for the outer group g only the scores of trainings without g count, so the score of what
was chosen for g is honest (`nested`).
"""

import argparse
import csv
import json
import math
import os
import random
import time
import warnings
from pathlib import Path
import numpy as np
import torch
from torch import nn
import torch.nn.functional as F
from fastai.callback.core import Callback
from audio_kd.data import augment
from audio_kd.learner import reestimate_batchnorm
from audio_kd.data import AudioDataLoaders, compute_features
from audio_kd.data import esc_clips, fsdd_clips
from audio_kd.data import AudioConfig
from audio_kd.learner import audio_learner
from audio_kd.models import AudioModel
from audio_kd.data import log_mel_statistics
from audio_kd.models import create_model, register_model

root = Path(__file__).resolve().parent.parent
results = root / 'results'
data_root = Path(
    os.environ.get('AUDIO_KD_RECORDINGS', '~/recordings')
).expanduser()  # with esc10/ and fsdd/ in it
scratch = Path(os.environ.get('AUDIO_KD_SCRATCH', '/tmp/audio_kd_recipes'))

# ---- data --------------------------------------------------------------------------------------
fronts = dict(
    esc={
        '': dict(duration=5.0),
        'hop1024': dict(duration=5.0, hop_length=1024, n_fft=2048),
        '128': dict(duration=5.0, n_mels=128),
    },
    fsdd={
        '': dict(sample_rate=8000, duration=1.0, n_fft=512, hop_length=128, length_mode='pad'),
        '40': dict(
            sample_rate=8000, duration=1.0, n_fft=512, hop_length=128, length_mode='pad', n_mels=40
        ),
        'python': dict(duration=0.4),  # what AudioConfig() reads: 22,050 Hz, the median length
        'tile': dict(sample_rate=8000, duration=1.0, n_fft=512, hop_length=128, length_mode='tile'),
        'db50': dict(
            sample_rate=8000,
            duration=1.0,
            n_fft=512,
            hop_length=128,
            length_mode='pad',
            top_db=50.0,
        ),
        '0.64': dict(sample_rate=8000, duration=0.64, n_fft=512, hop_length=128, length_mode='pad'),
    },
)


def load(name, front):  # features (N,1,M,T), labels (N,), groups (N,) 1..4, vocab, cfg
    cfg = AudioConfig(**fronts[name][front])
    clips = (esc_clips if name == 'esc' else fsdd_clips)(
        data_root / {'esc': 'esc10'}.get(name, name)
    )
    file = scratch / f'{name}_{front}.npy'
    if not file.exists():
        scratch.mkdir(parents=True, exist_ok=True)
        np.save(file, compute_features(clips['files'], cfg, progress=False)[0].numpy())
    vocab = sorted(set(clips['labels']))
    known = sorted(set(clips['folds']))
    return (
        torch.from_numpy(np.load(file)),
        np.array([vocab.index(o) for o in clips['labels']]),
        np.array([known.index(o) + 1 for o in clips['folds']]),
        vocab,
        cfg,
    )


# ---- networks that were tried ------------------------------------------------------------------
class Level(nn.Module):
    """Per-clip level: 'set' leaves it, 'mean' subtracts the clip's mean, 'clip' also divides by
    its deviation, 'peak' subtracts its peak, 'band' the mean of each band"""

    def __init__(self, kind):
        super().__init__()
        self.kind = kind

    def forward(self, x):
        if self.kind == 'set':
            return x
        if self.kind == 'peak':
            return x - x.amax((1, 2, 3), keepdim=True) + 2.0
        if self.kind == 'band':
            return x - x.mean(3, keepdim=True)
        x = x - x.mean((1, 2, 3), keepdim=True)
        return (
            x
            if self.kind == 'mean'
            else x / x.square().mean((1, 2, 3), keepdim=True).add(1e-3).sqrt()
        )


def conv(n_in, n_out, k, groups=1):
    return [
        nn.Conv2d(n_in, n_out, k, padding=k // 2, groups=groups, bias=False),
        nn.BatchNorm2d(n_out),
    ]


class Separable(nn.Module):
    "x + pointwise(ReLU(depthwise(x)))"

    def __init__(self, n_in, n_out):
        super().__init__()
        self.same, self.layers = (
            n_in == n_out,
            nn.Sequential(*conv(n_in, n_in, 3, n_in), nn.ReLU(), *conv(n_in, n_out, 1)),
        )

    def forward(self, x):
        return F.relu(self.layers(x) + x) if self.same else F.relu(self.layers(x))


class Residual(nn.Module):
    "x + conv(ReLU(conv(x)))"

    def __init__(self, n_in, n_out):
        super().__init__()
        self.skip, self.layers = (
            nn.Sequential(*conv(n_in, n_out, 1)) if n_in != n_out else nn.Identity(),
            nn.Sequential(*conv(n_in, n_out, 3), nn.ReLU(), *conv(n_out, n_out, 3)),
        )

    def forward(self, x):
        return F.relu(self.layers(x) + self.skip(x))


class Plain(nn.Sequential):
    def __init__(self, n_in, n_out):
        super().__init__(*conv(n_in, n_out, 3), nn.ReLU())


class Tried(AudioModel):
    "Stem, three stages of blocks, pooling that keeps or loses the bands"

    classifier_name, feature_layers, min_frames = 'fc', (), 8

    def __init__(
        self,
        num_classes,
        n_mels=64,
        in_chans=1,
        width=1.0,
        block='separable',
        depth=(1, 2, 2),
        channels=(16, 32, 64),
        pool='bands',
        head=64,
        head_dropout=0.2,
        stem_stride=2,
        time='mean',
    ):
        super().__init__()
        make = dict(separable=Separable, residual=Residual, plain=Plain)[block]
        a, b, c = (max(8, 4 * round(o * width / 4)) for o in channels)
        h = max(16, 4 * round(head * width / 4))
        self.stem = nn.Sequential(
            nn.Conv2d(in_chans, a, 5, stride=stem_stride, padding=2, bias=False),
            nn.BatchNorm2d(a),
            nn.ReLU(),
        )
        stages, last = [], a
        for n, width in zip(depth, (a, b, c), strict=True):
            stages.append(
                nn.Sequential(
                    *[make(last if i == 0 else width, width) for i in range(n)], nn.MaxPool2d(2)
                )
            )
            last = width
        self.stages = nn.Sequential(*stages)
        bands = math.ceil(n_mels / stem_stride) // 8
        self.pool, self.time = pool, time
        if pool == 'bands':
            self.collapse = nn.Sequential(
                nn.Conv2d(c, c, (bands, 1), groups=c, bias=False),
                nn.BatchNorm2d(c),
                nn.ReLU(),
                nn.Conv2d(c, h, 1, bias=False),
                nn.BatchNorm2d(h),
                nn.ReLU(),
            )
        elif pool == 'flat':
            h = c * bands
        else:
            self.collapse = nn.Sequential(*conv(c, h, 1), nn.ReLU())
        self.drop, self.fc = nn.Dropout(head_dropout), nn.Linear(h, num_classes)
        self.num_features = h

    def body(self, x):
        return self.stages(self.stem(x))

    def forward_head(self, x, pre_logits=False):
        if self.pool == 'flat':
            x = x.mean(3).flatten(1)
        else:
            x = self.collapse(x)
            if self.pool == 'all':
                x = x.mean(2, keepdim=True)
            x = x[:, :, 0]
            x = x.mean(2) if self.time == 'mean' else x.mean(2) + x.amax(2)
        x = self.drop(x)
        return x if pre_logits else self.fc(x)


register_model('tried')(Tried)


class Cnn(nn.Module):
    "audio_cnn whose head averages bands and time, as most published networks do"

    def __init__(self, num_classes, n_mels, width=1.0, dropout=0.2, head_dropout=0.5):
        super().__init__()
        m = create_model(
            'audio_cnn', num_classes=num_classes, n_mels=n_mels, width=width, dropout=dropout
        )
        c = m.num_features
        self.encoder, self.head = (
            m.encoder,
            nn.Sequential(
                nn.Linear(c, 2 * c),
                nn.ReLU(),
                nn.Dropout(head_dropout),
                nn.Linear(2 * c, num_classes),
            ),
        )

    def forward(self, x):
        return self.head(self.encoder(x).mean((2, 3)))


# ---- augmentations -----------------------------------------------------------------------------
A = augment


def voice(**changed):
    "The augmentations for voices, with others in their places, or None for those left out"
    parts = dict(
        stretch=A.SpecStretch(0.25),
        eq=A.SpecEQ(4.0),
        noise=A.SpecNoise(p=0.5),
        roll=A.RollTime(0.1),
        mel=A.MelScale(0.12),
        mask=A.SpecAugment(),
    )
    return [o for o in {**parts, **changed}.values() if o is not None]


sets = dict(
    events=lambda: [A.RandomGain(3.0), A.RollTime(1.0), A.SpecAugment(2, 0.16, 0.16)],
    speech=lambda: A.augmentations('heavy'),
    voice=lambda: voice(mask=A.SpecAugment(1, 0.2, 0.16)),
    voice_nomel=lambda: voice(mel=None),
    voice_noeq=lambda: voice(eq=None),
    voice_nostretch=lambda: voice(stretch=None),
    voice_nonoise=lambda: voice(noise=None),
    voice_nomask=lambda: voice(mask=None),
    voice_more=lambda: voice(stretch=A.SpecStretch(0.35), eq=A.SpecEQ(6.0), mel=A.MelScale(0.2)),
    events_eq=lambda: [
        A.RandomGain(3.0),
        A.RollTime(1.0),
        A.SpecEQ(3.0),
        A.SpecAugment(2, 0.16, 0.16),
    ],
    events_voice=lambda: voice(roll=A.RollTime(1.0)),
    events_light=lambda: [A.RandomGain(3.0), A.RollTime(1.0), A.SpecAugment(1, 0.1, 0.1)],
)


def transforms(name):
    return sets[name]() if name in sets else augment.augmentations(name)


# ---- one training ------------------------------------------------------------------------------
class Curve(Callback):
    "Accuracy on the clips judged, in some epochs, without touching the training"

    order = 80

    def __init__(self, judge, every):
        self.judge, self.every, self.rows = judge, every, []

    def after_epoch(self):
        if not self.every or (self.epoch + 1) % self.every:
            return
        right, loss = self.judge(self.model)
        self.rows.append(
            [
                self.epoch + 1,
                round(float(right.mean()), 4),
                round(loss, 4),
                round(float(self.learn.recorder.smooth_loss.value), 4),
            ]
        )


base = dict(
    front='',
    model='audio_cnn',
    level='set',
    aug='default',
    bs=64,
    epochs=60,
    lr=2e-3,
    wd=0.01,
    mixup=0.0,
    ls=0.0,
    ema=None,
    seed=0,
    every=0,
    amp=True,
    momentum=None,
    pct_start=0.25,
    pre='set',
)


def hits_by_group(right, groups):
    "{group: [correct, all]} of clips"
    return {
        str(k): [int(right[groups == k].sum()), int((groups == k).sum())]
        for k in sorted(set(groups))
    }


def train(name, groups, options):
    settings = {**base, **options}
    params = {k: v for k, v in settings.items() if k not in base}
    x, y, g, vocab, cfg = load(name, settings['front'])
    if settings['pre'] != 'set':
        x = Level(settings['pre'])(x) * (
            20 if settings['pre'] == 'clip' else 1
        )  # before augmentation, in dB or like dB
    fit, held = np.flatnonzero(np.isin(g, groups)), np.flatnonzero(~np.isin(g, groups))
    torch.manual_seed(settings['seed'])
    np.random.seed(settings['seed'])
    random.seed(settings['seed'])
    tfms = transforms(settings['aug'])
    for t in tfms:
        t.seed = settings['seed']
    dls = AudioDataLoaders.from_features(
        x, y, vocab, (fit, held[:8], held), cfg, bs=min(settings['bs'], len(fit)), batch_tfms=tfms
    )
    dls.train.rng = random.Random(settings['seed'])
    if settings['model'] == 'cnn_all':
        net = Cnn(len(vocab), cfg.n_mels, **params)
    else:
        net = create_model(settings['model'], num_classes=len(vocab), n_mels=cfg.n_mels, **params)
    if settings['level'] != 'set':
        net = nn.Sequential(Level(settings['level']), net)
    if settings['momentum']:
        for m in net.modules():
            if isinstance(m, nn.modules.batchnorm._BatchNorm):
                m.momentum = settings['momentum']
    normal = dls.normalize

    def logits(model, rows):
        training = model.training
        model.eval()
        with torch.no_grad():
            out = torch.cat(
                [model((x[i] - normal.mean) / normal.std) for i in torch.as_tensor(rows).split(128)]
            )
        model.train(training)
        return out

    def judge(model):
        out = logits(model, held)
        return (out.argmax(1).numpy() == y[held]), float(
            F.cross_entropy(out, torch.as_tensor(y[held]))
        )

    curve = Curve(judge, settings['every'])
    learn = audio_learner(
        dls,
        net,
        cbs=curve,
        lr=settings['lr'],
        wd=settings['wd'],
        label_smoothing=settings['ls'],
        mixup=settings['mixup'],
        ema=settings['ema'],
        amp='bfloat16' if settings['amp'] else False,
    )
    cpu = time.process_time()
    with learn.no_bar(), learn.no_logging(), warnings.catch_warnings():
        warnings.simplefilter('ignore')
        learn.fit_one_cycle(settings['epochs'], settings['lr'], pct_start=settings['pct_start'])
    cpu = time.process_time() - cpu
    right, loss = judge(net)
    train_right = float((logits(net, fit).argmax(1).numpy() == y[fit]).mean())
    # the same weights with statistics taken anew over training clips
    reestimate_batchnorm(learn)
    again, _ = judge(net)
    by = hits_by_group(right, g[held])
    return dict(
        acc=round(float(right.mean()), 4),
        by=by,
        loss=round(loss, 4),
        train=round(train_right, 4),
        bn=round(float(again.mean()), 4),
        n=len(held),
        parameters=sum(p.numel() for p in net.parameters()),
        cpu=round(cpu, 1),
        curve=curve.rows,
        right=''.join('01'[int(r)] for r in right),
    )


def linear(name, groups, front, kind, level='set'):
    """Baselines without a network: logistic regression or SVM on statistics, logistic regression
    on time bins"""
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import StandardScaler
    from sklearn.svm import SVC

    x, y, g, vocab, cfg = load(name, front)
    x = Level(level)(x)
    f = (
        log_mel_statistics(x)
        if 'bins' not in kind
        else F.adaptive_avg_pool2d(x, (x.shape[2], 12)).flatten(1).numpy()
    )
    fit, held = np.isin(g, groups), ~np.isin(g, groups)
    m = make_pipeline(
        StandardScaler(),
        SVC(C=10)
        if 'svm' in kind
        else LogisticRegression(C=0.01 if 'bins' in kind else 0.1, max_iter=500),
    ).fit(f[fit], y[fit])
    right = m.predict(f[held]) == y[held]
    by = hits_by_group(right, g[held])
    return dict(
        acc=round(float(right.mean()), 4),
        by=by,
        n=int(held.sum()),
        right=''.join('01'[int(r)] for r in right),
    )


# ---- the queue ---------------------------------------------------------------------------------
def key(job):
    return json.dumps(job, sort_keys=True)


def done():
    file = results / 'recipes.jsonl'
    return (
        {key(r['job']): r for r in map(json.loads, file.read_text().splitlines())}
        if file.exists()
        else {}
    )


def run(jobs, wait=0):
    "Do what of `jobs`, a file that may grow meanwhile, has no result yet, lowest `order` first"
    torch.set_num_threads(1)
    results.mkdir(exist_ok=True)
    idle = time.time()
    while True:
        have = done()
        todo = [
            job
            for job in map(json.loads, jobs.read_text().splitlines())
            if key({k: v for k, v in job.items() if k != 'order'}) not in have
        ]
        if not todo:
            if time.time() - idle > wait:
                return
            time.sleep(10)
            continue
        job = min(todo, key=lambda job: job.get('order', 0))
        job.pop('order', None)
        try:
            result = (
                linear(
                    job['data'],
                    job['groups'],
                    job['options'].get('front', ''),
                    job['name'],
                    job['options'].get('level', 'set'),
                )
                if job['what'] == 'linear'
                else train(job['data'], job['groups'], job['options'])
            )
        except Exception as e:
            result = dict(error=repr(e))  # a setting that can not be is a result too
        with open(results / 'recipes.jsonl', 'a') as f:
            f.write(json.dumps(dict(job=job, **result)) + '\n')
        print(
            job['data'],
            job['groups'],
            job['name'],
            {
                k: result[k]
                for k in ('acc', 'train', 'bn', 'parameters', 'cpu', 'error')
                if k in result
            },
            flush=True,
        )
        idle = time.time()


# ---- the tables --------------------------------------------------------------------------------
def wilson(k, n, z=1.96):
    "95 % interval of k of n"
    p, d = k / n, 1 + z * z / n
    middle, half = (
        (p + z * z / (2 * n)) / d,
        z * math.sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / d,
    )
    return middle - half, middle + half


def paired(a, b):
    "Difference a - b of correct predictions for the same clips, and McNemar's exact p"
    from scipy.stats import binomtest

    more, less = (
        sum(x > y for x, y in zip(a, b, strict=True)),
        sum(x < y for x, y in zip(a, b, strict=True)),
    )
    return (more - less) / len(a), binomtest(more, more + less).pvalue if more + less else 1.0


names = dict(esc='ESC-10, folds 1 to 4', fsdd='FSDD, four speakers')
groups_of = dict(
    esc={str(i): f'fold {i}' for i in range(1, 5)},
    fsdd={'1': 'george', '2': 'jackson', '3': 'nicolas', '4': 'theo'},
)

changes = [  # data, what changes, from, to
    (
        'esc',
        'dropout in the blocks and before the classifier, rate, weight decay: the command '
        'against the careful recipe',
        'command default',
        'careful',
    ),
    (
        'esc',
        'batches of 64 (two steps an epoch), no mixup: Python against the command',
        'python default',
        'command default',
    ),
    ('esc', 'dropout .2 in the blocks', 'careful', 'careful, dropout .2 in blocks'),
    ('esc', 'dropout .5 before the classifier', 'careful', 'careful, head dropout .5'),
    ('esc', 'rate 2e-3 instead of 4e-3', 'careful', 'careful, lr 2e-3'),
    ('esc', 'batches of 64', 'careful', 'careful, bs 64'),
    ('esc', 'separable residual blocks instead of audio_cnn', 'careful', 'separable'),
    ('esc', 'level of each clip', 'separable', 'separable, level clip'),
    ('esc', 'peak of each clip', 'separable', 'separable, level peak'),
    ('esc', 'bands averaged', 'separable, level clip', 'separable, level clip, bands averaged'),
    ('esc', 'twice the epochs', 'separable', 'separable, 120 epochs'),
    ('esc', 'augmentation as for voices', 'separable', 'separable, events_voice'),
    ('esc', 'no mixup', 'separable', 'separable, no mixup'),
    ('fsdd', 'no dropout in blocks, rate 4e-3', 'python default', 'careful'),
    ('fsdd', 'level of each clip', 'careful', 'careful, level clip'),
    ('fsdd', 'peak of each clip', 'careful', 'careful, level peak'),
    ('fsdd', 'level of each clip', 'separable', 'separable, level clip'),
    (
        'fsdd',
        'the same before augmentation',
        'separable, level clip',
        'separable, level clip before augmentation',
    ),
    (
        'fsdd',
        'only the peak, before augmentation',
        'separable, level clip',
        'separable, level peak before augmentation',
    ),
    ('fsdd', 'only the mean', 'separable, level clip', 'separable, level mean'),
    (
        'fsdd',
        'separable residual blocks instead of audio_cnn',
        'careful, level clip',
        'separable, level clip',
    ),
    ('fsdd', 'bands averaged', 'separable, level clip', 'separable, level clip, bands averaged'),
    (
        'fsdd',
        'the augmentation for events instead of that for voices',
        'separable, level clip',
        'separable, level clip, default augmentations',
    ),
    (
        'fsdd',
        'mixup .3 and label smoothing .05',
        'separable, level clip',
        'separable, level clip, mixup .3 and smoothing .05',
    ),
]


def choose(rows, outer):
    "The setting best on trainings and clips that have nothing of the outer group: (name, share, n)"
    scores = {}
    for r in rows:
        if outer in r['job']['groups'] or r['job']['what'] != 'ablation':
            continue
        right, n = map(sum, zip(*[v for k, v in r['by'].items() if k != str(outer)], strict=True))
        had = scores.setdefault(r['job']['name'], [0, 0])
        had[0] += right
        had[1] += n
    best = max(scores, key=lambda k: scores[k][0] / scores[k][1])
    return best, *scores[best]


def table():
    "results/recipes.csv and results/recipes.md from results/recipes.jsonl"
    rows = [r for r in done().values() if 'error' not in r]
    order = {
        json.dumps(json.loads(line)['job'], sort_keys=True): i
        for i, line in enumerate((results / 'recipes.jsonl').read_text().splitlines())
    }
    rows.sort(key=lambda r: order[key(r['job'])])
    with open(results / 'recipes.csv', 'w', newline='') as f:
        out = csv.writer(f)
        out.writerow(
            'data,kind,setting,trained on,judged on,right,n,accuracy,low,high,accuracy '
            'on training clips,accuracy with batch norm taken '
            'anew,parameters,epochs,seed,processor seconds,options'.split(
                ','
            )
        )
        for r in rows:
            j, (k, n) = r['job'], map(sum, zip(*r['by'].values(), strict=True))
            named = groups_of[j['data']]
            settings = {**base, **j['options']}
            out.writerow(
                [
                    j['data'],
                    j['what'],
                    j['name'],
                    ' '.join(named[str(g)] for g in j['groups']),
                    ' '.join(named[g] for g in r['by']),
                    k,
                    n,
                    f'{k / n:.4f}',
                    *(f'{v:.3f}' for v in wilson(k, n)),
                    r.get('train', ''),
                    r.get('bn', ''),
                    r.get('parameters', ''),
                    '' if j['what'] == 'linear' else settings['epochs'],
                    '' if j['what'] == 'linear' else settings['seed'],
                    r.get('cpu', ''),
                    json.dumps(j['options'], sort_keys=True),
                ]
            )
    text = [
        '# Recipes that were tried',
        '',
        'Made by `python scripts/recipes.py table` from results/recipes.jsonl. Networks are '
        'trained on two groups (folds, speakers) and judged on the other two, so all of this '
        'is validation: test clips chose nothing.',
        'Intervals are 95 % (Wilson, by clip; clips of a speaker are not independent, so '
        'those of FSDD are too narrow). "Against" is the paired difference to the reference '
        'on the same clips, with McNemar\'s p. One seed.',
        '',
    ]
    for data in names:
        text += [f'## {names[data]}', '']
        mine = [r for r in rows if r['job']['data'] == data]
        merged = {}
        for r in mine:
            if r['job']['what'] in ('linear', 'ablation'):
                merged.setdefault(r['job']['name'], []).append(r)
        reference = merged.get('separable, level clip', [])
        text += [
            '| setting | parameters | right / n | accuracy | on training clips | against | '
            'seconds |',
            '|---|---|---|---|---|---|---|',
        ]
        for name, rs in merged.items():
            k, n = map(sum, zip(*[v for r in rs for v in r['by'].values()], strict=True))
            pairs = [
                (r['right'], row['right'])
                for r in rs
                for row in reference
                if row['job']['groups'] == r['job']['groups']
            ]
            against = (
                ''
                if not pairs or rs is reference
                else '{:+.3f} (p {:.2g})'.format(
                    *paired(''.join(a for a, _ in pairs), ''.join(b for _, b in pairs))
                )
            )
            low, high = wilson(k, n)
            seen = [r['train'] for r in rs if 'train' in r]
            cpu = round(sum(r['cpu'] for r in rs) / len(rs)) if seen else ''
            fitted = f'{np.mean(seen):.2f}' if seen else ''
            text.append(
                f'| {name} | {rs[0].get("parameters", "")} | {k} / {n} | {k / n:.3f} '
                f'({low:.2f} to {high:.2f}) | {fitted} | {against} | {cpu} |'
            )
        text += ['', '| one change | from | to | difference, n | p |', '|---|---|---|---|---|']
        for d, what, a, b in changes:
            if d != data:
                continue
            pairs = [
                (x['right'], y['right'])
                for x in merged.get(b, [])
                for y in merged.get(a, [])
                if x['job']['groups'] == y['job']['groups']
            ]
            if not pairs:
                continue
            one, two = (''.join(o) for o in zip(*pairs, strict=True))
            gain, p = paired(one, two)
            text.append(
                f'| {what} | {a} {two.count("1") / len(two):.3f} | {b} '
                f'{one.count("1") / len(one):.3f} | {gain:+.3f}, {len(one)} | {p:.2g} |'
            )
        text.append('')
        finals = [r for r in mine if r['job']['what'] == 'outer']
        if finals:
            text += [
                'What was chosen without a group, trained on the other three, judged on it once:',
                '',
                '| held out | chosen | inner | parameters | right / n | accuracy |',
                '|---|---|---|---|---|---|',
            ]
            for r in finals:
                ((group, (k, n)),) = r['by'].items()
                best, inner, m = choose(mine, int(group))
                text.append(
                    f'| {groups_of[data][group]} | {r["job"]["name"]} (best inner: {best}, '
                    f'{inner}/{m}) | | {r["parameters"]} | {k} / {n} | {k / n:.3f} |'
                )
            k, n = map(sum, zip(*[v for r in finals for v in r['by'].values()], strict=True))
            text += [
                f'| all | | | | {k} / {n} | {k / n:.3f} ({wilson(k, n)[0]:.2f} to '
                f'{wilson(k, n)[1]:.2f}) |',
                '',
            ]
    (results / 'recipes.md').write_text('\n'.join(text) + '\n')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('what', choices=['train', 'table'])
    parser.add_argument('--wait', type=float, default=0, help='seconds to wait for more jobs')
    parser.add_argument(
        '--quick',
        action='store_true',
        help='one training of two epochs for each set, into the scratch folder',
    )
    args = parser.parse_args()
    if args.quick:
        jobs = [
            json.loads(line) for line in (results / 'recipes_jobs.jsonl').read_text().splitlines()
        ]
        first = [next(o for o in jobs if o['data'] == d and o['what'] == 'ablation') for d in names]
        scratch.mkdir(parents=True, exist_ok=True)
        results, quick = scratch, scratch / 'recipes_jobs.jsonl'
        (scratch / 'recipes.jsonl').unlink(missing_ok=True)
        quick.write_text(
            ''.join(json.dumps(dict(o, options=dict(o['options'], epochs=2))) + '\n' for o in first)
        )
        run(quick)
        table()
    elif args.what == 'train':
        run(results / 'recipes_jobs.jsonl', args.wait)
    else:
        table()
