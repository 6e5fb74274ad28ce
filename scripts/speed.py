"""What users wait for: ratios of variants that take turns in one process, with their intervals.

python scripts/speed.py [NAME ...] [--rounds 15]   # results/speed.json; without a name all of them

Seconds are processor time of one thread, except where
a result is marked as wall. A ratio is the median over
the rounds, its interval the 95 % bootstrap interval of that median.
"""

import argparse
import copy
import json
import re
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path

import numpy as np
import torch
from measured_on import measured_on
from torch.nn import functional as F

from audio_kd.core.files import atomic_write

root = Path(__file__).resolve().parent.parent
goals = {
    "training against a hand-written loop": "<= 1.05",
    "augmentation in a step": "<= 1.15",
    "two threads against one, wall": ">= 1.7",
    "FeatureDL against raw slicing": "<= 1.7",
    "stream in pieces of .1 s against one pass": "<= 1.1",
    "audio_kd --help, wall": "<= 1 s",
}


def ratio(times, reference):  # dict
    "Median of time / reference over the rounds, with its interval"
    values = np.array(times) / np.array(reference)
    rng = np.random.default_rng(0)
    drawn = np.median(rng.choice(values, (2000, len(values))), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return dict(
        ratio=float(np.median(values)), low=float(low), high=float(high), rounds=len(values)
    )


def take_turns(variants, rounds, clock=time.process_time):  # {name: seconds of each round}
    rng = np.random.default_rng(0)
    for run in variants.values():
        run()
    times = {name: [] for name in variants}
    for _ in range(rounds):
        for name in rng.permutation(list(variants)):
            start = clock()
            took = variants[name]()
            times[name].append(took if isinstance(took, float) else clock() - start)
    return times


def batches(n, bs, shape=(1, 64, 216), tfms=()):  # AudioDataLoaders of noise
    from audio_kd.data import AudioConfig, AudioDataLoaders

    rng = np.random.default_rng(0)
    x = torch.from_numpy(rng.standard_normal((n + bs, *shape)).astype(np.float32))
    y = torch.from_numpy(rng.integers(0, 10, n + bs))
    return AudioDataLoaders.from_features(
        x,
        y,
        list("abcdefghij"),
        [np.arange(n), np.arange(n, n + bs)],
        AudioConfig(duration=5.0, n_mels=shape[1]),
        bs=bs,
        device="cpu",
        batch_tfms=list(tfms),
    )


def plain_loop(model, dls, fused=False, channels_last=False, bf16=False):
    "An epoch and a validation, as one writes them by hand"
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, weight_decay=0.01, fused=fused)

    def batches_of(loader):
        for x, y in loader:
            x = x.as_subclass(torch.Tensor)
            yield (
                x.contiguous(memory_format=torch.channels_last) if channels_last else x,
                y.as_subclass(torch.Tensor),
            )

    amp = partial(torch.autocast, "cpu", torch.bfloat16, enabled=bf16)
    model.train()
    for x, y in batches_of(dls.train):
        with amp():
            loss = F.cross_entropy(model(x), y, label_smoothing=0.1)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
    model.eval()
    with torch.no_grad(), amp():
        for x, y in batches_of(dls.valid):
            F.cross_entropy(model(x).float(), y).item()


def learner_of(dls, model, **options):  # Learner without the recipe
    from audio_kd.learner import audio_learner

    return audio_learner(dls, model, lr=1e-4, label_smoothing=0.1, recipe=None, **options)


def fit(learn, n=1):
    with learn.no_bar(), learn.no_logging():
        learn.fit(n)


