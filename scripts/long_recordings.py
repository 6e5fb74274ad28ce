"""Events in an hour of sound: what it costs, and whether they are those of the windows one by one.

python scripts/long_recordings.py WORK [--birdnet MODEL.tflite] [--minutes 60]
    [--out results/long_recordings.json]

Trains small networks on synthetic clips of 5 s, exports them, makes an hour of sound at 48 kHz
with known events and measures, in seconds of processor time with all children: decoding alone;
one pass of windows that don't overlap; a plain loop over them in onnxruntime; events every .1 s
by the map of the recording. The measurements take turns in one process. Then, on a part of it,
the events of the map beside those of the windows one by one and beside the truth; the memory of
`audio_kd predict`; and its table after kills at random moments, of a folder and of the one long
recording.
WORK keeps the trained files and the recording for the next call."""

import argparse
import hashlib
import json
import os
import platform
import random
import resource
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import numpy as np
import soundfile as sf
import soxr

root = Path(__file__).resolve().parent.parent
names = ['chirp', 'trill', 'buzz', 'knock', 'whistle', 'background']
rate = 32000  # of the networks, Hz
window = 5.0  # seconds
step = 0.1  # seconds between the windows of events


def make_event(kind, n, sample_rate, rng):
    "An event of n samples"
    t = np.arange(n) / sample_rate
    pitch = rng.uniform(0.8, 1.25)
    if kind == 'chirp':
        x = np.sin(2 * np.pi * (1500 * pitch * t + 1500 * pitch * t**2 / t[-1]))
    elif kind == 'trill':
        x = np.sin(2 * np.pi * 3500 * pitch * t) * (np.sin(2 * np.pi * 14 * pitch * t) > 0)
    elif kind == 'buzz':
        x = np.sign(np.sin(2 * np.pi * 180 * pitch * t)) * 0.5
    elif kind == 'knock':
        x = np.exp(-((t * 6 * pitch) % 1) * 25) * rng.standard_normal(n)
    else:
        x = np.sin(2 * np.pi * (2200 * pitch * t + 6 * np.sin(2 * np.pi * 5 * t)))
    return x * np.hanning(n) ** 0.5


def make_noise(n, sample_rate, rng):
    "Noise of some color, deviation 1"
    spectrum = np.fft.rfft(rng.standard_normal(n))
    hertz = np.fft.rfftfreq(n, 1 / sample_rate)
    x = np.fft.irfft(spectrum * (np.maximum(hertz, 50) / 1000) ** -rng.uniform(0.2, 0.8), n)
    return x / x.std()


def make_clip(seed):
    "(samples, class) of a window, with an event of which at least .35 s is inside, or none"
    rng = np.random.default_rng(seed)
    n = int(rate * window)
    level = 10 ** rng.uniform(-3, -2)
    x = make_noise(n, rate, rng) * level
    label = int(rng.integers(len(names)))
    if names[label] != 'background':
        m = int(rate * rng.uniform(0.5, 2.0))
        event = make_event(names[label], m, rate, rng) * level * 10 ** rng.uniform(0.3, 1.2)
        inside = int(rng.uniform(0.35 * rate, m))
        start = int(rng.integers(inside - m, n - inside + 1))
        first, last = max(0, start), min(n, start + m)
        x[first:last] += event[first - start : last - start]
    return np.clip(x, -1, 1).astype(np.float32), label


def make_recording(path, seconds, seed, sample_rate=48000):
    "Write a recording in blocks of a minute; [(label, start, end)] of its events"
    rng = np.random.default_rng(seed)
    truth = []
    with sf.SoundFile(path, 'w', sample_rate, 1, 'PCM_16') as file:
        for minute in range(round(seconds / 60)):
            x = make_noise(60 * sample_rate, sample_rate, rng) * 10**-2.5
            at = rng.uniform(1, 6)
            while at < 57:
                label = names[int(rng.integers(5))]
                m = int(rng.uniform(0.5, 2.0) * sample_rate)
                first = int(at * sample_rate)
                x[first : first + m] += make_event(label, m, sample_rate, rng)[
                    : len(x) - first
                ] * 10 ** (-2.5 + rng.uniform(0.4, 1.2))
                truth.append((label, 60 * minute + at, 60 * minute + at + m / sample_rate))
                at += m / sample_rate + rng.uniform(6, 12)
            file.write(np.clip(x, -1, 1))
    return truth


