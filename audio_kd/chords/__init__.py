"Chord recognition: labels, constant-Q features, synthetic songs, model, loss, evaluation."
from audio_kd.chords.core import (
    ChordEncoder, ChordFile, ChordRecognitionLoss, ChordRecognitionModel, TransposeChords,
    TransposedAnswers, chord_dataloaders, chord_features, chord_head, chord_heads, chord_presets,
    create_chord_model, example_usage, export_chords, get_config, joint_accuracy, transpose_answers,
    transpose_features, transpose_labels, transposed_answers)
from audio_kd.chords.cqt import CQT, MelLevels
from audio_kd.chords.evaluation import (
    TemplateChords, baseline_scores, clip_scores, plot_chords, song_scores, sonify_chords)
from audio_kd.chords.labels import (
    ChordLabel, ChordVocab, as_chord, chord_names, chord_vocab, read_chords, write_chords)
from audio_kd.chords.songs import (
    ChordFrameModel, ChordFrames, ChordStream, chord_frames, decode_frames, recognize_chords)
from audio_kd.chords.synth import (
    ChordClips, ChordSong, ChordSynth, chord_ceiling, chord_clips, clips_of_songs, folder_songs,
    guitarset_songs, load_song)

__all__ = [
    'CQT', 'ChordClips', 'ChordEncoder', 'ChordFile', 'ChordFrameModel', 'ChordFrames',
    'ChordLabel', 'ChordRecognitionLoss', 'ChordRecognitionModel', 'ChordSong', 'ChordStream',
    'ChordSynth', 'ChordVocab', 'MelLevels', 'TemplateChords', 'TransposeChords',
    'TransposedAnswers', 'as_chord', 'baseline_scores', 'chord_ceiling', 'chord_clips',
    'chord_dataloaders', 'chord_features', 'chord_frames', 'chord_head', 'chord_heads',
    'chord_names', 'chord_presets', 'chord_vocab', 'clip_scores', 'clips_of_songs',
    'create_chord_model', 'decode_frames', 'example_usage', 'export_chords', 'folder_songs',
    'get_config', 'guitarset_songs', 'joint_accuracy', 'load_song', 'plot_chords', 'read_chords',
    'recognize_chords', 'song_scores', 'sonify_chords', 'transpose_answers', 'transpose_features',
    'transpose_labels', 'transposed_answers', 'write_chords']
