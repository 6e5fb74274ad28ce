"Networks on spectrograms: `create_model(name, num_classes)` and the families behind the names."
from audio_kd.models.core import (
    AudioCNN, EncoderBlock, ModelInfo, create_model, described_model, list_models, model_info,
    register_model)
from audio_kd.models.dymn import DyMN
from audio_kd.models.efficientat import load_efficientat
from audio_kd.models.efficientnet import TimmModel, efficientnet_v2
from audio_kd.models.ghost import GhostEfficientNetV2
from audio_kd.models.layers import AudioModel, CosineLinear, FeatureExtractor, fold_bn
from audio_kd.models.mobilenet import MobileNetV3
from audio_kd.models.panns import Cnn14, MobileNetV1, MobileNetV2, load_panns
from audio_kd.models.separable import SeparableCNN

__all__ = [
    'AudioCNN', 'AudioModel', 'Cnn14', 'CosineLinear', 'DyMN', 'EncoderBlock', 'FeatureExtractor',
    'GhostEfficientNetV2', 'MobileNetV1', 'MobileNetV2', 'MobileNetV3', 'ModelInfo', 'SeparableCNN',
    'TimmModel', 'create_model', 'described_model', 'efficientnet_v2', 'fold_bn', 'list_models',
    'load_efficientat', 'load_panns', 'model_info', 'register_model']
