"Quantization: `quantize`, quantization-aware training, and what each layer costs."
from audio_kd.quant.core import (
    FakeQuantize, FreezeObservers, QuantConv1d, QuantConv2d, QuantLayer, QuantLinear,
    QuantizationAwareTraining, QuantizedModel, bake, calibrate, calibration_clips,
    calibration_rules, clipped_range, fake_quantize_weight, prepare_qat, quantize, quantizers,
    simulate, split_layers, weight_integers, weight_scale)
from audio_kd.quant.report import (
    QuantizationReport, Sensitivity, layer_sensitivity, mixed_precision, quantization_report,
    weight_bytes)
from audio_kd.models.layers import fold_bn

__all__ = [
    'FakeQuantize', 'FreezeObservers', 'QuantConv1d', 'QuantConv2d', 'QuantLayer', 'QuantLinear',
    'QuantizationAwareTraining', 'QuantizationReport', 'QuantizedModel', 'Sensitivity', 'bake',
    'calibrate', 'calibration_clips', 'calibration_rules', 'clipped_range', 'fake_quantize_weight',
    'fold_bn', 'layer_sensitivity', 'mixed_precision', 'prepare_qat', 'quantization_report',
    'quantize', 'quantizers', 'simulate', 'split_layers', 'weight_bytes', 'weight_integers',
    'weight_scale']
