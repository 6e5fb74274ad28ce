"""Everything for a notebook: `from audio_kd.all import *` brings fastai's basics and the names
below.

The list is explicit, and no name in it hides one of fastai, of another module or of Python.
The names of fastaudio come with `from audio_kd.data.fastaudio import *`.
"""
import audio_kd._fastai
from fastai.basics import *
from fastai.callback.all import *
from audio_kd.core.files import atomic_write
from audio_kd.core.processes import in_processes
from audio_kd.core.progress import labelled_progress
from audio_kd.audio.decoding import (
    AudioDecodeError, AudioInfo, FFmpegFile, SoundFile, audio_blocks, audio_extensions, audio_info,
    decode, ffmpeg_extensions, fit_length, load_audio, open_audio, printable, readable_extensions,
    resample, verify_audio, whole_rate)
from audio_kd.audio.files import (
    AudioListing, ClassListing, cell_text, check_columns, clip_fold, clip_source, cut_hint,
    flag_parts, is_hidden, joined_names, label_cells, left_out_message, list_audio, list_classes,
    part_names, piece_source, read_table, scan_audio, segment_note, table_files, two_labels,
    walk_files)
from audio_kd.stats.metrics import (
    Accuracy, Interval, accuracy_of, bootstrap_interval, compute_average_precision,
    compute_calibration, compute_confusion_matrix, compute_metrics, compute_per_class_metrics,
    compute_roc_auc, compute_topk_accuracy, confusion_matrix, fit_temperature, metric_columns,
    paired_difference, paired_test)
from audio_kd.stats.plots import plot_per_class, plot_reliability
from audio_kd.runtime.core import AudioClassifier, read_chunks
from audio_kd.runtime.bundle import runtime_source, write_bundle
from audio_kd.runtime.processor import (
    has_vnni, int8_saturates, integer_weight_bound, is_portable, portable_bound, processor_name,
    run_without_vnni, saturating_conv, saturating_matmul)
from audio_kd.data.core import (
    AudioDataLoaders, FeatureDL, FeatureDataset, FoldSplitter, InputTransform, NormalizeSpectrogram,
    SourceSplitter, ToSpectrogram, WaveformDataset, Waveforms, class_weights, compute_features,
    compute_waveforms, fold_splits, input_transforms, median_duration, show_players, split_clips,
    strata)
from audio_kd.data.augment import (
    BatchAugment, MelScale, MixedLoss, RandomGain, RollTime, SpecAugment, SpecEQ, SpecMix,
    SpecNoise, SpecStretch, WaveBackground, WaveEQ, WaveFilter, WaveGain, WaveMix, WaveNoise,
    WavePitch, WavePolarity, WaveReverb, WaveShift, WaveStretch, augmentations, counter_random,
    mix_targets, mixed_loss)
from audio_kd.data.baselines import (
    log_mel_bins, log_mel_statistics, logistic_baseline, majority_baseline, svm_baseline)
from audio_kd.data.cache import (
    ArrayDisk, FeatureCache, FeatureStore, StoredToDecibels, build_store, class_names, feature_key,
    parameter_key, read_features_pkl)
from audio_kd.data.datasets import (
    SynthSounds, download, esc_clips, extract, fetch_dataset, fsdd_clips, official_splits,
    speech_commands_clips, synth_events, urbansound8k_clips, which_set)
from audio_kd.data.recordings import cut_recordings
from audio_kd.data.show import label_panels
from audio_kd.data.frontend import (
    AudioConfig, AudioSpectrogram, AudioTensor, LogMel, MFCC, Spectrogram, griffin_lim, hann_window,
    level_range, mel_bands, mel_filters, pad_signal, to_level)
from audio_kd.models.core import (
    AudioCNN, EncoderBlock, ModelInfo, create_model, described_model, list_models, model_info,
    register_model)
from audio_kd.models.efficientnet import TimmModel, efficientnet_v2
from audio_kd.models.ghost import GhostEfficientNetV2
from audio_kd.models.layers import AudioModel, CosineLinear, FeatureExtractor, fold_bn
from audio_kd.models.mobilenet import MobileNetV3
from audio_kd.models.panns import Cnn14, MobileNetV1, MobileNetV2, load_panns
from audio_kd.models.separable import SeparableCNN
from audio_kd.losses.core import (
    CombinedLoss, MultiClassFocalLoss, balanced_class_weights, dist_loss, distillation_loss,
    dkd_loss, kd_loss, label_smoothing_loss, soft_bce_loss, standardized_kd_loss)
from audio_kd.losses.features import (
    CRDLoss, HintLoss, InBatchCRDLoss, KnowledgeReviewLoss, ProjectedLoss, VIDLoss,
    attention_transfer, correlation_congruence, feature_pairs, hcl_loss, match_size, mmd_loss,
    nst_loss, pkt_loss, rkd_angle_loss, rkd_distance_loss, rkd_loss, similarity_preserving)
