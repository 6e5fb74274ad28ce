"""The preset for music beside the others: the type of synthetic chords, other timbres held out.

python scripts/music_recipe.py [--clips 600] [--seeds 0 1 2]   # results/music_recipe.json

Clips of `ChordSynth` with a class each, as in a folder of recordings: major, minor, diminished
and seventh chords. The 300 scored clips have timbre families, registers and rooms that no training
clip has, and choose nothing. Presets differ in augmentation, level, mixup and label smoothing
only. The control is logistic regression on log-mel statistics.
"""

import argparse
import json
from pathlib import Path

import numpy as np
import torch
from fastai.torch_core import set_seed
from measured_on import measured_on

from audio_kd.audio.decoding import resample
from audio_kd.chords.synth import ChordSynth
from audio_kd.core.files import atomic_write
from audio_kd.core.progress import labelled_progress
from audio_kd.data import AudioConfig, AudioDataLoaders, LogMel, augmentations
from audio_kd.data.baselines import log_mel_statistics, logistic_baseline
from audio_kd.learner import audio_learner
from audio_kd.learner.recipes import choose_recipe
from audio_kd.stats import Accuracy, paired_difference

root = Path(__file__).resolve().parent.parent
types = ["maj", "min", "dim", "7"]  # of the vocabulary, in its order
sample_rate = 22050
seconds = 2.0
presets = ("music", "events", "speech")


def clips_of(split, n, seed):  # (waveforms (n,N), indices of their types)
    synth = ChordSynth(split, vocab=types, duration=seconds, sample_rate=44100, seed=seed)
    waves, labels = [], []
    for i in labelled_progress(range(n), split):
        samples, plan = synth.clip(i)
        waves.append(resample(samples, 44100, sample_rate))
        labels.append(plan.chord_type)
    return np.stack(waves).astype(np.float32), labels


def loaders(waves, labels, splits, preset, seed):  # AudioDataLoaders
    recipe = choose_recipe(preset)
    cfg = AudioConfig(
        sample_rate, seconds, n_fft=2048, hop_length=512, n_mels=96, level=recipe.level
    )
    features = LogMel(cfg, "fast")(torch.from_numpy(waves))
    return AudioDataLoaders.from_features(
        features,
        labels,
        types,
        splits,
        cfg,
        batch_tfms=augmentations(recipe.augmentations, seed=seed),
    )


def predicted(learn):  # (n,) class indices of the test part
    with torch.no_grad():
        return torch.cat(
            [learn.model.eval()(x.as_subclass(torch.Tensor)).argmax(1) for x, _ in learn.dls.test]
        ).numpy()


def measure(options):
    waves, names = clips_of("train", options.clips, 0)
    held_out, tested = clips_of("test", 300, 1)
    waves = np.concatenate([waves, held_out])
    labels = np.array([*names, *tested])
    n = options.clips
    splits = [np.arange(n - 60), np.arange(n - 60, n), np.arange(n, n + 300)]
    y = labels[n:]
    hits = {}
    for seed in options.seeds:
        for preset in presets:
            set_seed(seed)
            dls = loaders(waves, labels, splits, preset, seed)
            learn = audio_learner(dls, "separable_cnn", recipe=preset)
            with learn.no_bar(), learn.no_logging():
                learn.fit_recipe()
            hits.setdefault(preset, []).append(predicted(learn) == y)
            print(seed, preset, hits[preset][-1].mean().round(3), flush=True)
    linear = logistic_baseline(dls, log_mel_statistics)
    linear = linear.predict(log_mel_statistics(dls.test.dataset.select())) == y
    rows = {"logistic regression on log-mel statistics": interval_of([linear])}
    rows |= {preset: interval_of(several) for preset, several in hits.items()}
    gains = {
        preset: paired_difference(np.concatenate(hits["music"]), np.concatenate(hits[preset]))
        for preset in presets[1:]
    }
    return dict(
        on=measured_on(),
        clips=options.clips,
        seeds=options.seeds,
        n=len(y),
        accuracy=rows,
        music_against=gains,
    )


def interval_of(several):  # dict; of the clips, which count once whatever the seeds
    right = np.mean(several, axis=0)
    score = Accuracy(round(float(right.sum())), len(right))
    low, high = score.interval
    return dict(accuracy=float(right.mean()), low=low, high=high)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--clips", type=int, default=600)
    parser.add_argument("--seeds", nargs="+", type=int, default=[0, 1, 2])
    options = parser.parse_args()
    torch.set_num_threads(1)
    measured = measure(options)
    atomic_write(
        root / "results/music_recipe.json", json.dumps(measured, indent=1).encode() + b"\n"
    )
    print(json.dumps(measured, indent=1))
