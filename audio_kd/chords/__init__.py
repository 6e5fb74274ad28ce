"Chord recognition: labels, constant-Q features, synthetic songs, model, loss, evaluation."
from audio_kd.chords.core import example_usage
from audio_kd.chords.baselines import TemplateChords, baseline_scores, chord_baselines
from audio_kd.chords.ceiling import chord_ceiling, type_probabilities
from audio_kd.chords.clips import ChordClips, ChordSong
from audio_kd.chords.cqt import CQT, MelLevels
from audio_kd.chords.data import chord_data, chord_dataloaders, chord_features, clip_dataloaders
from audio_kd.chords.encoder import ChordEncoder
from audio_kd.chords.evaluation import clip_scores, score_table, song_scores
from audio_kd.chords.export import ChordClassifier, chord_source
from audio_kd.chords.files import read_chords, write_chords
from audio_kd.chords.labels import (
    ChordLabel, ChordVocab, as_chord, chord_heads, chord_names, chord_vocab)
from audio_kd.chords.loss import ChordRecognitionLoss, correct_chords, joint_accuracy
from audio_kd.chords.model import (
    ChordRecognitionModel, chord_head, chord_presets, create_chord_model, get_config)
from audio_kd.chords.recordings import (
    clips_of_songs, folder_songs, guitarset_songs, load_song, load_songs)
from audio_kd.chords.songs import (
    ChordFrameModel, ChordFrames, ChordStream, chord_frames, decode_frames, recognize_chords,
    score_folder)
from audio_kd.chords.synth import ChordSynth, chord_clips
from audio_kd.chords.timeline import plot_chords, sonify_chords
from audio_kd.chords.transpose import (
    TransposeChords, TransposedLogits, cache_transposed_logits, transpose_features,
    transpose_labels, transpose_logits)

__all__ = [
    'CQT', 'ChordClips', 'ChordClassifier', 'ChordEncoder', 'ChordFrameModel', 'ChordFrames',
    'ChordLabel', 'ChordRecognitionLoss', 'ChordRecognitionModel', 'ChordSong', 'ChordStream',
    'ChordSynth', 'ChordVocab', 'MelLevels', 'TemplateChords', 'TransposeChords',
    'TransposedLogits', 'as_chord', 'baseline_scores', 'cache_transposed_logits',
    'chord_baselines', 'chord_ceiling', 'chord_clips', 'chord_data', 'chord_dataloaders',
    'chord_features', 'chord_frames', 'chord_head', 'chord_heads', 'chord_names',
    'chord_presets', 'chord_vocab', 'clip_dataloaders', 'clip_scores', 'clips_of_songs',
    'correct_chords', 'create_chord_model', 'decode_frames', 'chord_source', 'example_usage',
    'folder_songs', 'get_config', 'guitarset_songs', 'joint_accuracy', 'load_song',
    'load_songs', 'plot_chords', 'read_chords', 'recognize_chords', 'score_folder',
    'score_table', 'song_scores', 'sonify_chords', 'transpose_features', 'transpose_labels',
    'transpose_logits', 'type_probabilities', 'write_chords']
