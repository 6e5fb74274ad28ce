"`python -m audio_kd`: the `audio_kd` command."
import sys
from audio_kd.run.cli import main

if __name__ == '__main__': sys.exit(main())
