"`python -m audio_kd.training.example_usage`: the complete example on dummy data."
from audio_kd.chords import example_usage, main

if __name__ == '__main__': main()
