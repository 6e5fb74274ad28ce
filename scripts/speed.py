"""What users wait for: ratios of variants that take turns in one process, with their intervals.

python scripts/speed.py [NAME ...] [--rounds 15]   # results/speed.json; without a name all of them

Seconds are processor time of one thread, except where
a result is marked as wall. A ratio is the median over
the rounds, its interval the 95 % bootstrap interval of that median.
`goals` in the file has the ratios that have a goal, and what was tried where it is missed.
"""

import argparse
import copy
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from unittest.mock import patch

import numpy as np
import torch
from measured_on import measured_on
from torch.nn import functional as F

from audio_kd.audio import logmel as logmel_module
from audio_kd.audio.logmel import NumpyLogMel, StreamLogMel, Workspace
from audio_kd.core.files import atomic_write
from audio_kd.core.timing import take_turns

root = Path(__file__).resolve().parent.parent


def ratio(times, reference):  # dict
    "Median of time / reference over the rounds, with its interval"
    values = np.array(times) / np.array(reference)
    rng = np.random.default_rng(0)
    drawn = np.median(rng.choice(values, (2000, len(values))), axis=1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return dict(
        ratio=float(np.median(values)), low=float(low), high=float(high), rounds=len(values)
    )


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


def epoch_clock(seconds):  # Callback; a function, so that fastai is not imported for the help
    from fastai.callback.core import Callback

    class EpochClock(Callback):
        "Seconds of the epochs of a fit, without what it does once, before and after them"

        order = -100

        def before_epoch(self):
            if self.epoch == 0:
                self.started = seconds()

        def after_fit(self):
            self.epochs = seconds() - self.started

    return EpochClock()


def learner_of(dls, model, **options):  # Learner without the recipe
    from audio_kd.learner import audio_learner

    return audio_learner(dls, model, lr=1e-4, label_smoothing=0.1, recipe=None, **options)


def fit(learn, n=1):
    with learn.no_bar(), learn.no_logging():
        learn.fit(n)


def epoch_of(learn, seconds=time.process_time):  # function that returns those of an epoch
    clock = epoch_clock(seconds)
    learn.add_cb(clock)

    def run():
        fit(learn)
        return clock.epochs

    return run


def has_bfloat16():
    "Whether this processor multiplies bfloat16"
    return bool(re.search("avx512_bf16|amx_bf16", Path("/proc/cpuinfo").read_text()))


def training(rounds):
    "An epoch of the Learner: beside a plain loop, and beside one with what is fast on processors"
    from audio_kd.models import create_model

    result = {}
    for name, n, bs in (
        ("panns_mobilenetv1", 64, 8),
        ("audio_cnn", 128, 16),
        ("efficientnet_v2_b0", 48, 8),
    ):
        dls = batches(n, bs)
        model = create_model(name, 10, n_mels=64)
        last = copy.deepcopy(model).to(memory_format=torch.channels_last)
        half = has_bfloat16()
        fast = "loop, channels_last and fused" + " and bfloat16" * half
        variants = {
            "loop": partial(plain_loop, copy.deepcopy(model), dls),
            "audio_learner": epoch_of(learner_of(dls, copy.deepcopy(model))),
            fast: partial(plain_loop, last, dls, True, True, half),
        }
        amp = "bfloat16" if half else False
        same = f"audio_learner, amp={amp}"
        learn = learner_of(dls, copy.deepcopy(model), amp=amp)
        variants[same] = epoch_of(learn)
        times = take_turns(variants, rounds)
        result[name] = {
            what: dict(seconds=float(np.median(rows)), **ratio(rows, times["loop"]))
            for what, rows in times.items()
        }
        result[name]["beside the fast loop"] = ratio(times[same], times[fast])
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
        times = take_turns({what: epoch_of(learn) for what, learn in learners.items()}, rounds)
        result[name] = ratio(times["with"], times["without"])
    return result


def threads(rounds):
    "An epoch with one thread beside two, in seconds that pass; on an idle machine"
    result = {}
    for name, bs in (("audio_cnn", 32), ("separable_cnn", 32), ("panns_mobilenetv1", 16)):
        epoch = epoch_of(learner_of(batches(128, bs), name), time.perf_counter)

        def run(n, epoch=epoch):
            torch.set_num_threads(n)
            return epoch()

        times = take_turns({"one": partial(run, 1), "two": partial(run, 2)}, rounds)
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


streams = {  # rates at which live sound is tried
    "22,050 Hz": dict(sample_rate=22050, duration=5.0),
    "8,000 Hz": dict(sample_rate=8000, duration=1.0, n_fft=512, hop_length=128),
}


def minute_of(options):  # (front end, 600 pieces of .1 s of a sound without much treble)
    from audio_kd.data import AudioConfig

    cfg = AudioConfig(**options)
    x = np.cumsum(np.random.default_rng(0).standard_normal(60 * cfg.sample_rate))
    x = ((x - x.mean()) / np.abs(x).max()).astype(np.float32)
    return NumpyLogMel(cfg.to_dict()), np.array_split(x, 600)


def push_all(logmel, pieces, is_new=False):  # levels of each piece
    state = StreamLogMel(logmel)
    result = []
    for piece in pieces:
        if is_new:
            state.ready.clear()
        result.append(state.push(piece))
    return result


def stream(rounds):
    "Log-mel of 60 s in pieces of .1 s beside one pass"
    result = {}
    for name, options in streams.items():
        logmel, pieces = minute_of(options)
        variants = {
            "one pass": partial(logmel.levels, np.concatenate(pieces)),
            "pieces": partial(push_all, logmel, pieces),
        }
        times = take_turns(variants, rounds)
        result[name] = ratio(times["pieces"], times["one pass"])
    return result


def one_product(logmel):  # all filters in one matrix
    used = slice(0, logmel.n_fft // 2 + 1)
    filters = np.zeros((used.stop, logmel.cfg["n_mels"]), np.float32)
    for bins, part, rows in logmel.bands:
        filters[bins, rows] = part
    merged = copy.copy(logmel)
    merged.bands = [(used, filters, slice(0, filters.shape[1]))]
    return merged


def single_space(n, n_fft, bands):  # Workspace of half the precision
    space = Workspace(n, n_fft, bands)
    space.windowed = space.windowed.astype(np.float32)
    space.spectrum = space.spectrum.astype(np.complex64)
    space.parts = space.spectrum.view(np.float32)
    space.real = space.parts[:, ::2]
    space.imag = space.parts[:, 1::2]
    return space


def replacing(thing, name, value, run):  # function that runs with another value of an attribute
    def replaced():
        with patch.object(thing, name, value):
            return run()

    return replaced


def ways_of(logmel, pieces):  # {name: function that returns levels}
    from scipy import fft

    unwrapped = np.fft._pocketfft_umath.rfft_n_even  # private, not for the library
    run = partial(push_all, logmel, pieces)

    def by_scipy(x, out):
        out[:] = fft.rfft(x)

    return {
        "as it is": run,
        "new arrays for each piece": partial(push_all, logmel, pieces, True),
        "one product with the filters": partial(push_all, one_product(logmel), pieces),
        "float32": replacing(logmel_module, "Workspace", single_space, run),
        "transform of SciPy": replacing(np.fft, "rfft", by_scipy, run),
        "transform without NumPy's wrapper": replacing(
            np.fft, "rfft", lambda x, out: unwrapped(x, 1.0, out=out), run
        ),
    }


def stream_ways(rounds):
    "What was tried for the pieces: ratios to one pass, and the largest difference from it"
    result = {}
    for name, options in streams.items():
        logmel, pieces = minute_of(options)
        one_pass = partial(logmel.levels, np.concatenate(pieces))
        levels = one_pass()
        ways = ways_of(logmel, pieces)
        times = take_turns({"one pass": one_pass, **ways}, rounds)
        result[name] = {}
        for way, run in ways.items():
            x = np.concatenate(run(), 1)
            error = float(np.abs(x - levels[:, : x.shape[1]]).max())
            result[name][way] = dict(decibels=error, **ratio(times[way], times["one pass"]))
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
    times = take_turns(runs, min(rounds, 7), clock=time.perf_counter)
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
            times = take_turns(chosen, 3 * rounds, clock=time.perf_counter)
            for what, rows in times.items():
                if what != "eager":
                    result[what] = dict(
                        milliseconds=1e3 * float(np.median(rows)), **ratio(times["eager"], rows)
                    )
            result[f"int8 beside fp32, {n} threads"] = ratio(
                times[f"fp32 ONNX, {n} threads"], times[f"int8 ONNX, {n} threads"]
            )
    torch.set_num_threads(1)
    return result


def files(rounds):
    "int8 and fp32 files beside eager PyTorch, for all models; above 1 is faster"
    from audio_kd.models import list_models

    skipped = ("efficientnet_v2_m", "efficientnet_v2_l")  # as efficientnet_v2_s, larger
    return {name: one_model(name, rounds) for name in list_models() if name not in skipped}


@dataclass(frozen=True)
class Goal:
    "What a measured ratio, or time, shall be"

    part: str  # A function above
    what: str
    limit: float
    rows: Callable  # From the result of the part to {name: dict(ratio, low, high)}
    unit: str = ""  # None for ratios
    is_least: bool = False  # More than the limit is better
    tried: str = ""  # Where it is missed

    def judged(self, measured):
        "List of dicts, one for each ratio"
        sign = -1 if self.is_least else 1
        result = []
        for name, row in self.rows(measured).items():
            entry = dict(
                part=self.part,
                what=f"{self.what}, {name}" if name else self.what,
                goal=f"{'>=' if self.is_least else '<='} {self.limit:g}{self.unit}",
                reached=sign * row["ratio"] <= sign * self.limit,
                measured=row["ratio"],
                low=row["low"],
                high=row["high"],
            )
            result.append(entry if entry["reached"] else dict(entry, tried=self.tried))
        return result


def of_models(key):  # rows of a `Goal`: that ratio of each model
    return lambda result: {name: row[key] for name, row in result.items()}


def all_rows(result):
    return result


def slowest(result):
    return {"the slowest of ten processes": dict(result, ratio=result["high"])}


def help_seconds(result):
    row = result["audio_kd --help"]
    return {"": dict(ratio=row["median"], low=row["low"], high=row["high"])}


goals = (
    Goal("training", "audio_learner beside a hand-written loop", 1.05, of_models("audio_learner")),
    Goal(
        "training",
        "audio_learner beside a loop with channels_last, fused and bfloat16",
        1,
        of_models("beside the fast loop"),
        tried="a fused optimizer (taken); what is left are the callbacks of each batch",
    ),
    Goal("augmentation", "default augmentation", 1.15, all_rows),
    Goal(
        "threads",
        "two threads",
        1.7,
        all_rows,
        is_least=True,
        tried="nothing here: it is PyTorch's own sharing; two trainings at once use both cores",
    ),
    Goal("loader", "FeatureDL beside raw slicing", 1.7, slowest),
    Goal(
        "stream",
        "log-mel in pieces of .1 s beside one pass",
        1.1,
        all_rows,
        tried="the ways in stream_ways; what is left are NumPy's calls themselves",
    ),
    Goal("starting", "audio_kd --help", 1, help_seconds, unit=" s"),
)


def judged(measured):
    "The goals of the parts that are measured"
    rows = []
    for goal in goals:
        if goal.part in measured:
            result = {k: v for k, v in measured[goal.part].items() if k != "on"}
            rows += goal.judged(result)
    return rows


measures = {
    f.__name__: f
    for f in (training, augmentation, threads, loader, stream, stream_ways, starting, files)
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
        measured["goals"] = judged(measured)
        atomic_write(path, json.dumps(measured, indent=1).encode() + b"\n")
        print(name, json.dumps(measured[name], indent=1), flush=True)
    if args.print:
        print(json.dumps(measured))
