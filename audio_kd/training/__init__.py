"Import paths of the training guide: trainer, configuration, metrics."
from audio_kd.metrics import MetricsTracker, compute_confusion_matrix, compute_per_class_metrics, compute_topk_accuracy
from audio_kd.trainer import Trainer, TrainingConfig
