"What is measured in the code of notebooks: lines, assignments, functions, symbols."
import ast

from .pages import Finding

functions = (ast.FunctionDef, ast.AsyncFunctionDef)
definitions = (*functions, ast.ClassDef)

wide_exported = 'lines over 100 columns in exported cells'
wide_shown = 'lines over 80 columns in shown cells'
tuple_assignment = 'tuple assignments'
long_function = 'functions over 40 lines'
complex_function = 'functions of complexity over 12'
crowded_cell = 'exported cells with more than one public symbol'
mixed_cell = 'exported cells with more than one definition'
unused_symbol = 'public symbols unused in a later cell of their page'
long_module = 'modules over 500 lines'
measures = (
    wide_exported, wide_shown, tuple_assignment, long_function, complex_function,
    crowded_cell, mixed_cell, unused_symbol, long_module)


def is_tuple_assignment(node):
    "`a, b = x, y`, with every value written out; a permutation such as `a, b = b, a` is none"
    if not isinstance(node, ast.Assign) or not isinstance(node.value, ast.Tuple): return False
    targets = [target for target in node.targets if isinstance(target, ast.Tuple)]
    if not targets or len(node.value.elts) < 2: return False
    left = sorted(ast.unparse(target) for target in targets[0].elts)
    right = sorted(ast.unparse(value) for value in node.value.elts)
    return left != right


def complexity(node):
    "Cyclomatic complexity of a function as ruff's C901 counts it: 1 and one for each branch"
    return 1 + sum(_branches(statement) for statement in node.body)


def _branches(node):
    "Branches of one statement and of all statements in it"
    inner = sum(_branches(child) for child in _statements(node))
    if isinstance(node, (ast.If, ast.ExceptHandler, *functions)): return inner + 1
    if isinstance(node, (ast.For, ast.AsyncFor, ast.While, ast.Try, ast.TryStar)):
        loop = not isinstance(node, (ast.Try, ast.TryStar))
        return inner + loop + bool(node.orelse)
    if isinstance(node, ast.Match):
        last = node.cases[-1].pattern
        catches_all = isinstance(last, ast.MatchAs) and last.pattern is None
        return inner + len(node.cases) - catches_all
    return inner


def _statements(node):
    "Statements right below a statement, handlers and cases among them"
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.stmt, ast.ExceptHandler)): yield child
        elif isinstance(child, ast.match_case): yield from child.body


def public_symbols(cell):
    "Names of the public classes, functions and @patch methods that an exported cell defines"
    nodes = [node for node in cell.tree.body if isinstance(node, definitions)]
    return list(dict.fromkeys(node.name for node in nodes if not node.name.startswith('_')))


def used_names(cell):
    "Every name, attribute and imported name that a cell uses"
    names = set()
    for node in cell.nodes:
        if isinstance(node, ast.Name): names.add(node.id)
        elif isinstance(node, ast.Attribute): names.add(node.attr)
        elif isinstance(node, ast.alias): names.add(node.name)
    return names


def _cell_findings(stem, cell):
    where = f'cell {cell.number}'
    if cell.shown:
        for row, line in cell.lines:
            if len(line) > 80: yield Finding(wide_shown, stem, f'{where} line {row}', line)
    if not cell.exported: return
    for row, line in cell.lines:
        if len(line) > 100: yield Finding(wide_exported, stem, f'{where} line {row}', line)
    symbols = public_symbols(cell)
    if len(symbols) > 1: yield Finding(crowded_cell, stem, where, ', '.join(symbols))
    defined = {node.name for node in cell.tree.body if isinstance(node, definitions)}
    if len(defined) > 1: yield Finding(mixed_cell, stem, where, ', '.join(sorted(defined)))
    yield from _node_findings(stem, where, cell.nodes)


def _node_findings(stem, where, nodes):
    for node in nodes:
        line = f'{where} line {getattr(node, "lineno", 0)}'
        if is_tuple_assignment(node):
            yield Finding(tuple_assignment, stem, line, ast.unparse(node))
        if not isinstance(node, functions): continue
        length = node.end_lineno - node.lineno + 1
        if length > 40: yield Finding(long_function, stem, line, f'{node.name} ({length})')
        branches = complexity(node)
        if branches > 12: yield Finding(complex_function, stem, line, f'{node.name} ({branches})')


def _unused(page):
    used = set()  # in the cells behind
    for cell in reversed(page.cells):
        if cell.exported:
            for name in public_symbols(cell):
                if name in used: continue
                yield Finding(unused_symbol, page.stem, f'cell {cell.number}', name)
        else: used |= used_names(cell)


def module_lines(page):
    "Lines of a module, blank ones and comments included, without what nbdev adds"
    return sum(len(cell.source.splitlines()) - len(cell.directives) for cell in page.exported)


def code_lines(page):
    "Exported lines that are neither blank nor a comment"
    lines = [line for cell in page.exported for _, line in cell.lines]
    return sum(not line.lstrip().startswith('#') for line in lines)


def code_findings(page):
    "All that the measures of this module count on one page"
    for cell in page.cells: yield from _cell_findings(page.stem, cell)
    if page.module is None: return
    yield from _unused(page)
    length = module_lines(page)
    if length > 500: yield Finding(long_module, page.stem, page.module, f'{length} lines')


def sizes(pages):
    "What the counts are shares of, over all pages"
    exported = [cell for page in pages for cell in page.exported]
    nodes = [node for cell in exported for node in cell.nodes]
    defining = [c for c in exported if any(isinstance(n, definitions) for n in c.tree.body)]
    return {
        'pages': len(pages),
        'modules': sum(page.module is not None for page in pages),
        'exported lines': sum(len(cell.lines) for cell in exported),
        'shown lines': sum(len(cell.lines) for page in pages for cell in page.cells if cell.shown),
        'code lines': sum(map(code_lines, pages)),
        'functions': sum(isinstance(node, functions) for node in nodes),
        'cells with a definition': len(defining),
        'public symbols': sum(len(public_symbols(cell)) for cell in exported)}
