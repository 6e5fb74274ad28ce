"""How long the default run of image and text takes on data of the size of MedPix-2.0.

python scripts/image_text_time.py -> results/image_text_time.json

Seconds are processor time of one thread, so that other work on the machine does not count. Images
and captions are made (MedPix can't be passed on): as many as MedPix has, images of 512 by 512,
captions of a log-normal number of words (median 40). The minutes on two cores are the sum over the
steps, passes and files of the configuration, each network's divided by the gain of two threads over
one in its steps, in seconds that pass: measure on an idle machine. Files are written by one thread.
Measured with batches as they are, and with rows in any order.
"""
import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd
import torch
from fastai.callback.core import Callback, CancelFitException
from measured_on import measured_on
from PIL import Image

from audio_kd.core.files import atomic_write
from audio_kd.data.loaders import FeatureDL
from audio_kd.image_text.data import ImageTextDataLoaders
from audio_kd.image_text.evaluation import ablations, predict_pairs
from audio_kd.image_text.export import calibration_inputs, image_text_source
from audio_kd.image_text.phantoms import phantom
from audio_kd.image_text.training import image_text_learner
from audio_kd.quant.core import quantize
from audio_kd.run.options import compose_options
from audio_kd.tasks.core import get_task

sizes = dict(train=1653, dev=197, test=200)  # images of MedPix-2.0


def make_tables(folder):
    "{split: DataFrame}; 40 files are read again and again"
    rng = np.random.default_rng(0)
    letters = list('abcdefghijklmnopqrstuvwxyz')
    words = np.array([''.join(rng.choice(letters, rng.integers(3, 9))) for _ in range(3000)])
    files = [str(Path(folder)/f'{i}.png') for i in range(40)]
    for i, file in enumerate(files): Image.fromarray(phantom('head', i)).save(file)
    def caption():
        n = int(np.clip(rng.lognormal(np.log(40), .8), 3, 200))
        return ' '.join(words[(3000*rng.random(n)**2).astype(int)])
    return {split: pd.DataFrame(dict(image=[files[i % 40] for i in range(n)],
        text=[caption() for _ in range(n)], case=[f'{split} {i//3}' for i in range(n)],
        modality=rng.choice(['CT', 'MR'], n),
        location=rng.choice(['Abdomen', 'Head', 'Pelvis', 'Spine', 'Thorax'], n)))
        for split, n in sizes.items()}


class Steps(Callback):
    "Times of some training steps, then the fit ends"
    def __init__(self, n): self.n = n
    def before_fit(self): self.processor, self.wall = [], []
    def before_batch(self): self.start = time.process_time(), time.perf_counter()
    def after_batch(self):
        if not self.training: return
        self.processor.append(time.process_time() - self.start[0])
        self.wall.append(time.perf_counter() - self.start[1])
        if len(self.wall) > self.n: raise CancelFitException


def step_times(dls, model, teacher, folder, n):
    "`Steps` of a network; the first is left out"
    steps = Steps(n)
    learn = image_text_learner(model, dls, folder, teacher=teacher)
    dls.train.rng.seed(0)
    with learn.no_bar(), learn.no_logging(): learn.fit_one_cycle(1, 1e-4, cbs=steps)
    return steps.processor[1:], steps.wall[1:]


