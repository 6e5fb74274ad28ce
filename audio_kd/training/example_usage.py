"`python -m audio_kd.training.example_usage`: the complete example on dummy data."
from audio_kd.chords import _main, example_usage

if __name__ == '__main__': _main()