from audio_kd.losses.metric_learning import (
    ArcMarginProduct, CircleLoss, embeddings, few_shot_probe, map_at_r, recall_at_1)
from audio_kd.learner.core import (
    AdamW, HistoryLogger, SaveBest, audio_learner, default_loss, front_end_metadata)
from audio_kd.learner.callbacks import (
    AMP, AccumulateGradients, BatchNormCheck, ClipGradients, DecayOnPlateau, DeviceStats, EMA,
    EarlyStopping, GradientCheckpointing, MetricLearning, OutputCheck, Profile, TerminateOnNaN,
    TrainableCallback, Tracker, TrainingMeans, batchnorm_gap, reestimate_batchnorm)
from audio_kd.learner.checkpoint import (
    Checkpoint, FitCallback, ResumableLearner, load_state, load_weights, save_state, save_weights)
from audio_kd.learner.figures import figure_style, label_points
from audio_kd.learner.hub import (
    HubClassifier, HubError, HubUploader, classifier_config, from_hub, model_card, push_to_hub,
    save_classifier)
from audio_kd.learner.kfold import (
    FoldState, TestEachEpoch, cross_validate, cross_validate_folder, fold_summary, learner_facts,
    load_pytorch_checkpoint, load_training_state_json, save_pytorch_checkpoint,
    save_training_state_json, train_model)
from audio_kd.learner.metrics import MetricsTracker, predict_logits
from audio_kd.learner.parallel import ShardedDL, distributed, shard, synced_batchnorm
from audio_kd.learner.plots import most_confused
from audio_kd.learner.recipes import Recipe, choose_recipe, recipe_for, recipe_params
from audio_kd.learner.tracking import (
    EpochLogger, RunFolder, RunLogger, TensorBoardLogger, WandbLogger, WandbRun, plot_confusion,
    plot_history, plot_size_accuracy, results_table,
    run_info, run_log, write_csv, write_json, write_report)
from audio_kd.learner.trainer import (
    EpochSchedule, Scores, Trainer, TrainerRecorder, TrainingConfig, check_labels,
    default_criterion, one_cycle, split_batch, warmup_cosine)
from audio_kd.distill.core import CachedViews, DryRun, KnowledgeDistillation, LossTerms, distill
from audio_kd.distill.ablation import paired_gains, plot_gains, run_ablation
from audio_kd.distill.analysis import (
    agreement, plot_agreement, plot_class_gain, plot_temperature, prediction_changes)
from audio_kd.distill.cache import (
    StoredTeacher, TeacherCache, augmentation_key, build_teacher_cache, data_key,
    load_teacher_logits)
from audio_kd.distill.loss import (
    DistillationLoss, FeatureDistillationLoss, LogitDistillationLoss, feature_losses,
    logit_losses, match_layers, unlabelled)
from audio_kd.distill.files import (
    WaveformNetwork, confident_labels, label_files, open_network, run_files)
from audio_kd.distill.mutual import MutualLearning
from audio_kd.distill.linear_probe import Probe, probe
from audio_kd.distill.teachers import (
    Ensemble, Mixup, NetworkTeacher, Teacher, TeacherOutput, TransformersAudio, load_teacher,
    match_classes, mix_logits, per_head, plain_tensor)
from audio_kd.quant.core import (
    FreezeObservers, QuantizationAwareTraining, QuantizedModel, calibration_clips, quantize,
    simulate_int8)
from audio_kd.quant.layers import (
    FakeQuantize, QuantConv1d, QuantConv2d, QuantLinear, QuantWrapper, calibrate,
    calibration_rules, clipped_range, convert, fake_quantize_weight, prepare_qat,
    quantizable_layers, quantizers, weight_integers, weight_scale)
from audio_kd.quant.report import (
    QuantizationReport, Sensitivity, layer_sensitivity, mixed_precision, quantization_report,
    weight_bytes)
from audio_kd.export.core import export
from audio_kd.export.check import Exportability, check_exportable
from audio_kd.export.decision import Decision, fit_decision
from audio_kd.export.graph import (
    ExportLogMel, ExportSource, FrontEnd, export_source, reference_logits)
from audio_kd.export.mend import MendStep, can_mend, float_counts, mend_int8, mending_steps
from audio_kd.export.onnx import (
    float_convolutions, int8_weights, kernel_counts, to_onnx, to_onnx_int8)
from audio_kd.export.report import (
    compare_formats, formats_table, missed_targets, misses_text, pareto_front, plot_formats,
    plot_robustness, robustness, write_formats)
