"Image and text with any number of tasks: data, backbones, fusion, model, loss, training, scores."
from importlib import import_module
from audio_kd.image_text.backbones import (
    SmallText, SmallViT, create_text, create_tokenizer, create_vision, get_text_pretrained_name)
from audio_kd.image_text.cache import (
    ImageTextTeacher, build_image_text_cache, image_text_teacher)
from audio_kd.image_text.checks import PairsReport, check_pairs
from audio_kd.image_text.config import (
    get_num_classes, image_text_inputs, load_image_text_model, load_multimodal_config, load_pairs,
    make_dataset, multimodal_defaults, read_tables)
from audio_kd.image_text.data import (
    ImageTextDataLoaders, ImageTextDataset, LengthDL, discover_classes, mask_words, modality_words,
    read_medpix, read_pairs, read_wound, split_pairs, task_names, tokenize, train_tokenizer)
from audio_kd.image_text.evaluation import (
    TaskScores, ablations, all_tasks_correct, drop_modality, evaluate_detailed, example_inputs,
    image_text_baselines, image_text_latency, load_predictions, predict_pairs, save_predictions)
from audio_kd.image_text.export import (
    calibration_inputs, file_inputs, image_text_source, write_tokenizer)
from audio_kd.image_text.fusion import create_fusion, fusions
from audio_kd.image_text.loss import (
    ImageTextLoss, LabelLoss, balanced_weights, image_text_losses)
from audio_kd.image_text.model import ImageTextModel, create_image_text_model
from audio_kd.image_text.picture_search import near_pictures
from audio_kd.image_text.text_search import near_texts
from audio_kd.image_text.report import report_pairs
from audio_kd.image_text.scores import (
    compare_models, comparison_table, holm, macro_f1, paired_scores, score_interval, task_scores)
from audio_kd.image_text.toy import make_toy_medpix
from audio_kd.image_text.task import ImageTextTask
from audio_kd.image_text.training import (
    ImageTextDistillationLoss, image_text_learner, train_image_text, train_student,
    train_teacher)

__all__ = [
    'ImageTextDataLoaders', 'ImageTextDataset', 'ImageTextDistillationLoss',
    'ImageTextLoss', 'ImageTextModel', 'ImageTextTask', 'ImageTextTeacher', 'LabelLoss',
    'LengthDL', 'PairsReport', 'SmallText', 'SmallViT', 'TaskScores', 'ablations',
    'all_tasks_correct', 'balanced_weights', 'build_image_text_cache', 'calibration_inputs',
    'check_pairs', 'compare_models', 'comparison_table', 'create_fusion',
    'create_image_text_model', 'create_text', 'create_tokenizer', 'create_vision',
    'discover_classes', 'drop_modality', 'evaluate_detailed', 'example_inputs', 'file_inputs',
    'fusions', 'get_num_classes', 'get_text_pretrained_name', 'holm', 'image_text_baselines',
    'image_text_inputs', 'image_text_latency', 'image_text_learner', 'image_text_losses',
    'image_text_source', 'image_text_teacher', 'load_image_text_model',
    'load_multimodal_config', 'load_pairs', 'load_predictions', 'macro_f1', 'make_dataset',
    'make_toy_medpix', 'mask_words', 'modality_words', 'multimodal_defaults', 'near_pictures',
    'near_texts', 'paired_scores', 'predict_pairs', 'read_medpix', 'read_pairs', 'read_tables',
    'read_wound', 'report_pairs', 'run_multimodal', 'save_predictions', 'score_interval',
    'split_pairs', 'task_names', 'task_scores', 'tokenize', 'train_image_text', 'train_student',
    'train_teacher', 'train_tokenizer', 'write_tokenizer']


def __getattr__(name): # the run of a YAML file lies above this package
    if name != 'run_multimodal': raise AttributeError(f'module {__name__} has no {name}')
    return import_module('audio_kd.run.multimodal').run_multimodal
