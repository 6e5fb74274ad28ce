"Accuracy with its interval, tests of differences, calibration. Arrays in, numbers out, no torch."
from audio_kd.stats.f1_scores import macro_f1, paired_scores, score_interval
from audio_kd.stats.metrics import (
    Accuracy, Interval, accuracy_of, bootstrap_interval, compute_average_precision,
    compute_calibration, compute_confusion_matrix, compute_metrics, compute_per_class_metrics,
    compute_roc_auc, compute_topk_accuracy, confusion_matrix, fit_temperature, holm,
    paired_difference, paired_test)
from audio_kd.stats.plots import plot_per_class, plot_reliability

__all__ = [
    'Accuracy', 'Interval', 'accuracy_of', 'bootstrap_interval', 'compute_average_precision',
    'compute_calibration', 'compute_confusion_matrix', 'compute_metrics',
    'compute_per_class_metrics', 'compute_roc_auc', 'compute_topk_accuracy', 'confusion_matrix',
    'fit_temperature', 'holm', 'macro_f1', 'paired_difference', 'paired_scores', 'paired_test',
    'plot_per_class', 'plot_reliability', 'score_interval']
