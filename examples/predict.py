"""An exported file at work, without PyTorch: `python predict.py student.onnx dog.wav`, `python
predict.py student.onnx a_folder`.

--stream reads a file piece by piece, as a microphone would give it, and prints each event once,
with its start and end."""

import argparse
from pathlib import Path
from audio_kd.runtime import (
    AudioClassifier,
    read_chunks,
)  # on a device: `from runtime import ...`, the file of a bundle

if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.partition('\n\n')[0])
    parser.add_argument('model', type=Path)
    parser.add_argument('sound', type=Path, help='a file or a folder')
    parser.add_argument('--stream', action='store_true')
    args = parser.parse_args()

    classifier = AudioClassifier(args.model)
    if args.sound.is_dir():
        print(classifier.predict_folder(args.sound))
    elif args.stream:
        chunks, sr = read_chunks(args.sound)
        for event in classifier.stream(chunks, sr):
            print(event)
    else:
        print(classifier.predict(args.sound))
