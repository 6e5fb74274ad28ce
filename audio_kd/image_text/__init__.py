"Image and text, two tasks: data, backbones, fusion, model, loss, training, statistics."
from audio_kd.image_text.core import (
    ImageTextModel, LabelLoss, MetricsLogger, PairAnswers, PairDistillation, PairLoss,
    ResultsLogger, SmallText, SmallViT, TaskScores, ablated, ablations, balanced_weights,
    build_pair_answers, build_pair_models, compare_pairs, create_text, create_tokenizer,
    create_vision, evaluate_detailed, export_pairs, fit_pairs, get_num_classes,
    get_text_pretrained_name, holm, load_multimodal_config, load_pair_model, load_pairs, macro_f1,
    make_dataset, multimodal_defaults, pair_baselines, pair_inputs, pair_latency, pair_losses,
    pair_table, paired_scores, predict_pairs, quantize_pairs, read_answers, read_tables,
    report_pairs, run_multimodal, score_interval, task_scores, train_student, train_teacher,
    write_answers)
from audio_kd.image_text.data import (
    ImageTextDataLoaders, ImageTextDataset, PairsReport, check_pairs, discover_classes,
    make_toy_medpix, mask_words, modality_words, read_medpix, read_pairs, read_wound, split_pairs,
    task_names, tokenize, train_tokenizer)
from audio_kd.image_text.fusion import create_fusion, fusions

__all__ = [
    'ImageTextDataLoaders', 'ImageTextDataset', 'ImageTextModel', 'LabelLoss', 'MetricsLogger',
    'PairAnswers', 'PairDistillation', 'PairLoss', 'PairsReport', 'ResultsLogger', 'SmallText',
    'SmallViT', 'TaskScores', 'ablated', 'ablations', 'balanced_weights', 'build_pair_answers',
    'build_pair_models', 'check_pairs', 'compare_pairs', 'create_fusion', 'create_text',
    'create_tokenizer', 'create_vision', 'discover_classes', 'evaluate_detailed', 'export_pairs',
    'fit_pairs', 'fusions', 'get_num_classes', 'get_text_pretrained_name', 'holm',
    'load_multimodal_config', 'load_pair_model', 'load_pairs', 'macro_f1', 'make_dataset',
    'make_toy_medpix', 'mask_words', 'modality_words', 'multimodal_defaults', 'pair_baselines',
    'pair_inputs', 'pair_latency', 'pair_losses', 'pair_table', 'paired_scores', 'predict_pairs',
    'quantize_pairs', 'read_answers', 'read_medpix', 'read_pairs', 'read_tables', 'read_wound',
    'report_pairs', 'run_multimodal', 'score_interval', 'split_pairs', 'task_names', 'task_scores',
    'tokenize', 'train_student', 'train_teacher', 'train_tokenizer', 'write_answers']
