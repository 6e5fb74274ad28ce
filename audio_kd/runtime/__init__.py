"An exported file at work, without torch: recordings and streams in, class scores and events out."
from audio_kd.runtime.core import (
    AudioClassifier, EventTable, ModelFile, OnnxFile, Prediction, PredictionTable, TFLiteFile,
    as_mono, read_chunks)
from audio_kd.runtime.events import Event, EventDetector
from audio_kd.runtime.processor import has_vnni, int8_saturates, is_portable, processor_name

__all__ = [
    'AudioClassifier', 'Event', 'EventDetector', 'EventTable', 'ModelFile', 'OnnxFile',
    'Prediction', 'PredictionTable', 'TFLiteFile', 'as_mono', 'has_vnni', 'int8_saturates',
    'is_portable', 'processor_name', 'read_chunks']
