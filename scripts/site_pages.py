"""What nbdev makes of the notebooks for the site. `python scripts/site_pages.py` makes all pages without Quarto and stops at the first error or warning.

nbdev's own way to fill the API tables runs every cell that contains an import, demos and trainings among them, without the cells before it. Here the tables come from the exported module, and stored outputs stay what they are."""
import importlib
import re
import sys
import warnings
from pathlib import Path
from execnb.shell import CaptureShell
from nbdev.processors import Processor, _is_showdoc, add_links


class module_docs(Processor):
    "Run the cells that show a symbol's documentation, in the module that the notebook exports"
    def begin(self):
        self.shell = CaptureShell()
        found = re.search(r'#\| default_exp ([\w.]+)', Path(self.nb.path_).read_text(encoding='utf-8'))
        if found: self.shell.user_ns.update(vars(importlib.import_module(f'audio_kd.{found[1]}')))
        self.shell.run_cell('from nbdev.showdoc import show_doc')

    def cell(self, cell):
        if cell.cell_type != 'code' or not _is_showdoc(cell): return
        self.shell.cell(cell)
        if self.shell.exc: raise RuntimeError(f'{self.nb.path_}: {cell.source}') from self.shell.exc
        add_links(cell)


if __name__ == '__main__':
    from execnb.nbio import read_nb
    from nbdev.processors import FilterDefaults
    nbs = Path(__file__).resolve().parent.parent/'nbs'
    pages = [o for o in sorted(nbs.rglob('*.ipynb')) if '.ipynb_checkpoints' not in o.parts]
    tables = 0
    for path in pages:
        with warnings.catch_warnings():
            warnings.simplefilter('error')
            for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, ImportWarning): warnings.simplefilter('ignore', kind) # of other packages
            nb = read_nb(path)
            FilterDefaults()(nb)
        shown = [o for o in nb.cells if o.cell_type == 'code' and o.get('source') and _is_showdoc(o)]
        dispatched = tuple(f'show_doc({o})' for o in ('show_batch', 'show_results', 'plot_top_losses')) # by type: nbdev shows none of these
        if empty := [o.source for o in shown if not o.outputs and not o.source.endswith(dispatched)]: sys.exit(f'{path}: no documentation from {empty[0]}')
        tables += len(shown)
    print(f'{len(pages)} pages with {tables} symbols')
