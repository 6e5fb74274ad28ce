"""What a GPU does with this library, in one command of less than 8 minutes.

python scripts/gpu_check.py              # results/gpu.json
python scripts/gpu_check.py --device cpu --small --out FILE   # the same code, small, anywhere

On a CUDA device: the notebooks' `cuda` cells; an epoch in float32, float16 and bfloat16 and with
torch.compile beside a hand-written loop; the batched log-mel beside torchaudio and nnAudio; batches
from pinned and from pageable memory; two processes with NCCL where there are two devices.
A part that fails, or a cell that does, is written with its error, and the exit code is 1.
"""

import argparse
import contextlib
import json
import shutil
import subprocess
import sys
import tempfile
import time
import traceback
from functools import partial
from pathlib import Path

import numpy as np
import torch
from measured_on import measured_on
from speed import batches, fit, learner_of, ratio
from torch import nn
from torch.nn import functional as F

from audio_kd.core.files import atomic_write
from audio_kd.core.timing import take_turns

root = Path(__file__).resolve().parent.parent


def waited(run, device):  # seconds, the device's work included
    if device.type == "cuda":
        torch.cuda.synchronize()
    start = time.perf_counter()
    run()
    if device.type == "cuda":
        torch.cuda.synchronize()
    return time.perf_counter() - start


def in_turns(variants, rounds, device):  # {name: seconds of each round}
    waiting = {name: partial(waited, run, device) for name, run in variants.items()}
    return take_turns(waiting, rounds)


def run_cells(notebook):  # "passed", or the end of what its test printed
    command = [str(Path(sys.executable).parent / "nbdev_test"), "--path", str(notebook)]
    command += ["--flags", "cuda", "--do_print"]
    done = subprocess.run(command, capture_output=True, text=True, cwd=root)
    return "passed" if done.returncode == 0 else (done.stdout + done.stderr)[-800:]


def notebook_of(source, path):  # written with one cell
    cell = dict(cell_type="code", execution_count=None, metadata={}, outputs=[], source=source)
    content = dict(cells=[cell], metadata={}, nbformat=4, nbformat_minor=4)
    path.write_text(json.dumps(content))
    return path


def cuda_cells(options):
    "The cells marked `cuda`; elsewhere a cell so marked, which must run and fail"
    if options.device.type != "cuda":
        with tempfile.TemporaryDirectory() as folder:
            right = notebook_of("#| cuda\nassert True", Path(folder) / "right.ipynb")
            wrong = notebook_of("#| cuda\nassert False, 'it ran'", Path(folder) / "wrong.ipynb")
            if run_cells(right) != "passed" or "it ran" not in run_cells(wrong):
                raise RuntimeError("nbdev_test does not run cells marked cuda")
        return dict(skipped="no CUDA device")
    notebooks = [
        path
        for path in sorted((root / "nbs").rglob("*.ipynb"))
        if '"#| cuda' in path.read_text(encoding="utf-8")
    ]
    result = {path.name: run_cells(path) for path in notebooks}
    return dict(passed=all(o == "passed" for o in result.values()), notebooks=result)


def loop_epoch(model, dls, optimizer, kind=None):  # as one writes it by hand
    device = dls.device
    scaler = torch.amp.GradScaler(
        device.type, enabled=kind == torch.float16 and device.type == "cuda"
    )
    model.train()
    for x, y in dls.train:
        x = x.as_subclass(torch.Tensor)
        with torch.autocast(device.type, kind, enabled=kind is not None):
            loss = F.cross_entropy(model(x), y.as_subclass(torch.Tensor), label_smoothing=0.1)
        scaler.scale(loss).backward()
        scaler.unscale_(optimizer)
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        scaler.step(optimizer)
        scaler.update()
        optimizer.zero_grad()


