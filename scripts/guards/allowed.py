"scripts/allowed.json: how often a measure may be found in a stem. Its numbers only go down."
import json
import os
from collections import Counter, defaultdict

from .pages import root

path = root/'scripts/allowed.json'
about = (
    'How often each measure of scripts/measures.py may be found in each notebook (by its stem) '
    'or file. Numbers only go down: python scripts/measures.py shrink.')


def read(file=path):
    "{(stem, measure): number}"
    if not file.exists(): return {}
    places = json.loads(file.read_text(encoding='utf-8'))['allowed']
    return {(stem, measure): n for stem, row in places.items() for measure, n in row.items()}


def read_versions(file=path):
    "Versions of packages on which pyright's numbers depend, as they were when those were counted"
    return json.loads(file.read_text(encoding='utf-8'))['versions'] if file.exists() else {}


def write(allowed, versions, file=path):
    "One number a line, so that branches that mend different notebooks merge"
    places = defaultdict(dict)
    for (stem, measure), n in sorted(allowed.items()):
        if n: places[stem][measure] = n
    content = {'about': about, 'versions': versions, 'allowed': places}
    text = json.dumps(content, indent=1, ensure_ascii=False)
    part = file.with_name(f'{file.name}.part')
    part.write_text(f'{text}\n', encoding='utf-8')
    os.replace(part, file)


def count(findings):
    "{(stem, measure): number} of what was found"
    return Counter((finding.stem, finding.measure) for finding in findings)


def compare(counts, allowed):
    "(what is more than allowed, what is less) as {(stem, measure): (found, allowed)}"
    more = {}
    less = {}
    for key in sorted({*counts, *allowed}):
        number = counts.get(key, 0)
        limit = allowed.get(key, 0)
        if number > limit: more[key] = number, limit
        elif number < limit: less[key] = number, limit
    return more, less


def lowered(counts, allowed):
    "The allowed numbers, each lowered to what is found"
    return {key: min(limit, counts.get(key, 0)) for key, limit in allowed.items()}


def _groups(moves):
    "{name: set of places, old and new, between which cells have moved}"
    groups = []
    for old, new in moves.items():
        group = {old, *([new] if isinstance(new, str) else new)}
        for other in [other for other in groups if other & group]:
            groups.remove(other)
            group |= other
        groups.append(group)
    return {', '.join(sorted(group)): group for group in groups}


def rekeyed(counts, allowed, moves=None):
    """(allowed numbers after pages were renamed, split or joined; {(group, measure): growth})

    `moves`: where the cells of a page are now, {old: new} or {old: [new, ...]}; None: anywhere.
    Within a group of such pages each measure's sum may not grow; its numbers become what is found.
    """
    places = {stem for stem, _ in [*counts, *allowed]}
    groups = {'all places': places} if moves is None else _groups(moves)
    result = dict(allowed)
    grown = {}
    for name, group in groups.items():
        for measure in {measure for stem, measure in [*counts, *allowed] if stem in group}:
            numbers = {stem: counts.get((stem, measure), 0) for stem in group}
            limit = sum(allowed.get((stem, measure), 0) for stem in group)
            extra = sum(numbers.values()) - limit
            if extra > 0: grown[name, measure] = extra
            result |= {(stem, measure): n for stem, n in numbers.items()}
    return result, grown
