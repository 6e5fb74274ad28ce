"Chord loss under the name of the training guide."
from audio_kd.chords import ChordRecognitionLoss
