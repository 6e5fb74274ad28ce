"Small notebooks on which each measure finds what it should, and nothing else."
from . import allowed, code, linters, outputs, words
from .pages import Cell, Page

_head = '#| default_exp made'


def page(*sources, outputs=()):
    "A notebook of code cells, and of markdown where a text starts with '# ' or '> '"
    cells = []
    for number, source in enumerate((_head, *sources)):
        kind = 'markdown' if source.startswith(('# ', '> ')) else 'code'
        cells.append(Cell(kind, source, number, list(outputs)))
    return Page('00_made', cells)


def measured(*sources):
    "What code.py finds, as {measure: number}"
    found = [finding.measure for finding in code.code_findings(page(*sources))]
    return {measure: found.count(measure) for measure in found}


def worded(source):
    "The words found in one cell"
    return [finding.text.split(' -> ')[0] for finding in words.page_words(page(source))]


def printed(output):
    "The measures of one stored output"
    printing = Page('a', [Cell('code', '', 0, [output])])
    return {finding.measure for finding in outputs.output_findings(printing)}


def expect(found, expected, what):
    "Stop where a measure finds something else"
    if found == expected: return
    raise SystemExit(f'the measures themselves are wrong: {what}: {found!r}, not {expected!r}')


def check_lines():
    wide = f'value = "{"a"*100}"'
    middle = f'value = "{"a"*80}"'
    expect(measured(f'#| export\n{wide}'), {code.wide_exported: 1}, 'wide exported line')
    expect(measured(f'#| export\n{middle}'), {}, 'exported line of 90 columns')
    expect(measured(middle), {code.wide_shown: 1}, 'wide shown line')
    hidden = [f'#| hide\n{middle}', f'#| echo: false\n{middle}', f'# {middle}']
    expect(measured(*hidden), {}, 'cells not shown')
    lines = '\n'.join(f'x{i} = {i}' for i in range(501))
    expect(measured(f'#| export\n{lines}'), {code.long_module: 1}, 'module of 501 lines')


def check_assignments():
    def found(line): return measured(f'#| export\n{line}').get(code.tuple_assignment, 0)
    unrelated = (
        'a, b = 1, 2', 'a, b = f(x) if c else y, g(z)', 'self.a, self.b = a, b', '(a, b), c = x, y')
    for line in unrelated: expect(found(line), 1, line)
    fine = ('a, b = b, a', 'a, b = f(x)', 'a = 1, 2', 'a = b = 1', 'for a, b in zip(x, y): pass')
    for line in fine: expect(found(line), 0, line)


def check_functions():
    def used(source): return measured(f'#| export\n{source}', 'f')
    branches = ''.join(f'    if x == {i}: return {i}\n' for i in range(12))
    expect(used(f'def f(x):\n{branches}'), {code.complex_function: 1}, '12 branches')
    expect(used(f'def f(x):\n{branches[:branches.rindex("    if")]}'), {}, '11 branches')
    tried = 'def f(x):\n    try:\n        while x: g()\n    except OSError: pass\n    else: h()\n'
    expect(code.complexity(page(tried).cells[1].tree.body[0]), 4, 'while, handler and else')
    matched = 'def f(x):\n    match x:\n        case 1: pass\n        case _: pass\n'
    expect(code.complexity(page(matched).cells[1].tree.body[0]), 2, 'match')
    expect(used('def f(x):\n' + '    x += 1\n'*40), {code.long_function: 1}, '41 lines')
    expect(used('def f(x):\n' + '    x += 1\n'*39), {}, '40 lines')


def check_symbols():
    two = '#| export\ndef f(): pass\n\nclass G: pass'
    crowded = {code.crowded_cell: 1, code.mixed_cell: 1}
    expect(measured(two, 'f(); G'), crowded, 'two symbols in a cell')
    helper = '#| export\ndef _f(): pass\n\n@patch\ndef g(self: Learner): _f()'
    expect(measured(helper, 'learn.g()'), {code.mixed_cell: 1}, 'a symbol and its helper')
    one = '#| export\ndef f(): pass'
    expect(measured(one), {code.unused_symbol: 1}, 'unused symbol')
    expect(measured('f()', one), {code.unused_symbol: 1}, 'used before it is there only')
    expect(measured(one, '#| export\nx = f()'), {code.unused_symbol: 1}, 'used by the module only')
    expect(measured(one, '#| hide\nf()'), {}, 'used in a hidden test')
    expect(measured(one, '%time f()\nf()'), {}, 'used beside magic')


