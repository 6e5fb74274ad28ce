"What a stored output must not hold: paths of a machine, warnings, progress bars that stand still."
import re

from .pages import Finding

machine_path = 'machine paths in stored outputs'
warning = 'warnings in stored outputs'
progress_bar = 'progress bars in stored outputs'
measures = (machine_path, warning, progress_bar)

_texts = ('text/plain', 'text/html', 'text/markdown', 'application/vnd.jupyter.widget-view+json')
_path = re.compile(
    r'(?<![\w./])(?:/(?:work|root|home|Users|opt|mnt)/[\w.-]+|/(?:var/folders|tmp|private/tmp)/\w+'
    r'|[A-Z]:\\+Users\\+\w+)|\bsite-packages/')
_warning = re.compile(r'\b\w*Warning\b')
_written_warning = re.compile(r'^.*:\d+: \w*Warning: ', re.MULTILINE)
_bar = re.compile(
    r'\d%\|[ #▏▎▍▌▋▊▉█]*\||\d% \[\d+/\d+|[\d.?]+ ?(?:it/s|s/it)\b|<progress\b|widget-view'
    r'|\r(?!\n)')


def output_texts(output):
    "(name of the stream or '', text) of all texts in an output"
    def text(value): return value if isinstance(value, str) else ''.join(map(str, value))
    if 'text' in output: return [(output.get('name', ''), text(output['text']))]
    if 'traceback' in output: return [('', text(output['traceback']))]
    data = output.get('data', {})
    return [('', f'{kind}: {text(data[kind])}' if 'widget' in kind else text(data[kind]))
            for kind in _texts if kind in data]


def _hits(stream, text):
    "(measure, what was found) in one text"
    yield from ((machine_path, match) for match in _path.finditer(text))
    pattern = _warning if stream == 'stderr' else _written_warning
    yield from ((warning, match) for match in pattern.finditer(text))
    yield from ((progress_bar, match) for match in _bar.finditer(text))


def output_findings(page):
    "What stands in stored outputs of one page; a measure counts at most once in an output"
    for cell in page.cells:
        for output in cell.outputs:
            first = {}
            for stream, text in output_texts(output):
                for measure, match in _hits(stream, text): first.setdefault(measure, match[0])
            for measure, text in first.items():
                yield Finding(measure, page.stem, f'cell {cell.number}', repr(text[:100]))
