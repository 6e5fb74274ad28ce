"""On what a figure was measured: processor, versions and commit, for results/*.json."""

import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path

from audio_kd.runtime.processor import has_vnni, processor_name

root = Path(__file__).resolve().parent.parent
packages = "torch", "torchaudio", "fastai", "onnxruntime", "numpy"


def commit():
    "The commit that is checked out; with a + where the package differs from it"

    def git(*args):
        return subprocess.run(
            ["git", *args], cwd=root, capture_output=True, text=True
        ).stdout.strip()

    changed = git("status", "--porcelain", "--untracked-files=no", "--", "audio_kd")
    return git("rev-parse", "--short=10", "HEAD") + "+" * bool(changed)


def measured_on():
    "A dict for the file of a result"
    return dict(
        commit=commit(),
        processor=processor_name(),
        cores=os.cpu_count(),
        vnni=has_vnni(),
        load=round(os.getloadavg()[0], 2),
        python=platform.python_version(),
        versions={name: version(name) for name in packages},
    )
