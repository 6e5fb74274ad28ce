"""Five clips a class: `separable_cnn` by the recipe and by other settings against logistic
regression; and the recipe against plain values on SynthSounds.

# ten classes of five clips: SynthSounds, ESC-10, FSDD; three seeds
python scripts/few_clips.py few [SETTING...]
python scripts/few_clips.py equal              # SynthSounds, 300 clips, as many epochs for both
python scripts/few_clips.py table              # the means, from results/few_clips.csv

What is done already stands in results/few_clips.csv and is left out. Everything here is
validation: ESC-10 is trained on fold 1 and judged on
folds 2 to 4, FSDD on george and jackson and judged on nicolas and theo, as in scripts/recipes.py.
Settings were chosen on these clips.
"""

import argparse
import csv
import os
import random
import time
import warnings
from collections import defaultdict
from pathlib import Path
import numpy as np
import torch
from audio_kd.data.augment import augmentations
from audio_kd.data import AudioDataLoaders, compute_features
from audio_kd.data.datasets import SynthSounds, esc_clips, fsdd_clips
from audio_kd.data.frontend import AudioConfig, LogMel
from audio_kd.learner import audio_learner
from audio_kd.data.baselines import log_mel_bins, logistic_baseline, log_mel_statistics
from audio_kd.models import create_model
from audio_kd.learner.recipes import choose_recipe, recipe_params

root = Path(__file__).resolve().parent.parent
results = root / 'results/few_clips.csv'
recordings = Path(
    os.environ.get('AUDIO_KD_RECORDINGS', '~/recordings')
).expanduser()  # with esc10/ and fsdd/ in it
scratch = Path(os.environ.get('AUDIO_KD_SCRATCH', '/tmp/audio_kd_few'))
kinds = dict(synth='events', esc='events', fsdd='speech')
columns = 'what,data,setting,clips,seed,right,n,seconds,options'.split(',')


# ---- data --------------------------------------------------------------------------------------
def synth(n, seed, cfg):  # features, class indices
    sounds = SynthSounds(n, seed=seed)
    return LogMel(cfg, 'exact')(np.stack([sounds[i][0] for i in range(n)])), np.arange(n) % 10


def kept(name, make):  # features, made once
    file = scratch / f'{name}.npy'
    if not file.exists():
        scratch.mkdir(parents=True, exist_ok=True)
        np.save(file, make().numpy())
    return torch.from_numpy(np.load(file))


def draw(labels, per_class, rng):  # rows, as many of each class
    rows = [rng.permutation(np.flatnonzero(labels == o))[:per_class] for o in sorted(set(labels))]
    return np.concatenate(rows)


def recorded(name, cfg):  # features, class indices, groups of the clips that train or judge
    clips = (esc_clips if name == 'esc' else fsdd_clips)(
        recordings / ('esc10' if name == 'esc' else name)
    )
    known = [1, 2, 3, 4] if name == 'esc' else ['george', 'jackson', 'nicolas', 'theo']
    rows = [i for i, o in enumerate(clips['folds']) if o in known]
    files = [clips['files'][i] for i in rows]
    x = kept(name, lambda: compute_features(files, cfg, progress=False)[0])
    vocab = sorted(set(clips['labels']))
    y = np.array([vocab.index(clips['labels'][i]) for i in rows])
    return x, y, np.array([known.index(clips['folds'][i]) + 1 for i in rows])


configs = dict(
    synth=AudioConfig(duration=1.0),
    esc=AudioConfig(duration=5.0),
    fsdd=AudioConfig(8000, 1.0, n_fft=512, hop_length=128, length_mode='pad', level='clip'),
)


def few(name, seed, per_class=5):  # features, labels, rows to train on, rows to judge, cfg
    cfg, rng = configs[name], np.random.default_rng([seed, 5])
    if name == 'synth':
        (x, y), (judged, z) = synth(10 * per_class, 100 + seed, cfg), synth(300, 99, cfg)
        n = len(y)
        return torch.cat([x, judged]), np.r_[y, z], np.arange(n), np.arange(n, n + len(z)), cfg
    x, y, groups = recorded(name, cfg)
    if name == 'esc':
        fit, held = np.flatnonzero(groups == 1), np.flatnonzero(groups > 1)
    else:
        fit, held = np.flatnonzero(groups < 3), np.flatnonzero(groups > 2)
        held = held[np.sort(draw(y[held], 30, np.random.default_rng(0)))]
    return x, y, fit[np.sort(draw(y[fit], per_class, rng))], held, cfg


# ---- one training ------------------------------------------------------------------------------
def train(
    x,
    y,
    fit,
    held,
    cfg,
    seed,
    kind,
    model='separable_cnn',
    epochs=None,
    bs=None,
    augment=None,
    repeat=1,
    params=None,
    ema=None,
    **values,
):
    """Correct predictions for the clips `held` of a network trained on `fit`: by the recipe, but
    for what is given"""
    torch.manual_seed(seed), np.random.seed(seed), random.seed(seed)
    recipe = choose_recipe(kind, len(fit), bs)
    tfms = augmentations(recipe.augmentations if augment is None else augment, seed=seed)
    dls = AudioDataLoaders.from_features(
        x,
        y,
        [str(i) for i in range(10)],
        (np.tile(fit, repeat), held[:8], held),
        cfg,
        bs=recipe.batch_size,
        batch_tfms=tfms,
        device='cpu',
    )
    dls.train.rng = random.Random(seed)
    net = create_model(
        model, 10, n_mels=cfg.n_mels, **(recipe_params(model) if params is None else params)
    )
    values = (
        dict(lr=recipe.lr, wd=recipe.wd, mixup=recipe.mixup, label_smoothing=recipe.label_smoothing)
        | values
    )
    learn = audio_learner(dls, net, recipe=None, ema=ema, **values)
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(epochs or recipe.epochs, values['lr'], pct_start=recipe.pct_start)
    net.eval()
    with torch.no_grad():
        logits = [
            net((x[i] - dls.normalize.mean) / dls.normalize.std)
            for i in torch.as_tensor(held).split(100)
        ]
    return int((torch.cat(logits).argmax(1).numpy() == y[held]).sum())


