"An exported file at work, without torch: recordings and streams in, class scores and events out."
from audio_kd.runtime.core import AudioClassifier, as_mono, open_runner, read_chunks
from audio_kd.runtime.events import Event, EventDetector
from audio_kd.runtime.field import predict_recordings
from audio_kd.runtime.files import ModelFile, ModelRunner, OnnxFile, TFLiteFile
from audio_kd.runtime.long import MapFile
from audio_kd.runtime.predictions import (
    HeadPredictions, LabelsPrediction, NumbersPrediction, Prediction, WindowScores)
from audio_kd.runtime.processor import has_vnni, int8_saturates, is_portable, processor_name
from audio_kd.runtime.scores import probabilities, same_predictions, score_kinds, to_predictions
from audio_kd.runtime.selections import write_audacity, write_raven
from audio_kd.runtime.tables import EventTable, PredictionTable

__all__ = [
    'AudioClassifier', 'Event', 'EventDetector', 'EventTable', 'HeadPredictions',
    'LabelsPrediction', 'MapFile', 'ModelFile', 'ModelRunner', 'NumbersPrediction', 'OnnxFile',
    'Prediction', 'PredictionTable', 'TFLiteFile', 'WindowScores', 'as_mono', 'has_vnni',
    'int8_saturates', 'is_portable', 'open_runner', 'predict_recordings', 'probabilities',
    'processor_name', 'read_chunks', 'same_predictions', 'score_kinds', 'to_predictions',
    'write_audacity', 'write_raven']
