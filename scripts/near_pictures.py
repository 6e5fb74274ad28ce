"""How well copies of a picture are found: changes x share found, and pictures that only look alike.

python scripts/near_pictures.py [--seeds 24] [--pictures FOLDER] -> results/near_pictures.json

The pictures are drawn (`phantom`): patients of other seeds, and the hardest, heads of one outline
with other contents. --pictures adds your own, all of which must be different pictures.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import numpy as np
import torch
from measured_on import measured_on
from PIL import Image

from audio_kd.core.files import atomic_write
from audio_kd.image_text.phantoms import phantom, phantom_kinds, picture_changes
from audio_kd.image_text.picture_search import PictureSet, detail_agreement

near = 0.4  # the default of `check_pairs`


def make_pictures(seeds, folder):
    "{(kind, name): picture}"
    pictures = {
        (kind, str(seed)): phantom(kind, seed) for kind in phantom_kinds for seed in range(seeds)
    }
    pictures |= {
        ('head, same outline', str(seed)): phantom('head', seed, inside=900 + seed)
        for seed in range(seeds)
    }
    for path in sorted(Path(folder).iterdir()) if folder else []:
        pictures['given', path.stem] = np.asarray(Image.open(path).convert('L'))
    return pictures


def write(pictures, folder):
    "Their files"
    Path(folder).mkdir()
    paths = [Path(folder) / f'{i:05d}.png' for i in range(len(pictures))]
    for path, picture in zip(paths, pictures, strict=True):
        Image.fromarray(picture).save(path, compress_level=1)
    return paths


def agreements(first, rows, second, columns):
    "Of pairs of two `PictureSet`s"
    return torch.cat(
        [
            detail_agreement(*first.select(i), *second.select(j))
            for i, j in zip(rows.split(32), columns.split(32), strict=True)
        ]
    ).numpy()


def shares(values, kinds):
    "{kind: share of values above `near`}"
    return {
        kind: round(float(np.mean(values[kinds == kind] > near)), 4)
        for kind in dict.fromkeys(kinds.tolist())
    }


def measure(seeds, folder):
    "The content of the file of results"
    pictures = make_pictures(seeds, folder)
    kinds = np.array([kind for kind, _ in pictures])
    n = len(pictures)
    with tempfile.TemporaryDirectory() as scratch:
        start = time.process_time()
        originals = PictureSet(write(pictures.values(), f'{scratch}/originals'), progress=False)
        reading = (time.process_time() - start) / n
        # the 6 nearest of all others
        rows, columns = originals.candidates(originals, 7)
        other = rows != columns
        start = time.process_time()
        alike = agreements(originals, rows[other], originals, columns[other])
        comparing = (time.process_time() - start) / len(alike)
        table = []
        sample = torch.arange(0, n, 2)
        for i, (name, change) in enumerate(picture_changes.items()):
            changed = [change(list(pictures.values())[j]) for j in sample.tolist()]
            copies = PictureSet(write(changed, f'{scratch}/{i}'), progress=False)
            near_rows, near_columns = copies.candidates(originals, 5)
            is_listed = (sample[near_rows] == near_columns).view(-1, 5).any(1).numpy()
            measured = agreements(originals, sample, copies, torch.arange(len(sample)))
            table.append(
                dict(
                    change=name,
                    candidate=round(float(is_listed.mean()), 4),
                    agreement_5_percent=round(float(np.quantile(measured, 0.05)), 3),
                    **shares(np.where(is_listed, measured, 0), kinds[sample.numpy()]),
                )
            )
            print(table[-1], flush=True)
    names = [' '.join(key) for key in pictures]
    order = np.argsort(-alike)[:10]
    closest = [
        dict(
            first=names[rows[other][i]],
            second=names[columns[other][i]],
            agreement=round(float(alike[i]), 3),
        )
        for i in order
    ]
    return dict(
        pictures={kind: int((kinds == kind).sum()) for kind in dict.fromkeys(kinds)},
        near=near,
        found=table,
        different_pairs=len(alike),
        different_pairs_all=n * (n - 1) // 2,
        reported_falsely=int((alike > near).sum()),
        different_99_percent=round(float(np.quantile(alike, 0.99)), 3),
        closest_different=closest,
        seconds_per_picture_read=round(reading, 4),
        seconds_per_pair=round(comparing, 4),
        seconds_for_5000_pictures=round(5000 * reading + 2500 * 5 * comparing),
    )


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument('--seeds', type=int, default=24)
    parser.add_argument('--pictures')
    parser.add_argument('--source', help='where those come from, for the file of results')
    parser.add_argument('--out', default='results/near_pictures.json')
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    measured = dict(
        on=measured_on(),
        given_from=arguments.source,
        **measure(arguments.seeds, arguments.pictures),
    )
    print(json.dumps({k: v for k, v in measured.items() if k != 'found'}, indent=1))
    atomic_write(arguments.out, json.dumps(measured, indent=1) + '\n')
