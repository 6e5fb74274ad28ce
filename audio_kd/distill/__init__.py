"""A student that is trained with a teacher: `KnowledgeDistillation`, `distill`, teachers, cached
outputs, losses, mutual learning, analysis."""
from audio_kd.distill.core import (
    CachedViews, DryRun, KnowledgeDistillation, LossTerms, distill)
from audio_kd.distill.ablation import paired_gains, plot_gains, run_ablation
from audio_kd.distill.analysis import (
    agreement, plot_agreement, plot_class_gain, plot_temperature, prediction_changes)
from audio_kd.distill.cache import (
    StoredTeacher, TeacherCache, build_teacher_cache, load_teacher_logits)
from audio_kd.distill.embedding import EmbeddingDistillation, EmbeddingLoss
from audio_kd.distill.loss import (
    DistillationLoss, FeatureDistillationLoss, LogitDistillationLoss, feature_losses,
    logit_losses, match_layers)
from audio_kd.distill.files import (
    WaveformNetwork, confident_labels, label_files, open_network, run_files)
from audio_kd.distill.mutual import MutualLearning
from audio_kd.distill.linear_probe import Probe, probe
from audio_kd.distill.published import audioset_names, load_published
from audio_kd.distill.teachers import (
    Ensemble, Mixup, NetworkTeacher, Teacher, TeacherOutput, load_teacher, match_classes,
    mix_logits)

__all__ = [
    'CachedViews', 'DistillationLoss', 'DryRun', 'EmbeddingDistillation',
    'EmbeddingLoss', 'Ensemble', 'FeatureDistillationLoss',
    'KnowledgeDistillation', 'LogitDistillationLoss', 'LossTerms', 'Mixup', 'MutualLearning',
    'NetworkTeacher', 'Probe', 'StoredTeacher', 'Teacher', 'TeacherCache', 'TeacherOutput',
    'WaveformNetwork', 'agreement', 'audioset_names', 'build_teacher_cache', 'confident_labels',
    'distill', 'feature_losses', 'label_files', 'load_published', 'load_teacher',
    'load_teacher_logits', 'logit_losses',
    'match_classes', 'match_layers', 'mix_logits', 'open_network', 'paired_gains',
    'plot_agreement', 'plot_class_gain', 'plot_gains', 'plot_temperature', 'prediction_changes',
    'probe', 'run_ablation', 'run_files']