def trained(name, work):
    "The file of a network trained on synthetic clips, with its map file, and what was reported"
    import torch
    from fastai.torch_core import set_seed

    from audio_kd.data import AudioConfig, AudioDataLoaders, LogMel
    from audio_kd.export import export
    from audio_kd.export.long import write_map
    from audio_kd.learner import audio_learner
    from audio_kd.models import create_model

    path = work / f'{name}.onnx'
    facts = work / f'{name}.json'
    test = [make_clip(i) for i in range(1000, 1060)]
    waves = np.stack([x for x, _ in test])

    def with_map(result):
        return dict(
            result, map={k: v for k, v in vars(write_map(path, waves)).items() if k != 'path'}
        )

    if facts.exists():
        return path, with_map(json.loads(facts.read_text()))
    cfg = AudioConfig(rate, window, n_fft=1024, hop_length=320, n_mels=64)
    clips, labels = map(np.array, zip(*map(make_clip, range(600)), strict=True))
    logmel = LogMel(cfg, 'fast')
    features = torch.cat([logmel(clips[i : i + 50]) for i in range(0, len(clips), 50)])
    order = np.random.default_rng(0).permutation(len(labels))
    dls = AudioDataLoaders.from_features(
        features, labels, names, np.split(order, [480, 540]), cfg, bs=16, save_path=work
    )
    set_seed(0)
    params, epochs, lr = dict(
        audio_cnn=(dict(dropout=0.0, head_dropout=0.2), 6, 2e-3),
        separable_cnn=(dict(head_dropout=0.1), 8, 6e-3),
    )[name]
    learn = audio_learner(dls, create_model(name, 6, n_mels=64, **params), recipe=None)
    with learn.no_bar(), learn.no_logging():
        learn.fit_one_cycle(epochs, lr)
    report = export(learn, path, clips=waves, labels=[names[y] for _, y in test], memory=False)
    result = dict(
        accuracy=report.accuracy.value,
        clips=60,
        kB=round(path.stat().st_size / 1e3),
        parameters=sum(o.numel() for o in learn.model.parameters()),
    )
    facts.write_text(json.dumps(result))
    return path, with_map(result)


def processor_seconds():
    here = resource.getrusage(resource.RUSAGE_SELF)
    children = resource.getrusage(resource.RUSAGE_CHILDREN)
    return sum(here[:2]) + sum(children[:2])


def decode(recording):
    "Only read and resample it"
    resampler = soxr.ResampleStream(48000, rate, 1, dtype='float32')
    with sf.SoundFile(recording) as file:
        while len(block := file.read(480000, dtype='float32')):
            resampler.resample_chunk(block)


def plain_loop(recording, model):
    "Windows without overlap, by onnxruntime itself"
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model), options, ['CPUExecutionProvider'])
    name = session.get_inputs()[0].name
    resampler = soxr.ResampleStream(48000, rate, 1, dtype='float32')
    rest = np.zeros(0, np.float32)
    n = int(rate * window)
    with sf.SoundFile(recording) as file:
        while len(block := file.read(480000, dtype='float32')):
            rest = np.concatenate([rest, resampler.resample_chunk(block)])
            while len(rest) >= n:
                session.run(None, {name: rest[None, :n]})
                rest = rest[n:]


def events_of(classifier, recording, hop):
    from audio_kd.runtime import read_chunks

    return list(classifier.stream(*read_chunks(recording, 10.0), hop=hop))


