"""What imports what: `python scripts/architecture.py` fails where the house is not built as
planned.

Every import counts, also those inside functions. A package stands on a floor and imports from
floors below only; no circle of modules; no private name of another module; no torch below the
data;
no name of a package that is also one of its modules; no name in `audio_kd.all` that hides one of
fastai, of another module or of Python.
What can't be mended at once stands in architecture.json. That list may only get shorter: an entry
that is no longer needed is a fault too."""

import ast
import builtins
import json
import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
house = root / 'audio_kd'

floors = {  # package: its floor; it imports from lower ones only
    '_moved': -1,  # old names of modules, which no module here uses
    'core': 0,
    'audio': 1,
    'stats': 1,
    'runtime': 2,
    '_fastai': 2,  # fastai, without its warning at import
    'data': 3,
    'models': 3,
    'losses': 3,
    'learner': 4,
    'distill': 5,
    'quant': 6,
    'export': 7,
    'tasks': 8,
    'chords': 9,
    'image_text': 9,
    'run': 10,
    'all': 11,
    '__main__': 11,
}
without_torch = 'core', 'audio', 'stats', 'runtime'
heavy = {'torch', 'torchaudio', 'torchvision', 'fastai', 'timm', 'librosa', 'transformers'}


def package_of(module):
    "'data' of 'data.core'"
    return module.split('.')[0]


def module_files(house=house):
    "{name without audio_kd: file}; a package's own name is its __init__"
    files = {}
    for path in sorted(house.rglob('*.py')):
        parts = path.relative_to(house).with_suffix('').parts
        if parts[0] in ('config', '_modidx') or parts == ('__init__',):
            continue
        files['.'.join(parts[:-1] if parts[-1] == '__init__' else parts)] = path
    return files


def absolute(node, module, is_package):
    """The dotted path that a `from ... import` names, without audio_kd; None for other people's
    packages"""
    name = node.module or ''
    if not node.level:
        if name == 'audio_kd':
            return ''
        return name.removeprefix('audio_kd.') if name.startswith('audio_kd.') else None
    parents = ['audio_kd', *module.split('.')]
    if not is_package:
        parents = parents[:-1]
    parents = parents[: len(parents) - node.level + 1]
    return '.'.join([*parents[1:], *filter(None, [name])])


def imports_of(module, files):
    "[(module of ours, name or None, whether it waits inside a function)] of a module"
    imports = []
    tree = ast.parse(files[module].read_text(encoding='utf-8'))
    is_package = files[module].name == '__init__.py'
    top = {id(o) for o in tree.body}
    for node in ast.walk(tree):
        waits = id(node) not in top
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name.startswith('audio_kd.'):
                    imports.append((alias.name.removeprefix('audio_kd.'), None, waits))
        elif isinstance(node, ast.ImportFrom):
            target = absolute(node, module, is_package)
            if target is None:
                continue
            for alias in node.names:
                inner = f'{target}.{alias.name}'.lstrip('.')
                if inner in files:
                    imports.append((inner, None, waits))  # a module by name
                elif target:
                    imports.append((target, alias.name, waits))
    return imports


def all_imports(files=None):
    "{module: imports_of(module)} of the whole library"
    files = files or module_files()
    return {o: imports_of(o, files) for o in files}


def outside_imports(module, files):
    "Names of other people's packages that a module imports"
    names = set()
    for node in ast.walk(ast.parse(files[module].read_text(encoding='utf-8'))):
        if isinstance(node, ast.Import):
            names |= {o.name for o in node.names}
        elif isinstance(node, ast.ImportFrom) and not node.level:
            names.add(node.module)
    return {name.split('.')[0] for name in names} - {'audio_kd'}


def upward(imports):
    "Imports that do not go to a floor below, as 'importer -> imported'"
    pairs = {(module, target) for module, needs in imports.items() for target, _, _ in needs}

    def is_upward(here, there):
        return here != there and floors[there] >= floors[here]

    return {f'{a} -> {b}' for a, b in pairs if is_upward(package_of(a), package_of(b))}


def circles(imports):
    "Groups of modules that need each other, as 'a, b, c'"
    needs = {
        module: {target for target, _, _ in targets if target in imports} - {module}
        for module, targets in imports.items()
    }
    below = {}
    for module in needs:  # all that a module reaches
        reached, new = set(), {module}
        while new:
            new = {o for m in new for o in needs[m]} - reached
            reached |= new
        below[module] = reached
    return {', '.join(sorted(o for o in below[m] if m in below[o])) for m in needs if m in below[m]}