def training(rounds):
    "An epoch of the Learner: beside a plain loop, and beside one with what is fast on processors"
    from audio_kd.models import create_model

    result = {}
    bf16 = bool(re.search("avx512_bf16|amx_bf16", Path("/proc/cpuinfo").read_text()))
    for name, n, bs in (
        ("panns_mobilenetv1", 64, 8),
        ("audio_cnn", 128, 16),
        ("efficientnet_v2_b0", 48, 8),
    ):
        dls = batches(n, bs)
        model = create_model(name, 10, n_mels=64)
        last = copy.deepcopy(model).to(memory_format=torch.channels_last)
        learn = learner_of(dls, copy.deepcopy(model))
        variants = {
            "loop": partial(plain_loop, copy.deepcopy(model), dls),
            "audio_learner": partial(fit, learn),
            "loop, channels_last and fused": partial(plain_loop, last, dls, True, True),
        }
        if bf16:
            variants["loop, channels_last, fused and bfloat16"] = partial(
                plain_loop, copy.deepcopy(last), dls, True, True, True
            )
            half = learner_of(dls, copy.deepcopy(model), amp="bfloat16")
            variants["audio_learner, amp=bfloat16"] = partial(fit, half)
        times = take_turns(variants, rounds)
        result[name] = {
            what: dict(seconds=float(np.median(rows)), **ratio(rows, times["loop"]))
            for what, rows in times.items()
        }
    return result


def augmentation(rounds):
    "An epoch with the default augmentation beside one without"
    from audio_kd.data import augmentations

    result = {}
    for name in ("audio_cnn", "separable_cnn"):
        learners = {
            what: learner_of(batches(128, 16, tfms=tfms), name)
            for what, tfms in (("without", ()), ("with", augmentations("default", seed=0)))
        }
        times = take_turns({what: partial(fit, learn) for what, learn in learners.items()}, rounds)
        result[name] = ratio(times["with"], times["without"])
    return result


def threads(rounds):
    "An epoch with one thread beside two, in seconds that pass; on an idle machine"
    result = {}
    for name, bs in (("audio_cnn", 32), ("separable_cnn", 32), ("panns_mobilenetv1", 16)):
        learn = learner_of(batches(128, bs), name)

        def run(n, learn=learn):
            torch.set_num_threads(n)
            fit(learn)

        times = take_turns(
            {"one": partial(run, 1), "two": partial(run, 2)}, rounds, time.perf_counter
        )
        torch.set_num_threads(1)
        result[name] = ratio(times["one"], times["two"])
    return result


