"""A student of train_and_distill.py becomes an int8 file, tested: `python quantize_and_export.py
my_sounds models/student.safetensors student.onnx`.

Where the extra [tflite] is installed, student.tflite works as well. --qat trains a few more epochs
with the rounding in the way."""

import argparse
from pathlib import Path
from audio_kd.all import *
from audio_kd.learner import load_weights
from train_and_distill import loaders

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.partition('\n\n')[0])
    parser.add_argument('folder', type=Path)
    parser.add_argument('weights', type=Path)
    parser.add_argument('file', type=Path, help='*.onnx or *.tflite')
    parser.add_argument('--qat', action='store_true')
    parser.add_argument(
        '--bundle', type=Path, help='folder for the file with all that a device needs'
    )
    args = parser.parse_args()

    dls = loaders(args.folder)
    student = audio_learner(dls, 'audio_cnn')
    load_weights(student.model, args.weights)
    int8 = quantize(student, 'qat' if args.qat else 'ptq')
    test = dls.splits[2]
    report = export(
        int8,
        args.file,
        [dls.files[i] for i in test],
        [str(dls.vocab[i]) for i in dls.test.dataset.labels],
        bundle=args.bundle,
    )
    print(report)
