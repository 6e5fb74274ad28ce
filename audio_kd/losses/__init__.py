"""Losses of classification, of distillation on logits and on features, and of metric learning;
none knows a Learner."""
from audio_kd.losses.core import (
    CombinedLoss, MultiClassFocalLoss, balanced_class_weights, dist_loss, distillation_loss,
    dkd_loss, kd_loss, label_smoothing_loss, logit_losses, soft_bce_loss, standardized_kd_loss)
from audio_kd.losses.features import (
    CRDLoss, HintLoss, InBatchCRDLoss, KnowledgeReviewLoss, ProjectedLoss, VIDLoss,
    attention_transfer, correlation_congruence, feature_losses, feature_pairs, hcl_loss,
    match_size, mmd_loss, nst_loss, pkt_loss, rkd_angle_loss, rkd_distance_loss, rkd_loss,
    similarity_preserving)
from audio_kd.losses.metric_learning import (
    ArcMarginProduct, CircleLoss, embeddings, few_shot_probe, map_at_r, recall_at_1)

__all__ = [
    'ArcMarginProduct', 'CRDLoss', 'CircleLoss', 'CombinedLoss', 'HintLoss', 'InBatchCRDLoss',
    'KnowledgeReviewLoss', 'MultiClassFocalLoss', 'ProjectedLoss', 'VIDLoss', 'attention_transfer',
    'balanced_class_weights', 'correlation_congruence', 'dist_loss', 'distillation_loss',
    'dkd_loss', 'embeddings', 'feature_losses', 'feature_pairs', 'few_shot_probe', 'hcl_loss',
    'kd_loss', 'label_smoothing_loss', 'logit_losses', 'map_at_r', 'match_size', 'mmd_loss',
    'nst_loss', 'pkt_loss', 'recall_at_1', 'rkd_angle_loss', 'rkd_distance_loss', 'rkd_loss',
    'similarity_preserving', 'soft_bce_loss', 'standardized_kd_loss']
