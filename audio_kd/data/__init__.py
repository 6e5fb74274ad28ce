"""Audio data for fastai: loaders, splits, the log-mel front end, feature caches, augmentation,
data sets. The names of fastaudio are in `audio_kd.data.fastaudio`."""
from audio_kd.data.core import (
    AudioDataLoaders, FeatureDL, FeatureDataset, FoldSplitter, InputTransform, NormalizeSpectrogram,
    SourceSplitter, ToSpectrogram, WaveformDataset, Waveforms, class_weights, compute_features,
    compute_waveforms, fold_splits, input_transforms, median_duration, show_players, split_clips,
    strata)
from audio_kd.data.augment import (
    BatchAugment, MelScale, MixedLoss, RandomGain, RollTime, SpecAugment, SpecEQ, SpecMix,
    SpecNoise, SpecStretch, WaveBackground, WaveEQ, WaveFilter, WaveGain, WaveMix, WaveNoise,
    WavePitch, WavePolarity, WaveReverb, WaveShift, WaveStretch, augmentations)
from audio_kd.data.baselines import (
    log_mel_bins, log_mel_statistics, logistic_baseline, majority_baseline, svm_baseline)
from audio_kd.data.cache import (
    FeatureCache, FeatureStore, build_store, class_names, feature_key, read_features_pkl)
from audio_kd.data.datasets import (
    SynthSounds, esc_clips, fetch_dataset, fsdd_clips, official_splits, speech_commands_clips,
    synth_events, urbansound8k_clips)
from audio_kd.data.frontend import (
    AudioConfig, AudioSpectrogram, AudioTensor, LogMel, MFCC, Spectrogram, griffin_lim)
from audio_kd.audio.decoding import load_audio
from audio_kd.audio.files import clip_fold, clip_source, piece_source

__all__ = [
    'AudioConfig', 'AudioDataLoaders', 'AudioSpectrogram', 'AudioTensor', 'BatchAugment',
    'FeatureCache', 'FeatureDL', 'FeatureDataset', 'FeatureStore', 'FoldSplitter', 'InputTransform',
    'LogMel', 'MFCC', 'MelScale', 'MixedLoss', 'NormalizeSpectrogram', 'RandomGain', 'RollTime',
    'SourceSplitter', 'SpecAugment', 'SpecEQ', 'SpecMix', 'SpecNoise', 'SpecStretch', 'Spectrogram',
    'SynthSounds', 'ToSpectrogram', 'WaveBackground', 'WaveEQ', 'WaveFilter', 'WaveGain', 'WaveMix',
    'WaveNoise', 'WavePitch', 'WavePolarity', 'WaveReverb', 'WaveShift', 'WaveStretch',
    'WaveformDataset', 'Waveforms', 'augmentations', 'build_store', 'class_names', 'class_weights',
    'clip_fold', 'clip_source', 'compute_features', 'compute_waveforms', 'esc_clips', 'feature_key',
    'fetch_dataset', 'fold_splits', 'fsdd_clips', 'griffin_lim', 'input_transforms', 'load_audio',
    'log_mel_bins', 'log_mel_statistics', 'logistic_baseline', 'majority_baseline',
    'median_duration', 'official_splits', 'piece_source', 'read_features_pkl', 'show_players',
    'speech_commands_clips', 'split_clips', 'strata', 'svm_baseline', 'synth_events',
    'urbansound8k_clips']
