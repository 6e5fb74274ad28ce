"Chord model under the names of the training guide."
from audio_kd.chords import ChordRecognitionModel, create_chord_model as create_model, get_config
