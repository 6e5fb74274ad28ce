from . import _moved

__version__ = "0.1.0"
