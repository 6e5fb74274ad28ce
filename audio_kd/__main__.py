"`python -m audio_kd`: the `audio_kd` command."
from audio_kd.cli import main

if __name__ == '__main__': main()