def birdnet_loop(recording, model, seconds):
    "Windows of 3 s without overlap through BirdNET's network"
    import ai_edge_litert.interpreter as litert

    interpreter = litert.Interpreter(str(model), num_threads=1)
    interpreter.allocate_tensors()
    given = interpreter.get_input_details()[0]
    n = int(given['shape'][-1])
    with sf.SoundFile(recording) as file:
        for _ in range(int(seconds * file.samplerate // n)):
            interpreter.set_tensor(
                given['index'], file.read(n, dtype='float32').reshape(given['shape'])
            )
            interpreter.invoke()


def matched(events, others, tolerance=0.5):
    """How many events have another of the same label that begins and ends within the tolerance,
    and the differences of these times"""
    left = list(others)
    differences = []
    for event in events:
        apart = [
            (max(abs(start - event[1]), abs(end - event[2])), i)
            for i, (label, start, end) in enumerate(left)
            if label == event[0]
        ]
        if not apart or min(apart)[0] > tolerance:
            continue
        difference, nearest = min(apart)
        del left[nearest]
        differences.append(difference)
    return len(differences), differences


def overlapping(events, truth):
    "How many of the true events an event of their label overlaps, and events that overlap none"

    def meets(a, b):
        return a[0] == b[0] and a[1] < b[2] and b[1] < a[2]

    return (
        sum(any(meets(t, e) for e in events) for t in truth),
        sum(not any(meets(t, e) for t in truth) for e in events),
    )


def as_rows(events):
    return [(o.label, o.start, o.end) for o in events]


def compare_events(path, recording, seconds, truth):
    "Events of the map and of the windows one by one, at the same step, on a part of the recording"
    from audio_kd.runtime import AudioClassifier

    by_map = AudioClassifier(path)
    part = recording.with_name(f'part_{seconds}.wav')
    with sf.SoundFile(recording) as file:
        sf.write(part, file.read(seconds * file.samplerate, dtype='int16'), file.samplerate)
    times = [end for end, _ in by_map.windows([np.zeros(3 * rate, np.float32)], hop=step)]
    hop = round(times[1] - times[0], 6)  # the step that the map allows
    began = processor_seconds()
    single = as_rows(events_of(AudioClassifier(path, use_map=False), part, hop))
    took = processor_seconds() - began
    mapped = as_rows(events_of(by_map, part, hop))
    n, differences = matched(mapped, single)
    chunks = [sf.read(part, dtype='float32')[0][: 60 * 48000]]
    probs = [
        np.stack([p for _, p in classifier.windows(chunks, 48000, hop)])
        for classifier in (by_map, AudioClassifier(path, use_map=False))
    ]
    inside = [o for o in truth if o[2] < seconds]
    return dict(
        seconds=seconds,
        step=hop,
        events_one_by_one=len(single),
        events_by_map=len(mapped),
        the_same=n,
        the_same_to_the_bit=len(set(mapped) & set(single)),
        probabilities_of_a_minute_differ_max=float(np.abs(probs[0] - probs[1]).max()),
        times_differ_mean=float(np.mean(differences)),
        times_differ_max=max(differences),
        processor_seconds_an_hour_one_by_one=took * 3600 / seconds,
        true_events=len(inside),
        true_found_one_by_one=overlapping(single, inside)[0],
        false_one_by_one=overlapping(single, inside)[1],
        true_found_by_map=overlapping(mapped, inside)[0],
        false_by_map=overlapping(mapped, inside)[1],
    )


def command(*args):
    return [
        sys.executable,
        '-m',
        'audio_kd',
        'predict',
        *map(str, args),
        '--events',
        '--step',
        str(step),
    ]


def memory(path, recording, work):
    "Largest resident memory of the command, MB"
    code = (
        'import resource, subprocess, sys; subprocess.run(sys.argv[1:], check=True, '
        'stdout=subprocess.DEVNULL); '
        'print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)'
    )
    done = subprocess.run(
        [sys.executable, '-c', code, *command(recording, '-m', path, '--csv', work / 'memory.csv')],
        capture_output=True,
        text=True,
        check=True,
    )
    return int(done.stdout) * 1024 / 1e6


def killed_and_resumed(path, recording, work, kills=4):
    "Whether the table of a folder is the same bytes after kills at random moments"
    card = work / 'card'
    card.mkdir(exist_ok=True)
    with sf.SoundFile(recording) as file:
        for i in range(12):
            x = file.read(5 * 60 * file.samplerate, dtype='int16')
            if len(x):
                sf.write(card / f'{i:02}.wav', x, file.samplerate)
    return kill_at_random(card, path, work, kills, workers=2)


def kill_at_random(what, path, work, kills, workers):
    "The same command in one piece, in one process, and killed: whether they write the same table"
    for name in ('resumed.csv', 'resumed.csv.unfinished'):
        (work / name).unlink(missing_ok=True)

    def run(name, n):
        return command(what, '-m', path, '--csv', work / name, '--workers', n)

    quiet = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    seconds = {}
    for n in (1, workers):
        began = time.monotonic()
        subprocess.run(run(f'whole_{n}.csv', n), check=True, **quiet)
        seconds[n] = time.monotonic() - began
    rng = random.Random(0)
    finished = []
    for _ in range(kills):
        process = subprocess.Popen(run('resumed.csv', workers), **quiet)
        time.sleep(rng.uniform(0.2, 0.5) * seconds[workers])
        if process.poll() is not None:
            break  # all is done
        process.send_signal(signal.SIGKILL)
        process.wait()
        journal = work / 'resumed.csv.unfinished'
        finished.append(
            max(0, len(journal.read_bytes().splitlines()) - 1) if journal.exists() else 0
        )
    subprocess.run(run('resumed.csv', workers), check=True, **quiet)
    tables = [
        (work / f'{name}.csv').read_bytes() for name in ('whole_1', f'whole_{workers}', 'resumed')
    ]
    return dict(
        kills=len(finished),
        finished_at_each=finished,
        same_table=tables[2] == tables[1],
        same_table_in_one_process=tables[0] == tables[1],
        rows=len(tables[0].splitlines()) - 1,
        seconds_by_processes={str(n): round(o, 1) for n, o in seconds.items()},
    )


def measure(path, recording, seconds, repeats=2):
    "{what: processor seconds an hour}, the medians of measurements that take turns"
    from audio_kd.runtime import AudioClassifier

    classifier = AudioClassifier(path)
    work = dict(
        decoding=lambda: decode(recording),
        one_pass=lambda: events_of(classifier, recording, window),
        plain_loop_in_onnxruntime=lambda: plain_loop(recording, path),
        half_a_window=lambda: events_of(classifier, recording, None),
        events_every_tenth=lambda: events_of(classifier, recording, step),
    )
    took = {name: [] for name in work}
    for _ in range(repeats):
        for name, function in work.items():
            began = processor_seconds()
            function()
            took[name].append((processor_seconds() - began) * 3600 / seconds)
            print(f'{name}: {took[name][-1]:.1f} s', flush=True)
    median = {name: float(np.median(values)) for name, values in took.items()}
    return dict(
        processor_seconds_an_hour=median,
        all=took,
        events_beside_one_pass=median['events_every_tenth'] / median['one_pass'],
        events_beside_plain_loop=median['events_every_tenth'] / median['plain_loop_in_onnxruntime'],
        times_real_time=3600 / median['events_every_tenth'],
    )


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument('work', type=Path)
    parser.add_argument('--networks', nargs='+', default=['audio_cnn', 'separable_cnn'])
    parser.add_argument('--birdnet', type=Path, help="BirdNET's network as .tflite")
    parser.add_argument('--minutes', type=int, default=60)
    parser.add_argument('--out', type=Path, default=root / 'results' / 'long_recordings.json')
    args = parser.parse_args()
    args.work.mkdir(parents=True, exist_ok=True)
    recording = args.work / f'{args.minutes}_minutes.wav'
    truth_file = recording.with_suffix('.json')
    if not truth_file.exists():
        truth_file.write_text(json.dumps(make_recording(recording, 60 * args.minutes, 5)))
    truth = json.loads(truth_file.read_text())
    processor = next(
        (
            line.split(':')[1].strip()
            for line in Path('/proc/cpuinfo').read_text().splitlines()
            if line.startswith('model name')
        ),
        platform.processor(),
    )
    commit = subprocess.run(
        ['git', 'rev-parse', 'HEAD'], cwd=root, capture_output=True, text=True
    ).stdout.strip()
    result = dict(
        machine=f'{processor}, {os.cpu_count()} processors, shared with other work',
        versions={o: version(o) for o in ('numpy', 'onnxruntime', 'soundfile', 'soxr', 'torch')},
        python=platform.python_version(),
        commit=commit,
        minutes=args.minutes,
        sample_rate=48000,
        window=window,
        step=step,
        recording_events=len(truth),
        networks={},
    )
    if args.birdnet:
        seconds = min(300, 60 * args.minutes)
        began = processor_seconds()
        birdnet_loop(recording, args.birdnet, seconds)
        result['birdnet'] = dict(
            sha256=hashlib.sha256(args.birdnet.read_bytes()).hexdigest(),
            window=3.0,
            seconds=seconds,
            processor_seconds_an_hour=(processor_seconds() - began) * 3600 / seconds,
        )
        print(result['birdnet'], flush=True)
    for name in args.networks:
        path, about = trained(name, args.work)
        measured = dict(about, **measure(path, recording, 60 * args.minutes))
        measured['events'] = compare_events(path, recording, min(300, 60 * args.minutes), truth)
        measured['memory_mb'] = memory(path, recording, args.work)
        measured['killed'] = killed_and_resumed(path, recording, args.work)
        measured['killed_in_one_recording'] = kill_at_random(recording, path, args.work, 4, 2)
        result['networks'][name] = measured
        print(json.dumps({name: measured}, indent=1), flush=True)
        args.out.write_text(json.dumps(result, indent=1) + '\n')


if __name__ == '__main__':
    main()
