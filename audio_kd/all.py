"Everything for a notebook: `from audio_kd.all import *` brings fastai's basics and the names of this library."
import audio_kd._fastai
from fastai.basics import *
from fastai.callback.all import *
from audio_kd.decode import *
from audio_kd.data import *
from audio_kd.cache import *
from audio_kd.augment import *
from audio_kd.blocks import *
from audio_kd.datasets import *
from audio_kd.models import *
from audio_kd.losses import *
from audio_kd.learner import *
from audio_kd.trainer import *
from audio_kd.distributed import *
from audio_kd.metrics import *
from audio_kd.tracking import *
from audio_kd.plots import *
from audio_kd.kfold import *
from audio_kd.teachers import *
from audio_kd.teacher_cache import *
from audio_kd.terms import *
from audio_kd.distill import *
from audio_kd.compare import *
from audio_kd.mutual import *
from audio_kd.quant import *
from audio_kd.export import *
from audio_kd.hub import *
