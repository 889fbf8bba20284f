"""AUDIO of ComfyUI, as packs make it: floats or integers, with or without dimensions for batch and channels."""
import collections.abc
import wave

import torch

from .messages import NodeError

_INT32 = 2 ** 31


class Sound:
    """A checked AUDIO. What is heard is the first of a batch; all of them come back."""

    def __init__(self, audio):
        if audio is None:
            raise NodeError("no_audio")
        if not isinstance(audio, collections.abc.Mapping) or "waveform" not in audio or "sample_rate" not in audio:
            raise NodeError("not_audio", what=type(audio).__name__)
        waveform = torch.as_tensor(audio["waveform"])
        if not waveform.numel():
            raise NodeError("no_audio")
        if waveform.is_complex() or waveform.dtype == torch.bool or waveform.dim() > 3:
            raise NodeError("odd_audio", shape=tuple(waveform.shape), kind=waveform.dtype)
        self.audio = audio
        self.rate = _whole(audio["sample_rate"])
        self.waveform = waveform.reshape((1,) * (3 - waveform.dim()) + tuple(waveform.shape))

    @property
    def samples(self):
        """Samples of one channel."""
        return self.waveform.shape[-1]

    def channels(self):
        """[channels, samples] of what is heard: float32, about -1..1, in this computer's memory."""
        waveform = self.waveform[0].to("cpu")
        if waveform.dtype.is_floating_point:
            return waveform.to(torch.float32).nan_to_num()
        kind = torch.iinfo(waveform.dtype)
        centre = 0 if kind.min < 0 else (kind.max + 1) // 2
        return (waveform.to(torch.float64) - centre).div(kind.max + 1 - centre).to(torch.float32)

    def mono(self):
        """[samples] of what is heard: the mean of the channels."""
        return self.channels().mean(0).contiguous()

    def resized(self, samples):
        """The AUDIO with so many samples: cut, or followed by silence; with all else it had."""
        missing = samples - self.samples  # negative where the sound is cut
        if not missing and self.waveform is self.audio["waveform"]:
            return self.audio
        kind = self.waveform.dtype
        silence = 0 if kind.is_floating_point or torch.iinfo(kind).min < 0 else (torch.iinfo(kind).max + 1) // 2
        waveform = torch.nn.functional.pad(self.waveform, (0, missing), value=silence) if missing else self.waveform
        return {**self.audio, "waveform": waveform}

    def write(self, path):
        """Writes a WAV file of 32 bits a sample, in which nothing is lost of what ComfyUI has."""
        integers = self.channels().t().double().mul(_INT32).clamp(-_INT32, _INT32 - 1).to(torch.int32).contiguous()
        with wave.open(path, "wb") as file:
            file.setparams((integers.shape[1], 4, self.rate, 0, "NONE", ""))
            file.writeframes(integers.numpy())


def _whole(rate):
    """The samples per second as a number above 0; some packs keep it as text or as a tensor."""
    try:
        number = int(rate)
    except (TypeError, ValueError):
        number = 0
    if number < 1:
        raise NodeError("odd_rate", rate=rate)
    return number
