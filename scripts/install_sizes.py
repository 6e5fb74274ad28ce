"""How much disk the library and each extra take, written to results/install_sizes.json.

Run in an environment with all extras. The size of a requirement is that of the files it installed
and of all it needs in turn; an extra is counted beside the core, which is what `pip install .`
brings."""

import json
import platform
import sys
from configparser import ConfigParser
from importlib.metadata import PackageNotFoundError, distribution
from pathlib import Path

from measured_on import measured_on
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

root = Path(__file__).resolve().parent.parent
file = root / 'results/install_sizes.json'


def requirements_of(requirements):
    "{canonical name: distribution} of requirements and all they need"
    packages = {}
    todo = [(Requirement(o), '') for o in requirements]
    seen = set()
    while todo:
        requirement, extra = todo.pop()
        if requirement.marker and not requirement.marker.evaluate({'extra': extra}):
            continue
        name = canonicalize_name(requirement.name)
        extras = ['', *sorted(requirement.extras)]
        if (name, *extras) in seen:
            continue
        seen.add((name, *extras))
        try:
            packages[name] = distribution(name)
        except PackageNotFoundError:
            continue  # of another platform
        todo += [(Requirement(o), e) for o in packages[name].requires or [] for e in extras]
    return packages


def megabytes(packages):
    "Of the files that distributions installed"
    paths = {o.locate() for package in packages.values() for o in package.files or ()}
    return sum(o.stat().st_size for o in paths if o.is_file()) / 1e6


def main():
    parser = ConfigParser(delimiters=['='])
    parser.read(root / 'settings.ini', encoding='utf-8')
    settings = parser['DEFAULT']
    core = requirements_of(settings['requirements'].split())
    torch = requirements_of(['torch'])

    def beside(extra):
        return {k: v for k, v in requirements_of(extra.split()).items() if k not in core}

    extras = {o.removeprefix('extra_'): settings[o] for o in settings if o.startswith('extra_')}
    everything = ' '.join(v for k, v in extras.items() if k != 'torchaudio')
    rows = {k: round(megabytes(beside(v))) for k, v in extras.items()}
    rows['all'] = round(megabytes(beside(everything)))
    rows['dev'] = round(
        megabytes(beside(f'{everything} {extras["torchaudio"]} {settings["dev_requirements"]}'))
    )
    result = {
        'on': measured_on(),
        'python': platform.python_version(),
        'system': sys.platform,
        'torch': torch['torch'].version,
        'core_mb': round(megabytes(core)),
        'torch_mb': round(megabytes(torch)),
        'extras_mb': rows,
    }
    file.write_text(json.dumps(result, indent=1) + '\n', encoding='utf-8')
    print(file.read_text())


if __name__ == '__main__':
    main()
