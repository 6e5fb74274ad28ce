"""Store the PNG pictures of notebooks with at most 256 colours: a third of the size at the same
sharpness. `python scripts/pictures.py [NOTEBOOK ...]`, without names all"""

import base64
import io
import json
import sys
from pathlib import Path
from PIL import Image


def smaller(png):
    "`png` (base64) with a palette, where that is smaller"
    picture, out = Image.open(io.BytesIO(base64.b64decode(png))), io.BytesIO()
    if picture.mode != 'P':
        picture.convert('RGB').quantize(256, dither=Image.Dither.NONE).save(
            out, 'png', optimize=True
        )
    return min(base64.b64encode(out.getvalue()).decode() or png, png, key=len)


if __name__ == '__main__':
    for path in map(
        Path, sys.argv[1:] or sorted((Path(__file__).parent.parent / 'nbs').rglob('*.ipynb'))
    ):
        notebook, text = json.loads(path.read_text()), path.read_text()
        for output in (o for cell in notebook['cells'] for o in cell.get('outputs', ())):
            data = output.get('data', {})
            if 'image/png' in data:
                data['image/png'] = smaller(''.join(data['image/png']))
        new = json.dumps(notebook, ensure_ascii=False, indent=1) + '\n'
        if new != text:
            path.write_text(new)
            print(f'{path}: {len(text) / 1e3:.0f} kB, now {len(new) / 1e3:.0f}')
