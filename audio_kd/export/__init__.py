"One file, waveform in and class scores out, checked against its model: ONNX, TFLite, PyTorch."
from audio_kd.export.core import export
from audio_kd.export.board import BoardReport, BoardSize, board_size, to_board
from audio_kd.export.check import Exportability, check_exportable
from audio_kd.export.decision import Decision, fit_decision
from audio_kd.export.graph import (
    ExportLogMel, ExportSource, FileInput, FrontEnd, export_source, reference_logits,
    reference_outputs)
from audio_kd.export.long import MapReport, write_map
from audio_kd.export.mend import mend_int8, mending_steps
from audio_kd.export.metadata import ClassifierMetadata, label_lines, score_calibration
from audio_kd.export.onnx import (
    float_convolutions, int8_weights, kernel_counts, to_onnx, to_onnx_int8)
from audio_kd.export.page import write_page
from audio_kd.export.report import (
    compare_formats, formats_table, missed_targets, pareto_front, plot_formats, plot_robustness,
    robustness, write_formats)
from audio_kd.export.tflite import tflite_tensors, to_tflite, to_tflite_int8
from audio_kd.export.torch import TorchClassifier, to_aoti, to_pt2, to_torchscript
from audio_kd.export.verify import (
    ExportReport, HeadReport, acceptance_failures, file_format, label_names, latency_percentiles,
    median_latency, open_model, peak_memory, verification_clips, verify_export)
from audio_kd.runtime.core import AudioClassifier, read_chunks
from audio_kd.runtime.bundle import runtime_source, write_bundle

__all__ = [
    'AudioClassifier', 'BoardReport', 'BoardSize', 'ClassifierMetadata', 'Decision',
    'ExportLogMel', 'ExportReport', 'ExportSource', 'Exportability', 'FileInput', 'FrontEnd',
    'HeadReport', 'MapReport', 'TorchClassifier', 'acceptance_failures', 'board_size',
    'check_exportable', 'compare_formats', 'export', 'export_source', 'file_format',
    'fit_decision', 'float_convolutions', 'formats_table', 'int8_weights', 'kernel_counts',
    'label_lines', 'label_names', 'latency_percentiles', 'median_latency', 'mend_int8',
    'mending_steps', 'missed_targets', 'open_model', 'pareto_front', 'peak_memory',
    'plot_formats', 'plot_robustness', 'read_chunks', 'reference_logits', 'reference_outputs',
    'robustness', 'runtime_source', 'score_calibration', 'tflite_tensors', 'to_aoti',
    'to_board', 'to_onnx', 'to_onnx_int8', 'to_pt2', 'to_tflite', 'to_tflite_int8',
    'to_torchscript', 'verification_clips', 'verify_export', 'write_bundle', 'write_formats',
    'write_map', 'write_page']
