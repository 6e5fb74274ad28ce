"""What everything else stands on: files that are written whole, progress bars, work in other
processes. No torch."""
from audio_kd.core.files import atomic_write, write_error
from audio_kd.core.names import choose, closest
from audio_kd.core.processes import in_processes
from audio_kd.core.progress import labelled_progress

__all__ = ['atomic_write', 'choose', 'closest', 'in_processes', 'labelled_progress', 'write_error']