def steps(options):
    "Seconds of an epoch, by precision, beside the loop with the same precision"
    from fastai.callback.core import Callback

    from audio_kd.learner import BatchNormCheck
    from audio_kd.models import create_model

    class TrainOnly(Callback):  # the loop does not validate
        def before_validate(self):
            from fastai.callback.core import CancelValidException

            raise CancelValidException

    kinds = {"float32": None, "bfloat16": torch.bfloat16}
    if options.device.type == "cuda":
        kinds["float16"] = torch.float16
    n, bs = (32, 8) if options.small else (2048, 64)
    result = {}
    for name in (
        ("audio_cnn",) if options.small else ("audio_cnn", "efficientnet_v2_s", "panns_cnn14")
    ):
        dls = batches(n, bs)
        dls.to(options.device)
        for label, kind in kinds.items():
            model = create_model(name, 10, n_mels=64).to(options.device)
            optimizer = torch.optim.AdamW(model.parameters(), lr=1e-4, fused=True)
            learn = learner_of(
                dls,
                create_model(name, 10, n_mels=64),
                amp=label if kind else False,
                cbs=[TrainOnly()],
            )
            learn.remove_cb(BatchNormCheck)  # once per fit
            times = in_turns(
                {
                    "loop": partial(loop_epoch, model, dls, optimizer, kind),
                    "audio_learner": partial(fit, learn),
                },
                options.rounds,
                options.device,
            )
            result[f"{name}, {label}"] = dict(
                milliseconds_a_step=1e3 * float(np.median(times["audio_learner"])) / (n // bs),
                **ratio(times["audio_learner"], times["loop"]),
            )
    return result


def compiled(options):
    "Forward and backward of a compiled network beside the same as it is"
    from audio_kd.models import create_model

    if options.device.type == "cpu" and shutil.which("g++") is None:
        return dict(skipped="no C++ compiler")
    # a whole network takes minutes to compile for processors
    first = nn.Sequential(nn.Conv2d(1, 8, 3), nn.ReLU(), nn.AdaptiveAvgPool2d(1))
    model = first if options.small else create_model("audio_cnn", 10, n_mels=64)
    model = model.to(options.device)
    x = torch.randn(4 if options.small else 64, 1, 64, 216, device=options.device)
    faster = torch.compile(model)

    def step(network):
        network(x).sum().backward()

    times = in_turns(
        {"eager": partial(step, model), "compiled": partial(step, faster)},
        options.rounds,
        options.device,
    )
    with torch.no_grad():
        model.eval()
        difference = float((faster(x) - model(x)).abs().max())
    return dict(difference=difference, **ratio(times["compiled"], times["eager"]))


def log_mel(options):
    "Batched log-mel beside torchaudio, and nnAudio where it is installed"
    import torchaudio

    from audio_kd.data import AudioConfig, LogMel

    cfg = AudioConfig(22050, 5.0, n_fft=1024, hop_length=512, n_mels=64)
    x = torch.randn(4 if options.small else 256, 5 * 22050, device=options.device)
    log_mel_of = LogMel(cfg, "fast").to(options.device)
    mel = torchaudio.transforms.MelSpectrogram(22050, 1024, hop_length=512, n_mels=64).to(
        options.device
    )
    decibels = torchaudio.transforms.AmplitudeToDB(top_db=80.0)
    variants = {"torchaudio": lambda: decibels(mel(x)), "LogMel": lambda: log_mel_of(x)}
    with contextlib.suppress(ImportError):
        from nnAudio.features import MelSpectrogram

        nn_audio = MelSpectrogram(22050, 1024, hop_length=512, n_mels=64, verbose=False).to(
            options.device
        )
        variants["nnAudio"] = lambda: decibels(nn_audio(x))
    times = in_turns(variants, options.rounds, options.device)
    return {name: ratio(rows, times["torchaudio"]) for name, rows in times.items()}


def pinned(options):
    """A pass over the batches, copied to the device, from pinned memory beside pageable memory;
    without a CUDA device, which alone pins, both are pageable"""
    n, bs = (64, 8) if options.small else (4096, 64)
    can_pin = options.device.type == "cuda"

    def one_pass(loader):
        for _ in loader:
            pass

    loaders = {}
    for name, pin in (("pageable", False), ("pinned", True)):
        dls = batches(n, bs)
        dls.to(options.device)
        loaders[name] = dls.train.new(pin_memory=pin and can_pin)
    times = in_turns(
        {name: partial(one_pass, loader) for name, loader in loaders.items()},
        options.rounds,
        options.device,
    )
    return dict(can_pin=can_pin, **ratio(times["pinned"], times["pageable"]))


def next_error(text):  # the first traceback of several processes
    start = text.find("Traceback")
    return text[start : start + 1500]


def two_processes(options):
    "Two processes with NCCL, or with gloo on processors: the same weights in both after an epoch"
    cuda = options.device.type == "cuda"
    if cuda and torch.cuda.device_count() < 2:
        return dict(skipped="one CUDA device")
    with tempfile.TemporaryDirectory() as folder:
        code = Path(folder) / "rank.py"
        code.write_text("""import os, sys, torch
import torch.distributed as dist
rank = int(os.environ['RANK'])
kind = sys.argv[1]
if kind == 'nccl': torch.cuda.set_device(rank)
dist.init_process_group(kind)
torch.set_num_threads(1)
sys.path.insert(0, sys.argv[2])
from speed import batches, fit, learner_of
from audio_kd.learner.parallel import distributed
torch.manual_seed(0)
dls = batches(64, 8)
if kind == 'nccl': dls.to(torch.device('cuda', rank))
learn = learner_of(dls, 'audio_cnn')
with distributed(learn, sync_bn=kind == 'nccl'): fit(learn)
total = torch.stack([o.detach().double().sum() for o in learn.model.parameters()]).sum()
both = [torch.zeros_like(total) for _ in range(2)]
dist.all_gather(both, total)
assert torch.equal(*both), both
dist.destroy_process_group()
""")
        command = [
            sys.executable,
            "-m",
            "torch.distributed.run",
            "--nproc_per_node=2",
            "--standalone",
            str(code),
            "nccl" if cuda else "gloo",
            str(root / "scripts"),
        ]
        began = time.perf_counter()
        done = subprocess.run(command, capture_output=True, text=True, cwd=root, timeout=240)
        if done.returncode:
            raise RuntimeError(next_error(done.stderr))
        return dict(
            backend="nccl" if cuda else "gloo",
            seconds=time.perf_counter() - began,
            same_weights=True,
        )


parts = (cuda_cells, steps, compiled, log_mel, pinned, two_processes)


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--device", default="cuda" if torch.cuda.is_available() else "cpu", type=torch.device
    )
    parser.add_argument("--small", action="store_true", help="some seconds: to see that it runs")
    parser.add_argument("--rounds", type=int)
    parser.add_argument("--out", type=Path, default=root / "results/gpu.json")
    options = parser.parse_args()
    options.rounds = options.rounds or (1 if options.small else 9)
    device = torch.cuda.get_device_name() if options.device.type == "cuda" else "cpu"
    measured = dict(on=measured_on(), device=device, small=options.small)
    failed = 0
    for part in parts:
        began = time.perf_counter()
        try:
            measured[part.__name__] = part(options)
        except Exception:
            measured[part.__name__] = dict(error=traceback.format_exc()[-1500:])
            print(f"{part.__name__} failed", traceback.format_exc(), sep="\n", file=sys.stderr)
            failed = 1
        if not measured[part.__name__].get("passed", True):
            failed = 1
        measured[part.__name__]["took"] = round(time.perf_counter() - began, 1)
        print(part.__name__, json.dumps(measured[part.__name__], indent=1), flush=True)
        atomic_write(options.out, json.dumps(measured, indent=1).encode() + b"\n")
    sys.exit(failed)


if __name__ == "__main__":
    main()
