"""On what a figure was measured: processor, versions and commit, for results/*.json."""

from contextlib import chdir
from pathlib import Path

from audio_kd.learner.tracking import run_info
from audio_kd.run.bench import this_machine
from audio_kd.runtime.processor import has_vnni

def measured_on():
    "A dict for the file of a result"
    with chdir(Path(__file__).parent):
        return {**run_info(), **this_machine(), 'vnni': has_vnni()}
