"The main job, as `python main.py` with overrides: the same as the `audio_kd` command."
import sys
from audio_kd.run.cli import main

if __name__ == '__main__': sys.exit(main())
