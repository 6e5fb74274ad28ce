"""A release: is everything ready for a tag, and its notes.

    python scripts/release.py check v0.2.0    settings.ini, audio_kd, CITATION.cff and CHANGELOG.md
                                              have this version, and every tutorial ran as a script
    python scripts/release.py notes v0.2.0    its section of CHANGELOG.md

.github/workflows/release.yaml runs both for each tag; CONTRIBUTING.md lists the steps."""

import argparse
import configparser
import re
import sys
from pathlib import Path

import check_tutorials

root = Path(__file__).resolve().parent.parent


def read(name):
    "Text of a file of the project"
    return (root / name).read_text(encoding='utf-8')


def versions():
    "{file: the version in it}"
    settings = configparser.ConfigParser(delimiters=['='])
    settings.read(root / 'settings.ini', encoding='utf-8')
    package = re.search(r'__version__ = "([^"]+)"', read('audio_kd/__init__.py'))
    citation = re.search(r'^version: *"?([^\s"]+)', read('CITATION.cff'), re.M)
    return {
        'settings.ini': settings['DEFAULT']['version'],
        'audio_kd/__init__.py': package[1] if package else None,
        'CITATION.cff': citation[1] if citation else None,
    }


def section(version):
    "(rest of its heading, text) of a version in CHANGELOG.md; None where there is none"
    pattern = rf'^## {re.escape(version)}\b([^\n]*)\n(.*?)(?=^## |\Z)'
    match = re.search(pattern, read('CHANGELOG.md'), re.M | re.S)
    return match and (match[1].strip(' ,'), match[2].strip())


def problems(tag):
    "What is not ready for a release under this tag"
    version = tag.removeprefix('v')
    if tag == version or not re.fullmatch(r'\d+\.\d+\.\d+(rc\d+)?', version):
        return [f'{tag}: a tag is called v1.2.3, or v1.2.3rc1 for a trial']
    lines = [
        f'{file} has version {other}, the tag {version}: set it in settings.ini, run nbdev_export, '
        'and write it into CITATION.cff'
        for file, other in versions().items()
        if other != version
    ]
    notes = section(version)
    if notes is None or not notes[1]:
        lines.append(f'CHANGELOG.md has no section "## {version}" with text')
    elif not re.fullmatch(r'\d{4}-\d\d-\d\d', notes[0]):
        lines.append(f'CHANGELOG.md: the heading is to be "## {version}, 2027-01-31", with the day')
    names = check_tutorials.outdated()
    if names:
        lines.append(
            f'did not run as plain scripts with this code: {", ".join(names)}: '
            'make tutorial-scripts ALL=1, and commit results/tutorial_scripts.json'
        )
    return lines


def main(command, tag):
    lines = problems(tag)
    if lines:
        sys.exit('\n'.join(lines))
    if command == 'notes':
        print(section(tag.removeprefix('v'))[1])
    else:
        print(f'{tag}: all files have this version, CHANGELOG.md has its notes, tutorials ran')


if __name__ == '__main__':
    parser = argparse.ArgumentParser(description=__doc__.split('\n\n')[0])
    parser.add_argument('command', choices=['check', 'notes'])
    parser.add_argument('tag')
    options = parser.parse_args()
    main(options.command, options.tag)
