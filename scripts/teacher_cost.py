"""What a pretrained teacher costs: beside its own runtime, and in the training of a student.

python scripts/teacher_cost.py TEACHER [--rate 48000] [--output NAME] [--minutes 20]

TEACHER is a .tflite file whose windows have a fixed length, such as BirdNET's (with --output
model/GLOBAL_AVG_POOL/Mean). Recordings of noise are embedded by `run_files` and by a plain loop
over windows in LiteRT, in turns, each time in a process of its own: seconds of its processor time,
and its peak memory. Then a student is trained alone and with the probe of this embedding as its
teacher, an epoch each in turn, in one process.
"""

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

import numpy as np
import soundfile as sf

from audio_kd.core.files import atomic_write

root = Path(__file__).resolve().parent.parent
minutes_a_file = 5


def make_recordings(folder, minutes, rate):  # files
    files = []
    for i in range(minutes // minutes_a_file):
        noise = np.random.default_rng(i).standard_normal(60 * minutes_a_file * rate) * 0.1
        files.append(Path(folder) / f"{i}.wav")
        sf.write(files[-1], noise.astype(np.float32), rate)
    return files


def embed_ours(options, files):
    from audio_kd.distill.files import open_network, run_files

    network = open_network(options.teacher, options.rate, options.output, kind="embedding")
    network.step = network.window
    return run_files(network, files, progress=False)


def embed_plainly(options, files):
    from ai_edge_litert.interpreter import Interpreter

    model = Interpreter(
        str(options.teacher),
        num_threads=1,
        experimental_preserve_all_tensors=options.output is not None,
    )
    model.allocate_tensors()
    taken = model.get_input_details()[0]
    outputs = {
        tensor["name"]: tensor["index"]
        for tensor in [*model.get_tensor_details(), *model.get_output_details()]
    }
    index = outputs[options.output] if options.output else model.get_output_details()[0]["index"]
    n = int(taken["shape"][-1])
    result = []
    for file in files:
        samples = sf.read(file, dtype="float32")[0]
        windows = []
        for start in range(0, len(samples) - n + 1, n):
            model.set_tensor(taken["index"], samples[start : start + n].reshape(taken["shape"]))
            model.invoke()
            windows.append(model.get_tensor(index).copy().ravel())
        result.append(np.stack(windows))
    return result


ways = dict(run_files=embed_ours, plain_loop=embed_plainly)


def one_way(options):  # prints seconds, megabytes and a sum of the outputs
    files = sorted(Path(options.folder).glob("*.wav"))
    ways[options.way](options, files[:1])  # imports, and what is computed once
    began = time.process_time()
    outputs = ways[options.way](options, files)
    print(
        json.dumps(
            dict(
                seconds=time.process_time() - began,
                memory_mb=resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
                checksum=float(np.concatenate(outputs).mean(dtype=np.float64)),
                windows=sum(map(len, outputs)),
            )
        )
    )


def measure_embedding(options):  # dict
    measured = {way: [] for way in ways}
    with tempfile.TemporaryDirectory() as folder:
        make_recordings(folder, options.minutes, options.rate)
        for _ in range(options.rounds):
            for way in ways:
                command = [
                    sys.executable,
                    __file__,
                    str(options.teacher),
                    "--rate",
                    str(options.rate),
                    "--way",
                    way,
                    "--folder",
                    folder,
                ]
                if options.output:
                    command += ["--output", options.output]
                done = subprocess.run(command, capture_output=True, text=True, check=True)
                measured[way].append(json.loads(done.stdout.splitlines()[-1]))
                print(way, measured[way][-1], flush=True)
    ratios = [
        a["seconds"] / b["seconds"]
        for a, b in zip(measured["run_files"], measured["plain_loop"], strict=False)
    ]
    first = {way: measured[way][0] for way in ways}
    return dict(
        minutes=options.minutes,
        rounds=options.rounds,
        windows=first["run_files"]["windows"],
        seconds={way: median(o["seconds"] for o in rows) for way, rows in measured.items()},
        memory_mb={way: median(o["memory_mb"] for o in rows) for way, rows in measured.items()},
        ratio=median(ratios),
        ratios=[min(ratios), max(ratios)],
        memory_ratio=median(
            a["memory_mb"] / b["memory_mb"]
            for a, b in zip(measured["run_files"], measured["plain_loop"], strict=False)
        ),
        same_outputs=abs(first["run_files"]["checksum"] - first["plain_loop"]["checksum"]) < 1e-5,
    )


def measure_training(options):  # dict
    import torch

    from audio_kd.data import AudioConfig, AudioDataLoaders, SynthSounds, augmentations
    from audio_kd.distill import KnowledgeDistillation, open_network, probe
    from audio_kd.learner import audio_learner

    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as folder:
        sounds = SynthSounds(400, seed=0, sample_rate=22050)
        folder = sounds.save(Path(folder) / "sounds", progress=False)
        dls = AudioDataLoaders.from_folder(
            folder, AudioConfig(22050, None), progress=False, batch_tfms=augmentations("default")
        )
        network = open_network(options.teacher, options.rate, options.output, kind="embedding")
        teacher = probe(network, dls, progress=False).teacher()
    variants = dict(
        baseline=[], distilled=[KnowledgeDistillation(teacher, alpha=0.9, temperature=2.0)]
    )
    learners = {
        name: audio_learner(dls, "separable_cnn", cbs=cbs) for name, cbs in variants.items()
    }
    seconds = {name: [] for name in variants}
    for i in range(options.epochs + 1):
        for name, learn in learners.items():
            began = time.process_time()
            with learn.no_bar(), learn.no_logging():
                learn.fit(1)
            if i:
                seconds[name].append(time.process_time() - began)  # the first one warms up
    ratios = [a / b for a, b in zip(seconds["distilled"], seconds["baseline"], strict=False)]
    return dict(
        clips=len(dls.train.dataset),
        epochs=options.epochs,
        ratio=median(ratios),
        ratios=[min(ratios), max(ratios)],
        seconds={name: median(rows) for name, rows in seconds.items()},
    )


if __name__ == "__main__":
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("teacher", type=Path)
    parser.add_argument("--rate", type=int, default=48000)
    parser.add_argument("--output")
    parser.add_argument("--minutes", type=int, default=20)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--epochs", type=int, default=10)
    parser.add_argument("--way", choices=ways, help=argparse.SUPPRESS)
    parser.add_argument("--folder", help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.way:
        one_way(args)
    else:
        from measured_on import measured_on

        measured = dict(
            on=measured_on(),
            teacher=args.teacher.name,
            output=args.output,
            embedding=measure_embedding(args),
            training=measure_training(args),
        )
        atomic_write(
            root / "results/teacher_cost.json", json.dumps(measured, indent=1).encode() + b"\n"
        )
        print(json.dumps(measured, indent=1))
