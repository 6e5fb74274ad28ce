"`python -m audio_kd.chords`: the complete example on random sound."
import logging
from audio_kd.chords import example_usage

if __name__ == '__main__':
    logging.basicConfig(level=logging.INFO, format='%(message)s')
    for name, values in example_usage().items():
        print(f'{name}: {", ".join(f"{o:.4g}" for o in values)}')