def loader_once(rounds):
    "FeatureDL beside raw slicing, in this process"
    dls = batches(2944, 64)
    x = dls.train.dataset.select()
    loader = dls.train.new(after_batch=None)

    def raw():
        for rows in torch.randperm(len(x))[: len(x) // 64 * 64].view(-1, 64):
            torch.index_select(x, 0, rows)

    def ours():
        for _ in loader:
            pass

    times = take_turns({"raw": raw, "ours": ours}, rounds)
    return ratio(times["ours"], times["raw"])


def loader(rounds):
    "The same in ten fresh processes: memory lies elsewhere in each"
    command = [sys.executable, __file__, "loader_once", "--rounds", str(rounds), "--print"]
    rows = [
        json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
        for _ in range(10)
    ]
    ratios = sorted(row["loader_once"]["ratio"] for row in rows)
    return dict(ratio=float(np.median(ratios)), low=ratios[0], high=ratios[-1], processes=10)


def stream(rounds):
    "Log-mel of 60 s in pieces of .1 s beside one pass"
    from audio_kd.audio.logmel import NumpyLogMel, StreamLogMel
    from audio_kd.data import AudioConfig

    result = {}
    for name, cfg in (
        ("22,050 Hz", AudioConfig(22050, 5.0)),
        ("8,000 Hz", AudioConfig(8000, 1.0, n_fft=512, hop_length=128)),
    ):
        logmel = NumpyLogMel(cfg.to_dict())
        x = np.random.default_rng(0).standard_normal(60 * cfg.sample_rate).astype(np.float32)
        pieces = np.array_split(x, 600)

        def one_pass(logmel=logmel, x=x):
            logmel.levels(x)

        def by_pieces(logmel=logmel, pieces=pieces):
            state = StreamLogMel(logmel)
            for piece in pieces:
                state.push(piece)

        times = take_turns({"one pass": one_pass, "pieces": by_pieces}, rounds)
        result[name] = ratio(times["pieces"], times["one pass"])
    return result


def starting(rounds):
    "Seconds that pass until something is there"
    kd = str(Path(sys.executable).parent / "audio_kd")
    commands = {
        "python -c pass": [sys.executable, "-c", "pass"],
        "import audio_kd.all": [sys.executable, "-c", "import audio_kd.all"],
        "import audio_kd.runtime": [sys.executable, "-c", "import audio_kd.runtime"],
        "audio_kd --help": [kd, "--help"],
    }
    runs = {
        name: partial(subprocess.run, command, capture_output=True, check=True)
        for name, command in commands.items()
    }
    times = take_turns(runs, min(rounds, 7), time.perf_counter)
    result = {
        name: dict(median=float(np.median(rows)), low=min(rows), high=max(rows))
        for name, rows in times.items()
    }
    result["audio_kd experiment=demo, first epoch"] = dict(median=first_epoch(kd))
    return result


def first_epoch(kd):  # seconds until the demo reports an epoch
    with tempfile.TemporaryDirectory() as folder:
        began = time.perf_counter()
        process = subprocess.Popen(
            [kd, "experiment=demo", f"system.data_dir={folder}", f"hydra.run.dir={folder}/run"],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            cwd=folder,
        )
        for line in process.stdout:
            if re.search(r"epoch \d", line):
                break
        else:
            raise SystemExit("the demo ended without an epoch")
        took = time.perf_counter() - began
        process.kill()
        process.wait()
    return took


def one_model(name, rounds):  # {runtime: ratio to eager PyTorch}
    "Waveform of a second to scores: eager, ONNX and its int8 file, with one thread and two"
    import onnxruntime

    from audio_kd.data import AudioSpectrogram, LogMel
    from audio_kd.export import export
    from audio_kd.quant import quantize

    dls = batches(32, 8, (1, 64, 44))
    learn = learner_of(dls, name)
    fit(learn)
    model = learn.model.eval()
    logmel = LogMel(dls.cfg, "fast")
    x = torch.randn(1, dls.cfg.sample_rate)

    def eager():
        with torch.inference_mode():
            model(logmel(x).as_subclass(AudioSpectrogram).as_subclass(torch.Tensor))

    variants = {"eager": eager}
    with tempfile.TemporaryDirectory() as folder:
        for what, source in (("fp32", learn), ("int8", quantize(learn))):
            path = Path(folder) / f"{what}.onnx"
            export(source, path, force=True, memory=False)
            for n in (1, 2):
                options = onnxruntime.SessionOptions()
                options.intra_op_num_threads = n
                session = onnxruntime.InferenceSession(str(path), options, ["CPUExecutionProvider"])
                feed = {session.get_inputs()[0].name: x.numpy()}
                variants[f"{what} ONNX, {n} threads"] = partial(session.run, None, feed)
        result = {}
        for n in (1, 2):  # in seconds that pass: waiting for the other thread is part of the work
            torch.set_num_threads(n)
            chosen = {
                what: run
                for what, run in variants.items()
                if what == "eager" or what.endswith(f"{n} threads")
            }
            times = take_turns(chosen, 3 * rounds, time.perf_counter)
            for what, rows in times.items():
                if what != "eager":
                    result[what] = dict(
                        milliseconds=1e3 * float(np.median(rows)), **ratio(times["eager"], rows)
                    )
    torch.set_num_threads(1)
    return result


def files(rounds):
    "int8 and fp32 files beside eager PyTorch, for all models; above 1 is faster"
    from audio_kd.models import list_models

    skipped = ("efficientnet_v2_m", "efficientnet_v2_l")  # as efficientnet_v2_s, larger
    return {name: one_model(name, rounds) for name in list_models() if name not in skipped}


measures = {
    f.__name__: f for f in (training, augmentation, threads, loader, stream, starting, files)
}
inner = dict(loader_once=loader_once)

if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("names", nargs="*", choices=[*measures, *inner, []])
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--print", action="store_true", help="write nothing")
    args = parser.parse_args()
    torch.set_num_threads(1)
    path = root / "results/speed.json"
    measured = json.loads(path.read_text()) if path.exists() and not args.print else {}
    for name in args.names or measures:
        measured[name] = {**measures, **inner}[name](args.rounds)
        if args.print:
            continue
        measured[name]["on"] = measured_on()
        atomic_write(path, json.dumps(measured, indent=1).encode() + b"\n")
        print(name, json.dumps(measured[name], indent=1), flush=True)
    if args.print:
        print(json.dumps(measured))
