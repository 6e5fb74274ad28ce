"""A student that is trained with a teacher: `KnowledgeDistillation`, `distill`, teachers, cached
outputs, losses, mutual learning, analysis."""
from audio_kd.distill.core import KnowledgeDistillation, distill
from audio_kd.distill.analysis import (
    ablate, agreement, learnt_from_teacher, paired_gains, plot_agreement, plot_class_gain,
    plot_gains, plot_temperature)
from audio_kd.distill.cache import TeacherAnswers, TeacherCache, build_teacher_cache, load_answers
from audio_kd.distill.loss import (
    FeatureTerm, LogitTerm, feature_losses, logit_losses, mix_answers, pair_taps)
from audio_kd.distill.mutual import MutualLearning
from audio_kd.distill.teachers import Ensemble, Teacher, load_teacher, match_classes

__all__ = [
    'Ensemble', 'FeatureTerm', 'KnowledgeDistillation', 'LogitTerm', 'MutualLearning', 'Teacher',
    'TeacherAnswers', 'TeacherCache', 'ablate', 'agreement', 'build_teacher_cache', 'distill',
    'feature_losses', 'learnt_from_teacher', 'load_answers', 'load_teacher', 'logit_losses',
    'match_classes', 'mix_answers', 'pair_taps', 'paired_gains', 'plot_agreement',
    'plot_class_gain', 'plot_gains', 'plot_temperature']
