"""Every training that `compress` may choose from, once, so that searches can be replayed.

python scripts/compress_search.py train     # results/compress_search.jsonl, resumes
python scripts/compress_search.py nested    # the same file: narrow networks out of wide ones

500 training clips of `SynthSounds` in noise, 300 validation and 200 test clips, a teacher of
Cnn14's shape at a quarter of its width. A row is a training: the choice, its validation accuracy
after each epoch, and what its int8 file gets right on validation and test clips. With `nested` a
network starts from the leading channels of the next wider one of its family (their weights are
shared where the widths nest) and gets half the epochs; beside it stands the same from nothing.
"""

import argparse
import json
import random
import tempfile
import time
from pathlib import Path

import torch
from fastai.torch_core import set_seed
from measured_on import measured_on

from audio_kd.data import AudioConfig, AudioDataLoaders
from audio_kd.data.datasets import SynthSounds
from audio_kd.distill.cache import build_teacher_cache
from audio_kd.distill.core import KnowledgeDistillation
from audio_kd.learner import audio_learner, predict_logits
from audio_kd.run.compress import (
    Budget,
    MedianStopping,
    Space,
    file_accuracy,
    measure_networks,
    train_small,
)

root = Path(__file__).resolve().parent.parent
log = root / "results/compress_search.jsonl"
budget = Budget(500, 20)
space = Space(temperatures=(4.0,))
names = ("name", "width", "bits", "loss", "alpha", "temperature")
epochs, rate = 10, 4e-3


def done():  # rows
    return [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []


def add(row):
    with open(log, "a") as f:
        f.write(json.dumps(row) + "\n")
    print({k: v for k, v in row.items() if k not in ("curve", "on")}, flush=True)


def clips(folder):  # AudioDataLoaders
    sounds = SynthSounds(1000, seed=4, sample_rate=16000, snr=(-6, 10))
    dls = AudioDataLoaders.from_folder(
        sounds.save(folder / "clips"), AudioConfig(16000), valid_pct=0.375, bs=16, progress=False
    )
    set_seed(0)
    dls.train.rng = random.Random(0)
    return dls


def teacher_of(dls):  # Learner
    learn = audio_learner(dls, "panns_cnn14", width=0.25, dropout=0.0, head_dropout=0.2)
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(15, 2e-3)
    return learn


def within_budget(dls):  # networks
    measured = measure_networks(space.networks(), dls)
    return [network for network, sizes in measured.items() if budget.allows(*sizes)]


def train(dls, cached_teacher, folder):
    present = {tuple(row[k] for k in names) for row in done() if row["what"] == "trial"}
    for network in within_budget(dls):
        for way in space.ways():
            if (*network, *way) in present:
                continue
            began = time.process_time()
            curve = MedianStopping([])
            path = folder / "student.onnx"
            report = train_small(
                cached_teacher,
                dls,
                path,
                network,
                epochs,
                rate,
                0,
                curve,
                **dict(zip(names[3:], way, strict=True)),
            )
            seconds = round(time.process_time() - began, 1)
            tested = file_accuracy(path, dls)
            add(
                dict(what="trial")
                | dict(zip(names, (*network, *way), strict=True))
                | dict(size=report.size, latency_ms=round(report.latency_ms, 3))
                | dict(correct=report.accuracy.correct, n=report.accuracy.n)
                | dict(test_correct=tested.correct, test_n=tested.n, curve=curve.curve)
                | dict(seconds=seconds, on=measured_on())
            )


def slices(wide, narrow):  # state dict of `narrow`
    "The leading channels of a wider network of the same family"
    wide = wide.state_dict()
    return {
        name: wide[name][tuple(slice(size) for size in value.shape)].clone()
        for name, value in narrow.state_dict().items()
    }


def student(dls, cached_teacher, name, width, n_epoch, start=None):  # (Learner, curve)
    set_seed(0)
    dls.train.rng, dls.train.view = random.Random(0), -1
    distillation = KnowledgeDistillation(cached_teacher, loss="kd", alpha=0.9, temperature=4.0)
    learn = audio_learner(dls, name, width=width, lr=rate, cbs=distillation)
    if start is not None:
        learn.model.load_state_dict(slices(start, learn.model))
    curve = MedianStopping([])
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(n_epoch, rate, cbs=curve)
    return learn, curve.curve


def right(learn, loader):  # clips
    logits, labels = predict_logits(learn, loader)
    return int((logits.argmax(1) == labels).sum())


def nested(dls, cached_teacher):
    present = {row["name"] for row in done() if row["what"] == "nested"}
    networks = within_budget(dls)
    for name in sorted({o[0] for o in networks} - present):
        widths = sorted((o[1] for o in networks if o[0] == name), reverse=True)
        wide, _ = student(dls, cached_teacher, name, widths[0], epochs)
        rows = []
        for width in widths[1:]:
            sliced, curve = student(dls, cached_teacher, name, width, epochs // 2, wide.model)
            fresh, other = student(dls, cached_teacher, name, width, epochs // 2)
            complete, all_epochs = student(dls, cached_teacher, name, width, epochs)
            row = dict(
                what="nested", name=name, width=width, n=len(dls.splits[1]), on=measured_on()
            )
            for what, learn in (
                ("from slices", sliced),
                ("from nothing", fresh),
                ("all epochs", complete),
            ):
                row[what] = dict(
                    correct=right(learn, dls.valid), test_correct=right(learn, dls.test)
                )
            row["curves"] = [curve, other, all_epochs]
            rows.append(row)
            wide = sliced
        for row in rows:
            add(row)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=["train", "nested"])
    options = parser.parse_args()
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        dls = clips(folder)
        cached_teacher = build_teacher_cache(
            folder / "teacher", teacher_of(dls), dls, epochs, progress=False
        )
        if options.what == "train":
            train(dls, cached_teacher, folder)
        else:
            nested(dls, cached_teacher)
