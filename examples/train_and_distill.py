"""Train a teacher on a folder of recordings and distill a student: `python train_and_distill.py
my_sounds`.

my_sounds has one sub-folder per class. Writes teacher.safetensors and student.safetensors into
--out and prints the accuracy on test clips."""

import argparse
from pathlib import Path
from audio_kd.all import *
from audio_kd.learner import save_weights


def loaders(folder):  # the same clips in the same parts at every call
    return AudioDataLoaders.from_folder(
        folder, AudioConfig(sample_rate=32000, n_mels=64), batch_tfms=augmentations()
    )


def accuracy_on_test(learn):
    logits, targets = predict_logits(learn, learn.dls.test)
    return accuracy_of(logits, targets)


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.partition('\n\n')[0])
    parser.add_argument('folder', type=Path)
    parser.add_argument('--out', type=Path, default=Path('models'))
    parser.add_argument('--epochs', type=int, default=30)
    parser.add_argument('--teacher', default='panns_cnn14')
    parser.add_argument('--width', type=float, default=0.25, help='of the teacher')
    args = parser.parse_args()

    set_seed(0)
    dls = loaders(args.folder)
    teacher = audio_learner(dls, args.teacher, width=args.width)
    teacher.fit_one_cycle(args.epochs)
    save_weights(teacher.model, args.out / 'teacher.safetensors')

    student = audio_learner(
        dls, 'audio_cnn', cbs=KnowledgeDistillation(teacher, alpha=0.5, temperature=3)
    )
    student.fit_one_cycle(args.epochs)
    save_weights(student.model, args.out / 'student.safetensors', vocab=list(map(str, dls.vocab)))
    for name, learn in (('teacher', teacher), ('student', student)):
        print(name, accuracy_on_test(learn))