def private(imports):
    "Private names of other modules, as 'importer <- module._name'"
    return {
        f'{module} <- {target}.{name}'
        for module, needs in imports.items()
        for target, name, _ in needs
        if name and name.startswith('_') and not name.startswith('__')
    }


def torch_below(files):
    "What the packages without torch import all the same"
    return {
        f'{path} imports {name}'
        for path in files
        if package_of(path) in without_torch
        for name in outside_imports(path, files) & heavy
    }


def handed_on(package, files):
    "Names that a package's __init__ hands on"
    tree = ast.parse(files[package].read_text(encoding='utf-8'))
    return {
        alias.asname or alias.name
        for node in tree.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }


def names_of_modules(files):
    "Names that a package hands on and that are modules of it too: the one hides the other"
    packages = [p for p in files if f'{p}.core' in files or p in floors]
    names = {
        f'{package}.{name}'
        for package in packages
        if files[package].name == '__init__.py'
        for name in handed_on(package, files)
    }
    return names & files.keys()


def definitions(path):
    "Public names that a module defines"
    names = set()
    for node in ast.parse(path.read_text(encoding='utf-8')).body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            names.add(node.name)
        elif isinstance(node, ast.Assign):
            names |= {t.id for t in node.targets if isinstance(t, ast.Name)}
    return {name for name in names if not name.startswith('_')}


def homes_of_names(files):
    "{name: modules that define it}"
    homes = {}
    for module, path in files.items():
        if path.name != '__init__.py' and module not in ('all', '__main__'):
            for name in definitions(path):
                homes.setdefault(name, []).append(module)
    return homes


def names_of_all():
    "(module, name) of each import from the library in audio_kd.all"
    tree = ast.parse((house / 'all.py').read_text(encoding='utf-8'))
    for node in tree.body:
        if isinstance(node, ast.ImportFrom) and node.module.startswith('audio_kd'):
            yield from ((node.module, alias.name) for alias in node.names)


def hiding_names(files):
    "Names in audio_kd.all that hide others"
    import audio_kd._fastai
    import fastai.basics
    import fastai.callback.all
    import audio_kd.all

    of_fastai = {**vars(fastai.basics), **vars(fastai.callback.all)}
    homes = homes_of_names(files)
    faults = set()
    for module, name in names_of_all():
        if name == '*':
            faults.add(f'all: {module} is imported by *')
            continue
        value = getattr(audio_kd.all, name)
        if hasattr(builtins, name):
            faults.add(f"all: {name} hides Python's")
        if of_fastai.get(name, value) is not value:
            faults.add(f"all: {name} hides fastai's")
        if len(homes.get(name, ())) > 1:
            faults.add(f'all: {name} is defined in {" and ".join(homes[name])}')
    return faults


def faults(files=None):
    "{kind: faults} of the whole library"
    files = files or module_files()
    imports = all_imports(files)
    unknown = {package_of(o) for o in files} - floors.keys()
    return {
        'without a floor': unknown,
        'not downwards': upward(imports) if not unknown else set(),
        'circles': circles(imports),
        'private names': private(imports),
        'torch below the data': torch_below(files),
        'names of modules': names_of_modules(files),
        'names that hide others': hiding_names(files),
    }


def check():
    "Faults that are not excepted and exceptions that are not needed, one line each"
    known = json.loads((root / 'scripts/architecture.json').read_text(encoding='utf-8'))
    real_faults = faults()
    lines = []
    for kind in sorted({*real_faults, *known}):
        real = set(real_faults.get(kind, ()))
        excepted = set(known.get(kind, ()))
        lines += [f'{kind}: {o}' for o in sorted(real - excepted)]
        lines += [
            f'{kind}: {fault} is mended: take it out of scripts/architecture.json'
            for fault in sorted(excepted - real)
        ]
    return lines


if __name__ == '__main__':
    sys.path.insert(0, str(root))
    if '--all' in sys.argv:
        sys.exit(json.dumps({k: sorted(v) for k, v in faults().items() if v}, indent=1))
    if lines := check():
        sys.exit('\n'.join(lines))
    print('imports go down, in no circle, and by public names')