def measure(n):
    "The content of the file of results"
    with tempfile.TemporaryDirectory() as folder:
        tables = make_tables(folder)
        cfg = compose_options(['experiment=medpix', f'data.root={folder}', 'run.device=cpu'])
        task = get_task(cfg)
        data = task.settings['data']
        start = time.process_time()
        size = data['image_size'] or 128
        dls = ImageTextDataLoaders.from_tables(tables, size, max_length=data['max_length'],
            mask=(), bs=data['batch_size'], device='cpu', progress=False)
        reading = time.process_time() - start
        teacher, student = (task.model(o, dls) for o in (cfg.teacher_model, cfg.model))
        kinds = {'teacher': (teacher, None), 'student alone': (student, None),
            'distilled student': (student, teacher)}
        by_length = dls.train
        any_order = FeatureDL(dls.train_ds, bs=by_length.bs, shuffle=True, drop_last=True,
            device=dls.device)
        measured = {}
        for order, loader in (('any order', any_order), ('like length', by_length)):
            dls.loaders[0] = loader
            loader.rng.seed(0)
            padded = np.mean([batch[1].shape[1] for batch in loader])
            measured[order] = dict(padded_tokens=round(float(padded), 1))
            for name, (model, source) in kinds.items():
                times = step_times(dls, model, source, folder, n)[0]
                measured[order][name] = round(float(np.mean(times)), 3)
                print(order, name, measured[order][name], flush=True)
        gains = two_threads(dls, kinds, folder, n)
        passes = {}
        for name, model in dict(teacher=teacher, student=student).items():
            start = time.process_time()
            predict_pairs(model, dls.valid)
            passes[name] = round(time.process_time() - start, 2)
        files = file_times(task, dls, student, folder)
    return dict(pairs=sizes, configuration=dict(epochs=cfg.training.epochs,
        teacher_epochs=cfg.training.teacher_epochs or cfg.training.epochs,
        batch_size=by_length.bs, image_size=size, teacher=cfg.teacher_model.params.vision,
        student=cfg.model.params.vision), seconds_per_step=measured, gain_of_two_threads=gains,
        seconds_per_dev_pass=passes,
        seconds_reading=round(reading, 1), seconds_of_student_files=files)


def two_threads(dls, kinds, folder, n):
    "How many times as fast the steps of each network pass with two threads as with one"
    gains = {}
    for name, (model, source) in kinds.items():
        wall = {1: [], 2: []}
        for threads in (1, 2, 2, 1):
            torch.set_num_threads(threads)
            wall[threads] += step_times(dls, model, source, folder, n)[1]
        gains[name] = round(float(np.median(wall[1])/np.median(wall[2])), 2)
        print('two threads', name, gains[name], flush=True)
    torch.set_num_threads(1)
    return gains


def file_times(task, dls, model, folder):
    "Seconds to write and verify the float and the int8 file of a network"
    measured = {}
    start = time.process_time()
    task.export(image_text_source(model, dls), Path(folder)/'float.onnx', dls)
    measured['float file'] = round(time.process_time() - start, 1)
    start = time.process_time()
    int8 = quantize(image_text_source(model, dls), skip='model.heads',
        calib=calibration_inputs(model, dls))
    task.export(int8, Path(folder)/'int8.onnx', dls)
    measured['int8 file'] = round(time.process_time() - start, 1)
    return measured


def estimate(measured, gains, epochs=None):
    "Minutes of the whole run on one core, and on two where each network has its gain"
    c = measured['configuration']
    steps = sizes['train']//c['batch_size']
    passes = measured['seconds_per_dev_pass']
    rows = dict(teacher='teacher', **{'student alone': 'student', 'distilled student': 'student'})
    seconds = {}
    for name, network in rows.items():
        n = epochs or (c['teacher_epochs'] if name == 'teacher' else c['epochs'])
        step = measured['seconds_per_step']['like length'][name]
        seconds[name] = n*(steps*step + passes[network]) + 2*passes[network]
    seconds['student alone'] += len(ablations)*passes['student']
    files = measured['seconds_of_student_files']  # two students, and a teacher of twice their size
    rest = measured['seconds_reading'] + 4*files['float file'] + files['int8 file']
    one = sum(seconds.values()) + rest
    two = sum(value/gains[name] for name, value in seconds.items()) + rest
    return dict(steps_per_epoch=steps, core_minutes=round(one/60, 1),
        minutes_on_two_cores=round(two/60, 1))


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--steps', type=int, default=10)
    parser.add_argument('--out', default='results/image_text_time.json')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    measured = dict(on=measured_on(), **measure(arguments.steps))
    gains = measured['gain_of_two_threads']
    measured['estimate'] = estimate(measured, gains)
    measured['estimate_of_20_epochs'] = estimate(measured, gains, 20)
    print(json.dumps(measured, indent=1))
    atomic_write(arguments.out, json.dumps(measured, indent=1) + '\n')