from audio_kd.export.tflite import tflite_tensors, to_tflite, to_tflite_int8
from audio_kd.export.torch import TorchClassifier, to_aoti, to_pt2, to_torchscript
from audio_kd.export.verify import (
    ExportReport, acceptance_failures, file_format, latency_percentiles, median_latency, open_model,
    peak_memory, verification_clips, verify_export)
from audio_kd.chords.core import example_usage
from audio_kd.chords.baselines import TemplateChords, baseline_scores, best_path, chord_baselines
from audio_kd.chords.ceiling import (
    ChordCeiling, ToneChoice, chord_ceiling, tone_choices, type_probabilities)
from audio_kd.chords.clips import ChordClips, ChordSong, inversion_of
from audio_kd.chords.cqt import CQT, MelLevels, frame_mask, relative_db
from audio_kd.chords.data import (
    chord_data, chord_dataloaders, chord_features, clip_dataloaders, example_features)
from audio_kd.chords.encoder import (
    ChordEncoder, ConformerBlock, ConvModule, ConvSubsampling, MaskedBatchNorm1d,
    MaskedClipNorm1d, MaskedInstanceNorm1d, feed_forward, frame_counts, sample_counts,
    sinusoids)
from audio_kd.chords.evaluation import (
    ClipScores, SongScores, clip_scores, pitch_masks, score_table, song_score_names,
    song_scores)
from audio_kd.chords.export import ChordClassifier, chord_source
from audio_kd.chords.files import read_chords, write_chords
from audio_kd.chords.labels import (
    ChordLabel, ChordVocab, as_chord, chord_heads, chord_names, chord_vocab, chord_vocabs,
    note_names, pitch_class)
from audio_kd.chords.loss import ChordRecognitionLoss, correct_chords, joint_accuracy
from audio_kd.chords.model import (
    ChordRecognitionModel, chord_head, chord_presets, create_chord_model, get_config)
from audio_kd.chords.recordings import (
    clips_of_songs, folder_songs, guitarset_songs, load_song, load_songs)
from audio_kd.chords.room import record, room_numbers, room_response
from audio_kd.chords.segments import (
    drop_short, frames_to_segments, merge_segments, repair_segments, segments_to_frames)
from audio_kd.chords.songs import (
    ChordFrameModel, ChordFrames, ChordStream, SongChords, chord_frames, decode_frames,
    frame_targets, recognize_chords, score_folder, window_frames)
from audio_kd.chords.soundfont import fluidsynth_render
from audio_kd.chords.synth import ChordPlan, ChordSynth, chord_clips, voice_chord, voicing_styles
from audio_kd.chords.timbre import (
    Timbre, control_times, draw_timbre, pitch_motion, render_voices, timbre_families)
from audio_kd.chords.timeline import plot_chords, sonify_chords
from audio_kd.chords.transpose import (
    TransposeChords, TransposedLogits, cache_transposed_logits, transpose_features,
    transpose_labels, transpose_logits)
from audio_kd.image_text.backbones import (
    HubText, HubVision, SmallText, SmallViT, TimmVision, Vision, builtin_sizes, create_text,
    create_tokenizer, create_vision, get_text_pretrained_name, text_names, vision_names)
from audio_kd.image_text.cache import (
    ImageTextTeacher, build_image_text_cache, image_text_teacher)
from audio_kd.image_text.checks import PairsReport, check_pairs
from audio_kd.image_text.config import (
    get_num_classes, image_text_inputs, load_image_text_model, load_multimodal_config, load_pairs,
    make_dataset, multimodal_defaults, read_tables)
from audio_kd.image_text.data import (
    ImageTextDataLoaders, ImageTextDataset, augment_images, batch_keys, discover_classes,
    load_image, load_images, mask_words, modality_words, read_medpix, read_pairs, read_wound,
    split_pairs, task_names, tokenize, train_tokenizer, usable_rows)
from audio_kd.image_text.evaluation import (
    TaskScores, ablations, all_tasks_correct, drop_modality, evaluate_detailed, example_inputs,
    image_text_baselines, image_text_latency, load_predictions, predict_pairs, save_predictions)
from audio_kd.image_text.export import (
    calibration_inputs, file_inputs, image_text_source, write_tokenizer)
from audio_kd.image_text.fusion import (
    Attention, ConcatMLP, CrossAttentionFusion, EnergyAwareAdaptive, FiLM, Fusion, GatedFusion,
    ModalityDropout, SHoMR, SimpleFusion, TokenCrossAttention, TransformerBlock, TransformerConcat,
    create_fusion, fusions, straight_through)
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
from audio_kd.run.compress import (
    Compressed, Space, compress, file_accuracy, measure_networks, propose, train_small)
from audio_kd.run.explorer import (
    Explorer, ScoredClips, draw_clip, make_scorer, rank_clips, score_bars)
from audio_kd.run.multimodal import run_multimodal
