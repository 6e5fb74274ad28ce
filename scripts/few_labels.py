"""Speech with few labels: an ensemble of large networks as the teacher of a small one, on FSDD.

python scripts/few_labels.py run DATA [--speakers theo] [--seeds 0] # DATA holds fsdd/
python scripts/few_labels.py table                 # results/few_labels.csv and .md

One speaker of four is tested at a time, and nothing is chosen by it. Five recordings of each digit
and speaker of the others have labels, the rest have none. The teacher is an ensemble of five
networks, trained on the labelled ones alone. A run that is in results/few_labels.jsonl already is
not made again.
"""

import csv
import json
import time
import warnings
from pathlib import Path

import numpy as np
import torch
from field_teachers import file_hits, hits, mean_hits, text_of, train
from measured_on import measured_on
from result_rows import accuracy_row, csv_cells, difference_head, difference_row, run_and_table

from audio_kd.data import AudioConfig, AudioDataLoaders, augmentations
from audio_kd.data.baselines import log_mel_statistics, logistic_baseline
from audio_kd.data.datasets import fsdd_clips
from audio_kd.distill import Ensemble, KnowledgeDistillation
from audio_kd.export import export
from audio_kd.learner.recipes import choose_recipe
from audio_kd.quant import quantize
from audio_kd.run.choice import everything_trains
from audio_kd.stats import bootstrap_interval

results = Path(__file__).resolve().parent.parent / "results"
log = results / "few_labels.jsonl"
scratch = Path("/tmp/audio_kd_few")
speakers = ["george", "jackson", "nicolas", "theo"]
labelled = 5  # recordings of a digit and speaker
front_end = AudioConfig(
    8000, 1.0, n_fft=512, hop_length=128, n_mels=64, length_mode="pad", level="clip"
)


def done():  # {(speaker, seed): row}
    rows = map(json.loads, log.read_text().splitlines()) if log.exists() else []
    return {(row["speaker"], row["seed"]): row for row in rows}


def loaders(folder, speaker, seed):  # AudioDataLoaders; all but a few training clips have no label
    clips = fsdd_clips(folder)
    names = np.array(clips["sources"])
    rng = np.random.default_rng(seed)
    groups = {}
    for i in np.flatnonzero(names != speaker):
        groups.setdefault((clips["labels"][i], names[i]), []).append(i)
    known = np.concatenate([rng.permutation(group)[:labelled] for group in groups.values()])
    test = np.flatnonzero(names == speaker)
    rest = np.setdiff1d(np.flatnonzero(names != speaker), known)
    rows = [*known, *test]
    valid = np.sort(rng.permutation(len(known))[:10])  # they train too, and choose nothing
    splits = [np.setdiff1d(np.arange(len(known)), valid), valid, np.arange(len(known), len(rows))]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # a speaker is in the training and in the validation part
        dls = AudioDataLoaders.from_files(
            [clips["files"][i] for i in rows],
            [clips["labels"][i] for i in rows],
            front_end,
            sources=list(map(str, rows)),
            splits=splits,
            unlabelled=[clips["files"][i] for i in rest],
            batch_tfms=augmentations(choose_recipe("speech").augmentations, seed=seed),
            progress=False,
        )
    return everything_trains(dls)


def one_run(args, speaker, seed):  # dict
    began = time.process_time()
    dls = loaders(args.root / "fsdd", speaker, seed)
    known = dls.train.dataset.labels.numpy() >= 0
    few = dls.resplit([dls.splits[0][known], *dls.splits[1:]], overlap=True)
    y = dls.test.dataset.labels.numpy()
    linear = logistic_baseline(few, log_mel_statistics).predict(
        log_mel_statistics(dls.test.dataset.select())
    )
    row = {"logistic regression on log-mel statistics": text_of(linear == y)}
    large = [train(few, 10 * seed + i, width=3.6, recipe="speech") for i in range(args.networks)]
    row["one large network"] = hits(large[0])
    row["ensemble of large networks"] = hits(*large)
    row["student alone"] = hits(train(few, seed, recipe="speech"))
    teacher = Ensemble(large)
    loss = KnowledgeDistillation(teacher, alpha=0.9, temperature=2.0)
    learn = train(dls, seed, [loss], recipe="speech")
    row["student distilled from the ensemble"] = hits(learn)
    scratch.mkdir(exist_ok=True)
    path = scratch / f"{speaker}-{seed}.onnx"
    report = export(quantize(learn), path, force=True, memory=False)
    row["int8 file of it"] = file_hits(path, dls)

    def count(model):
        return sum(o.numel() for o in model.parameters())

    return dict(
        speaker=speaker,
        seed=seed,
        seconds=round(time.process_time() - began),
        bytes=report.size,
        networks=args.networks,
        parameters=count(learn.model),
        teacher_parameters=count(large[0].model),
        hits=row,
        clips=[Path(dls.files[i]).name for i in dls.splits[2]],
        on=measured_on(),
    )


def run(args):
    torch.set_num_threads(1)
    for seed in args.seeds:
        for speaker in args.speakers:
            if (speaker, seed) in done():
                continue
            row = one_run(args, speaker, seed)
            with open(log, "a") as f:
                f.write(json.dumps(row) + "\n")
            scores = {k: round(v.count("1") / len(v), 3) for k, v in row["hits"].items()}
            print(speaker, seed, row["seconds"], scores, flush=True)


def table():
    rows = list(done().values())
    first = rows[0]
    tested = sorted({row["speaker"] for row in rows})
    seeds = sorted({row["seed"] for row in rows})
    lines = [
        "# FSDD with five labels a digit and speaker",
        "",
        "Made by `python scripts/few_labels.py table` from results/few_labels.jsonl; 95 % "
        "intervals by clip, as four speakers are too few to draw by: they hold for these speakers.",
        "",
        f"{len(rows)} runs: speakers {', '.join(tested)}, seeds {seeds}. "
        f"Teacher: {first['networks']} networks of "
        f"{first['teacher_parameters']:,} parameters. "
        f"Student: {first['parameters']:,} parameters, int8 file of "
        f"{first['bytes'] / 1e3:.0f} kB.",
        "",
        "| network | n | accuracy | 95 % interval |",
        "|---|---|---|---|",
    ]
    with open(results / "few_labels.csv", "w", newline="") as f:
        out = csv.writer(f, lineterminator="\n")
        out.writerow(["network", "speakers", "seeds", "n", "accuracy", "low", "high"])
        for name in first["hits"]:
            values, _ = mean_hits(rows, name)
            interval = bootstrap_interval(values)
            out.writerow(
                [
                    name,
                    len(tested),
                    len(seeds),
                    len(values),
                    *csv_cells(interval),
                ]
            )
            lines.append(accuracy_row(name, len(values), interval=interval))
    lines += ["", *difference_head()]
    distilled = "student distilled from the ensemble"
    for a, b in (
        (distilled, "student alone"),
        (distilled, "ensemble of large networks"),
        ("int8 file of it", distilled),
    ):
        gain = bootstrap_interval(mean_hits(rows, a)[0] - mean_hits(rows, b)[0])
        lines.append(difference_row(a, b, gain))
    (results / "few_labels.md").write_text("\n".join([*lines, ""]))


if __name__ == "__main__":
    parser, runs = run_and_table(__doc__)
    runs.add_argument("root", type=Path)
    runs.add_argument("--speakers", nargs="+", choices=speakers, default=speakers)
    runs.add_argument("--seeds", nargs="+", type=int, default=[0])
    runs.add_argument("--networks", type=int, default=5)
    args = parser.parse_args()
    run(args) if args.what == "run" else table()