def linear(x, y, fit, held, cfg, seed, kind, inputs):
    dls = AudioDataLoaders.from_features(
        x, y, [str(i) for i in range(10)], (fit, held[:8], held), cfg, device='cpu', bs=8
    )
    return int((logistic_baseline(dls, inputs).predict(inputs(x[held])) == y[held]).sum())


head = dict(params=dict(head_dropout=0.5))  # of separable_cnn
settings = {  # what is not the recipe's
    'logistic regression on statistics': dict(inputs=log_mel_statistics),
    'logistic regression on bins': dict(inputs=log_mel_bins),
    'recipe': head,
    'recipe, head dropout .2': dict(params=dict(head_dropout=0.2)),
    'plain values, head dropout .2': dict(
        params=dict(head_dropout=0.2), mixup=0.0, label_smoothing=0.0, lr=2e-3, wd=0.01
    ),
    'no mixup': head | dict(mixup=0.0),
    '60 epochs': head | dict(epochs=60),
    '400 epochs': head | dict(epochs=400),
    'batches of 5': head | dict(bs=5, epochs=200),
    'heavy augmentation': head | dict(augment='heavy'),
    'ema .98': head | dict(ema=0.98),
}


# ---- results -----------------------------------------------------------------------------------
def done():
    if not results.exists():
        return []
    with open(results, newline='') as f:
        return list(csv.DictReader(f))


def add(what, data, setting, seed, work, options):
    "Do it, unless it is done, and write the row"
    if any(
        (row['what'], row['data'], row['setting'], row['seed']) == (what, data, setting, str(seed))
        for row in done()
    ):
        return
    start = time.process_time()
    with warnings.catch_warnings():
        warnings.simplefilter('ignore')
        right, clips, n = work()
    row = dict(
        what=what,
        data=data,
        setting=setting,
        clips=clips,
        seed=seed,
        right=right,
        n=n,
        seconds=round(time.process_time() - start, 1),
        options=options,
    )
    new = not results.exists()
    with open(results, 'a', newline='') as f:
        out = csv.DictWriter(f, columns)
        if new:
            out.writeheader()
        out.writerow(row)
    print(*(f'{k} {row[k]}' for k in columns[1:]), flush=True)


def run_few(names):
    for setting in names or settings:
        options = settings[setting]
        shown = ', '.join(f'{k}={v}' for k, v in options.items() if k != 'inputs')
        for data, kind in kinds.items():
            for seed in range(3):

                def work(data=data, kind=kind, seed=seed, options=options):
                    clips = few(data, seed)
                    right = (linear if 'inputs' in options else train)(
                        *clips, seed, kind, **options
                    )
                    return right, len(clips[2]), len(clips[3])

                add('few', data, setting, seed, work, shown)


def run_equal():
    x, y = synth(300, 200, configs['synth'])
    z, w = synth(500, 99, configs['synth'])
    both = torch.cat([x, z]), np.r_[y, w], np.arange(300), np.arange(300, 800), configs['synth']
    plain = dict(mixup=0.0, label_smoothing=0.0, lr=2e-3, wd=0.01)
    for epochs in (5, 20):
        for model in ('audio_cnn', 'separable_cnn'):
            for seed in range(3):
                for name, values in (('plain values', plain), ('recipe', {})):
                    params = (
                        dict(head_dropout=0.5)
                        if model == 'separable_cnn'
                        else dict(width=0.5) | (recipe_params(model) if name == 'recipe' else {})
                    )

                    def work(model=model, epochs=epochs, seed=seed, params=params, values=values):
                        options = dict(epochs=epochs, params=params, **values)
                        return train(*both, seed, 'events', model, **options), 300, 500

                    add('equal', 'synth', f'{model}, {epochs} epochs, {name}', seed, work, '')


def table():
    groups = defaultdict(list)
    for row in done():
        groups[row['what'], row['setting'], row['data']].append(row)
    for (what, setting, data), rows in groups.items():
        right, n = (sum(int(o[k]) for o in rows) for k in ('right', 'n'))
        each = ' '.join(f'{int(o["right"]) / int(o["n"]):.3f}' for o in rows)
        print(
            f'{what:6}{data:6}{setting:40} {right:5}/{n} {right / n:.3f}  ({each}) '
            f'{sum(float(o["seconds"]) for o in rows) / len(rows):.0f} s'
        )


if __name__ == '__main__':
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('what', choices=['few', 'equal', 'table'])
    parser.add_argument('names', nargs='*', help='settings; none: all')
    args = parser.parse_args()
    torch.set_num_threads(1)
    {'few': lambda: run_few(args.names), 'equal': run_equal, 'table': table}[args.what]()
