"Kinds of work that the `audio_kd` command can do: `Task`, and that of classes of clips."
from audio_kd.tasks.classification import ClassificationTask
from audio_kd.tasks.core import Task, get_task

__all__ = ['ClassificationTask', 'Task', 'get_task']
