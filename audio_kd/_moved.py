"""Names of modules of version 0.1, when they lay flat: each leads to its module of today, with a
DeprecationWarning."""
import importlib
import sys
import warnings
from importlib.machinery import ModuleSpec

moved = {
    'augment': 'data.augment', 'bench': 'run.bench', 'blocks': 'data.fastaudio',
    'bundle': 'runtime.bundle', 'cache': 'data.cache', 'callbacks': 'learner.callbacks',
    'checkpoint': 'learner.checkpoint', 'chord_eval': 'chords.evaluation',
    'chord_labels': 'chords.labels', 'chord_songs': 'chords.songs', 'chord_synth': 'chords.synth',
    'cli': 'run.cli', 'compare': 'distill.analysis', 'compress': 'run.compress',
    'cqt': 'chords.cqt', 'datasets': 'data.datasets', 'decision': 'export.decision',
    'decode': 'audio.decoding', 'distributed': 'learner.parallel', 'domains': 'run.domains',
    'efficientnet': 'models.efficientnet', 'experiment': 'run.pipeline',
    'explorer': 'run.explorer', 'exportable': 'export.check',
    'feature_losses': 'losses.features', 'files': 'audio.files', 'frontend': 'data.frontend',
    'fusion': 'image_text.fusion', 'ghost': 'models.ghost', 'graph': 'export.graph',
    'hub': 'learner.hub', 'kfold': 'learner.kfold', 'layers': 'models.layers',
    'margins': 'losses.metric_learning', 'mend': 'export.mend', 'metrics': 'stats.metrics',
    'mobilenet': 'models.mobilenet', 'multimodal': 'image_text', 'mutual': 'distill.mutual',
    'onnx_files': 'export.onnx', 'options': 'run.options', 'panns': 'models.panns',
    'plots': 'learner.plots', 'processor': 'runtime.processor', 'quant_report': 'quant.report',
    'recipes': 'learner.recipes', 'report': 'export.report', 'runs': 'run.folders',
    'separable': 'models.separable', 'stream': 'audio.logmel', 'teacher_cache': 'distill.cache',
    'teachers': 'distill.teachers', 'terms': 'distill.loss', 'tflite_files': 'export.tflite',
    'torch_files': 'export.torch', 'tracking': 'learner.tracking', 'trainer': 'learner.trainer',
}


class MovedFinder:
    "Finds a module under its old name, after all other finders"
    def find_spec(self, name, path=None, target=None):
        package, _, module = name.partition('.')
        if package != 'audio_kd' or module not in moved: return None
        return ModuleSpec(name, self)

    def create_module(self, spec):
        new = 'audio_kd.' + moved[spec.name.partition('.')[2]]
        warnings.warn(f'{spec.name} is {new} now', DeprecationWarning, stacklevel=2)
        module = importlib.import_module(new)
        spec.loader_state = module.__spec__
        return module

    def exec_module(self, module):
        module.__spec__ = module.__spec__.loader_state # it keeps its own name


if not any(type(o).__name__ == 'MovedFinder' for o in sys.meta_path):
    sys.meta_path.append(MovedFinder())
