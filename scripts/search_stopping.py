"""Does a search need fewer epochs when it stops its losing trainings?

python scripts/search_stopping.py run FOLDER   # results/search_stopping.csv, a row a training
python scripts/search_stopping.py table        # results/search_stopping.json

Every training that fits into 500 kB is done once, as in 09d_run.compress, and the accuracy on the
validation clips after each epoch is kept. Searches over that table cost nothing: the one of
`compress` (20 seeds, 12 trainings), and with the same seeds one that stops a training which is
below the median of those before it, after the same epoch.
"""

import argparse
import csv
import json
import random
from pathlib import Path

import numpy as np
import torch
from measured_on import measured_on

from audio_kd.core.files import atomic_write
from audio_kd.run.compress import Space, propose

root = Path(__file__).resolve().parent.parent
table_file = root / "results/search_stopping.csv"
names = ("name", "width", "bits", "loss", "alpha", "temperature")
space = Space(temperatures=(4.0,))


def read_rows(path):  # {choice: dict(kb=, accuracies=[of each epoch])}
    if not path.exists():
        return {}
    rows = {}
    for row in csv.DictReader(path.open(encoding="utf-8")):
        choice = (row["name"], float(row["width"]), int(row["bits"]), row["loss"])
        choice += float(row["alpha"]), float(row["temperature"])
        accuracies = [float(part) for part in row["accuracies"].split()]
        rows[choice] = dict(kb=float(row["kb"]), accuracies=accuracies)
    return rows


def write_rows(path, rows):
    lines = [",".join((*names, "kb", "accuracies"))]
    for choice, row in rows.items():
        accuracies = " ".join(f"{share:.4f}" for share in row["accuracies"])
        lines.append(",".join((*map(str, choice), f"{row['kb']:.1f}", accuracies)))
    atomic_write(path, "\n".join(lines) + "\n")


def sounds(folder, clips):  # the AudioDataLoaders of 09d_run.compress
    from audio_kd.data import AudioConfig, AudioDataLoaders, SynthSounds

    synth = SynthSounds(clips, seed=4, sample_rate=16000, snr=(-6, 10))
    path = synth.save(folder / f"sounds-{clips}", progress=False)
    cfg = AudioConfig(16000)
    return AudioDataLoaders.from_folder(path, cfg, valid_pct=0.375, bs=16, progress=False)


def teacher_of(dls, folder, epochs):  # its stored logits
    from fastai.torch_core import set_seed

    from audio_kd.distill import build_teacher_cache
    from audio_kd.learner import audio_learner

    set_seed(0)
    dls.train.rng = random.Random(0)
    learn = audio_learner(dls, "panns_cnn14", width=0.25, dropout=0.0, head_dropout=0.2)
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(epochs + epochs // 2, 2e-3)
    return build_teacher_cache(folder / "teacher", learn, dls, epochs, progress=False)


def curve(cached_teacher, dls, choice, epochs):  # accuracies on the validation clips
    from fastai.torch_core import set_seed

    from audio_kd.distill import KnowledgeDistillation
    from audio_kd.learner import audio_learner

    name, width, _, *way = choice
    set_seed(0)
    dls.train.rng, dls.train.view = random.Random(0), -1
    options = dict(zip(names[3:], way, strict=True))
    cbs = KnowledgeDistillation(cached_teacher, **options)
    learn = audio_learner(dls, name, width=width, lr=4e-3, cbs=cbs)
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(epochs, 4e-3)
    return [row["accuracy"] for row in learn.history_logger.rows]


def run(folder, clips, epochs, only, path):
    "The table, resumed where it is not complete"
    from audio_kd.run.compress import measure_networks

    folder.mkdir(parents=True, exist_ok=True)
    rows = read_rows(path)
    dls = sounds(folder, clips)
    sizes = measure_networks(space.networks(), dls, memory=folder / f"measured-{clips}.json")
    fits = [network for network, (kb, _) in sizes.items() if kb <= 500]
    choices = [(*network, *way) for network in fits for way in space.ways()][:only]
    if all(choice in rows for choice in choices):
        return
    cached_teacher = teacher_of(dls, folder, epochs)
    for choice in choices:
        if choice in rows:
            continue
        accuracies = curve(cached_teacher, dls, choice, epochs)
        rows[choice] = dict(kb=sizes[choice[:3]][0], accuracies=accuracies)
        write_rows(path, rows)
        print(*choice, f"{accuracies[-1]:.3f}", flush=True)


def search(rows, seed, trainings, first=None):  # (accuracy of the best, epochs)
    "`compress` over the table; from epoch `first` on, what is below the median is stopped"
    kb = {choice[:3]: row["kb"] for choice, row in rows.items()}
    choices = sorted(rows, key=lambda choice: (-kb[choice[:3]], space.ways().index(choice[3:])))
    tried, curves, epochs = {}, [], 0
    for _ in range(min(trainings, len(choices))):
        choice = propose(choices, tried, kb, "tpe", seed)
        accuracies = rows[choice]["accuracies"]
        length = len(accuracies)
        for epoch in range(first or length, length):
            before = [other[epoch - 1] for other in curves if len(other) >= epoch]
            if before and accuracies[epoch - 1] < np.median(before):
                length = epoch
                break
        curves.append(accuracies[:length])
        tried[choice] = accuracies[length - 1]
        epochs += length
    complete = [other[-1] for other in curves if len(other) == len(accuracies)]
    return max(complete), epochs


def table(path):
    "What the searches reach, and in how many epochs"
    rows = read_rows(path)
    epochs = len(next(iter(rows.values()))["accuracies"])
    result = dict(on=measured_on(), trainings_in_table=len(rows), epochs_each=epochs, searches={})
    ways = {"compress": None} | {
        f"stopped from epoch {first} on": first for first in (2, 3, 5) if first < epochs
    }
    for n in (6, 12):
        for way, first in ways.items():
            accuracy, used = np.array([search(rows, seed, n, first) for seed in range(20)]).T
            result["searches"][f"{n} trainings, {way}"] = dict(
                accuracy=round(float(accuracy.mean()), 4),
                epochs=float(used.mean()),
                share_of_epochs=round(float(used.mean()) / (n * epochs), 3),
            )
    return result


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("run", "table"))
    parser.add_argument("folder", type=Path, nargs="?", help="for sounds and teacher")
    parser.add_argument("--clips", type=int, default=1000)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--only", type=int, help="so many trainings, to see that it runs")
    parser.add_argument("--csv", type=Path, default=table_file)
    args = parser.parse_args()
    torch.set_num_threads(1)
    if args.what == "run":
        if args.folder is None:
            parser.error("run needs a folder")
        run(args.folder, args.clips, args.epochs, args.only, args.csv)
    else:
        result = json.dumps(table(args.csv), indent=1)
        atomic_write(args.csv.with_suffix(".json"), result + "\n")
        print(result)
