"""Training: `audio_learner` and its callbacks, checkpoints, the Trainer, k-fold, tracking, the
Hub, several devices."""
from audio_kd.learner.core import (
    AdamW, HistoryLogger, SaveBest, audio_learner, default_loss, front_end_metadata)
from audio_kd.learner.callbacks import (
    AMP, AccumulateGradients, BatchNormCheck, ClipGradients, DeviceStats, EMA, EarlyStopping,
    GradientCheckpointing, MetricLearning, OutputCheck, TrainableCallback, Profile,
    DecayOnPlateau,
    TerminateOnNaN, Tracker, TrainingMeans, batchnorm_gap, reestimate_batchnorm)
from audio_kd.learner.checkpoint import (
    Checkpoint, FitCallback, ResumableLearner, load_state, load_weights, save_state, save_weights)
from audio_kd.learner.figures import figure_faults, figure_style, label_points
from audio_kd.learner.hub import HubUploader, from_hub, push_to_hub, save_classifier
from audio_kd.learner.kfold import (
    cross_validate, cross_validate_folder, fold_summary, load_pytorch_checkpoint,
    load_training_state_json, save_pytorch_checkpoint, save_training_state_json, train_model)
from audio_kd.learner.metrics import MetricsTracker, predict_logits
from audio_kd.learner.parallel import distributed
from audio_kd.learner.plots import most_confused
from audio_kd.learner.recipes import Recipe, choose_recipe, recipe_for
from audio_kd.learner.tracking import (
    RunFolder, TensorBoardLogger, WandbLogger, plot_confusion, plot_history, plot_size_accuracy,
    run_info, write_report)
from audio_kd.learner.trainer import Trainer, TrainingConfig
from audio_kd.core.files import atomic_write
from audio_kd.stats.metrics import (
    compute_confusion_matrix, compute_per_class_metrics, compute_topk_accuracy)

__all__ = [
    'AMP', 'AccumulateGradients', 'AdamW', 'BatchNormCheck', 'Checkpoint', 'ClipGradients',
    'DeviceStats', 'EMA', 'EarlyStopping', 'GradientCheckpointing', 'HistoryLogger', 'HubUploader',
    'FitCallback', 'MetricLearning', 'MetricsTracker', 'OutputCheck', 'TrainableCallback',
    'Profile', 'Recipe',
    'DecayOnPlateau', 'ResumableLearner', 'RunFolder', 'SaveBest', 'TensorBoardLogger',
    'TerminateOnNaN', 'Tracker', 'Trainer', 'TrainingConfig', 'TrainingMeans', 'WandbLogger',
    'atomic_write', 'audio_learner', 'batchnorm_gap', 'choose_recipe', 'compute_confusion_matrix',
    'compute_per_class_metrics', 'compute_topk_accuracy', 'cross_validate', 'cross_validate_folder',
    'default_loss', 'distributed', 'figure_faults', 'figure_style', 'fold_summary', 'from_hub',
    'front_end_metadata', 'label_points',
    'load_pytorch_checkpoint', 'load_state', 'load_training_state_json', 'load_weights',
    'most_confused', 'plot_confusion', 'plot_history', 'plot_size_accuracy', 'predict_logits',
    'push_to_hub', 'recipe_for', 'reestimate_batchnorm', 'run_info', 'save_classifier',
    'save_pytorch_checkpoint', 'save_state', 'save_training_state_json', 'save_weights',
    'train_model', 'write_report']
