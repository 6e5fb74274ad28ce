"Sound without torch: which files are recordings, decoding, resampling, the NumPy log-mel."
from audio_kd.audio.decoding import (
    AudioDecodeError, AudioInfo, audio_blocks, audio_extensions, audio_info, decode, fit_length,
    load_audio, open_audio, resample, verify_audio)
from audio_kd.audio.files import (
    AudioListing, clip_fold, clip_source, list_audio, list_classes, piece_source, scan_audio)
from audio_kd.audio.logmel import NumpyLogMel, StreamLogMel

__all__ = [
    'AudioDecodeError', 'AudioInfo', 'AudioListing', 'NumpyLogMel', 'StreamLogMel', 'audio_blocks',
    'audio_extensions', 'audio_info', 'clip_fold', 'clip_source', 'decode', 'fit_length',
    'list_audio', 'list_classes', 'load_audio', 'open_audio', 'piece_source', 'resample',
    'scan_audio', 'verify_audio']
