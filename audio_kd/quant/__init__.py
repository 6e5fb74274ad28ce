"Quantization: `quantize`, quantization-aware training, and what each layer costs."
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
from audio_kd.models.layers import fold_bn

__all__ = [
    'FakeQuantize', 'FreezeObservers', 'QuantConv1d', 'QuantConv2d', 'QuantLinear', 'QuantWrapper',
    'QuantizationAwareTraining', 'QuantizationReport', 'QuantizedModel', 'Sensitivity',
    'calibrate', 'calibration_clips', 'calibration_rules', 'clipped_range', 'convert',
    'fake_quantize_weight', 'fold_bn', 'layer_sensitivity', 'mixed_precision', 'prepare_qat',
    'quantizable_layers', 'quantization_report', 'quantize', 'quantizers', 'simulate_int8',
    'weight_bytes', 'weight_integers', 'weight_scale']
