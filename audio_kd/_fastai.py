"""Import fastai without its import-time warning.

fastai decorates a function with `torch.jit.script`, which PyTorch 2.12 and later announce as
deprecated: nothing that a user of this library could mend.
"""
import warnings

with warnings.catch_warnings():
    warnings.filterwarnings('ignore', '.*torch.jit.script.*')
    import fastai.torch_basics
