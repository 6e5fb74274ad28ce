"Metrics under the names of the training guide."
from audio_kd.metrics import MetricsTracker, compute_confusion_matrix, compute_per_class_metrics, compute_topk_accuracy