def check_words():
    cases = {
        'answers = 1': ['answers'], 'load_answers()': ['answers'], 'TeacherAnswers()': ['answers'],
        'answer_key = own = 1': ['answer', 'own'], 'x.answerable': [], 'alarm, swarm, ARM = x': [],
        "d['trained_alone']": ['alone'], '# read by names alone': [], '"its odds"': ['odds'],
        '"log odds"': [], 'f"{x} he hears"': ['he', 'hears'], '"The head"': [], '# make sure': [],
        "# an arm's": ['arm'], 'sum(o for o in x)': [], 'for o in x: pass': ['o'],
        "old_names = {'taps': 'layers'}": [], "names = {'taps': 'layers'}": ['taps'],
        'f(key=lambda o: o)': ['o'], 'maps = 1': ['maps'], 'feature_maps': [],
        '> A run goes on, you hear it': ['goes on'],
        '> The file says `answers`': ['answers', 'says'],
        '> He et al. see [odds](odds.html)': ['odds'], '# Runs': ['Runs'],
        '# Runs of a model': [], '> Normalise, run.quantise': ['normalise']}
    for source, expected in cases.items(): expect(sorted(worded(source)), sorted(expected), source)


def check_outputs():
    def stream(text, name='stdout'): return {'output_type': 'stream', 'name': name, 'text': [text]}
    def html(text): return {'output_type': 'display_data', 'data': {'text/html': [text]}}
    expect(printed(stream('saved /tmp/tmpab12/x')), {outputs.machine_path}, 'temporary folder')
    expect(printed(stream('/home/you/x')), {outputs.machine_path}, 'home folder')
    expect(printed(stream('results/work/a, and/or, 3/4')), set(), 'relative paths')
    expect(printed(stream('a.py:3: UserWarning: no', 'stderr')), {outputs.warning}, 'warning')
    expect(printed(stream('a warning, DeprecationWarning')), set(), 'the word in a text')
    for text in ('50%|###   | 1/2', '12.3it/s', 'a\rb', ' 50.00% [1/2 00:01<00:01]'):
        expect(printed(stream(text)), {outputs.progress_bar}, text)
    expect(printed(html('<progress value="3"></progress>')), {outputs.progress_bar}, 'bar in HTML')
    expect(printed(html('<style>progress {}</style><table></table>')), set(), 'style of a bar')
    expect(printed(stream('100 % of 3\r\n')), set(), 'a share')


def check_list():
    limits = {('a', 'm'): 3, ('b', 'm'): 1, ('b', 'k'): 2}
    counts = {('a', 'm'): 2, ('b', 'm'): 2, ('c', 'k'): 1}
    more, less = allowed.compare(counts, limits)
    expect(more, {('b', 'm'): (2, 1), ('c', 'k'): (1, 0)}, 'more')
    expect(less, {('a', 'm'): (2, 3), ('b', 'k'): (0, 2)}, 'less')
    lowered = {('a', 'm'): 2, ('b', 'm'): 1, ('b', 'k'): 0}
    expect(allowed.lowered(counts, limits), lowered, 'lowered')
    moved, grown = allowed.rekeyed(counts, limits, {'b': ['b', 'c'], 'a': 'b'})
    expect({key: n for key, n in moved.items() if n}, counts, 'rekeyed')
    expect(grown, {}, 'nothing grew')
    expect(allowed.rekeyed(counts, limits, {'b': 'b'})[1], {('b', 'm'): 1}, 'one grew')


def check_headers():
    title = '# AUTOGENERATED! DO NOT EDIT! File to edit: ../nbs/x.ipynb.'
    text = f"{title}\n# %% auto #0\n__all__ = ['a',\n 'b']\n# %% c\na = 1\n"
    expect(linters.header_rows(text), {1, 2, 3, 4, 5}, "nbdev's lines")
    expect(linters.header_rows('# %% mine\n'), set(), 'a file by hand')


def run():
    "All of them"
    tests = (
        check_lines, check_assignments, check_functions, check_symbols, check_words,
        check_outputs, check_list, check_headers)
    for test in tests: test()
