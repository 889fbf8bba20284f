"""espeak-ng through its C library: int16 sound at its own rate and the time of every phoneme (IPA)."""
import ctypes
import numpy as np
from scipy.signal import resample_poly

_PHONEME, _LIST_END = 7, 0
_RATE, _PITCH, _RANGE = 1, 3, 4


class _Id(ctypes.Union):
    _fields_ = [("number", ctypes.c_int), ("name", ctypes.c_char_p), ("string", ctypes.c_char * 8)]


class _Event(ctypes.Structure):
    _fields_ = [("type", ctypes.c_int), ("unique", ctypes.c_uint), ("text_position", ctypes.c_int),
                ("length", ctypes.c_int), ("audio_position", ctypes.c_int), ("sample", ctypes.c_int),
                ("user_data", ctypes.c_void_p), ("id", _Id)]


_CALLBACK = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.POINTER(_Event))


class Espeak:
    def __init__(self):
        self._lib = ctypes.CDLL("libespeak-ng.so.1")
        # 2 = synchronous without a sound device; options: 1 phoneme events, 2 names in IPA
        self.rate = self._lib.espeak_Initialize(2, 500, None, 1 | 2)
        self._samples, self._phones = [], []
        self._callback = _CALLBACK(self._receive)
        self._lib.espeak_SetSynthCallback(self._callback)

    def _receive(self, samples, count, events):
        if samples and count > 0:
            self._samples.append(np.ctypeslib.as_array(samples, (count,)).copy())
        index = 0
        while events[index].type != _LIST_END:
            event = events[index]
            if event.type == _PHONEME:
                raw = ctypes.string_at(ctypes.addressof(event) + _Event.id.offset, 8).split(b"\0")[0]
                self._phones.append((event.audio_position / 1000.0, raw.decode("utf8", "ignore")))
            index += 1
        return 0

    def speak(self, text, voice, rate=160, pitch=50, pitch_range=50):
        """Returns (samples int16 at 16 kHz, [(start second, end second, IPA name)])."""
        self._samples, self._phones = [], []
        if self._lib.espeak_SetVoiceByName(voice.encode()) != 0:
            raise ValueError(f"espeak-ng has no voice {voice}")
        for parameter, value in ((_RATE, rate), (_PITCH, pitch), (_RANGE, pitch_range)):
            self._lib.espeak_SetParameter(parameter, int(value), 0)
        data = text.encode() + b"\0"
        self._lib.espeak_Synth(data, len(data), 0, 1, 0, 1, None, None)  # 1: characters, UTF-8
        sound = np.concatenate(self._samples) if self._samples else np.zeros(0, np.int16)
        duration = len(sound) / self.rate
        starts = [t for t, _ in self._phones] + [duration]
        phones = [(starts[i], starts[i + 1], name) for i, (_, name) in enumerate(self._phones) if starts[i + 1] > starts[i]]
        sound = np.clip(resample_poly(sound.astype(np.float64), 16000, self.rate), -32768, 32767).astype(np.int16)
        return sound, phones
