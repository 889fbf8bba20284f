"""Phonemes -> mouth shape targets -> trajectories at 25 fps, blended after Cohen and Massaro (1993).

Seven controls, all 0..1 except width (-1 narrow .. 1 spread):
jaw opening, lip width, rounding, upper-lip raise, lower-lip drop, lip press (m b p), tongue height.
"""
import numpy as np

CONTROLS = ("jaw", "width", "round", "upper", "lower", "press", "tongue")
FPS = 25
_RATE = 100  # Hz at which blending is done

#        jaw   width  round upper lower press tongue | dominance strength, decay (1/s)
_SHAPES = {
    "a": (0.85, 0.10, 0.00, 0.25, 0.45, 0, 0.10, 1.0, 14),
    "ae": (0.75, 0.40, 0.00, 0.35, 0.45, 0, 0.20, 1.0, 14),
    "e": (0.48, 0.45, 0.00, 0.30, 0.40, 0, 0.35, 1.0, 14),
    "i": (0.22, 0.80, 0.00, 0.30, 0.40, 0, 0.60, 1.0, 14),
    "schwa": (0.38, 0.05, 0.05, 0.18, 0.28, 0, 0.30, 0.7, 16),
    "o": (0.52, -0.35, 0.70, 0.18, 0.30, 0, 0.20, 1.0, 14),
    "u": (0.24, -0.60, 1.00, 0.15, 0.22, 0, 0.30, 1.1, 13),
    "y": (0.24, -0.35, 0.85, 0.20, 0.25, 0, 0.55, 1.1, 13),
    "p": (0.03, 0.00, 0.00, 0.00, 0.00, 1, 0.20, 9.0, 26),
    "f": (0.10, 0.10, 0.00, 0.45, 0.00, 0.35, 0.20, 4.0, 22),
    "w": (0.14, -0.60, 1.00, 0.10, 0.12, 0, 0.30, 2.5, 18),
    "th": (0.20, 0.15, 0.00, 0.20, 0.25, 0, 0.85, 1.6, 20),
    "t": (0.17, 0.25, 0.00, 0.22, 0.28, 0, 0.80, 1.2, 20),
    "s": (0.10, 0.45, 0.00, 0.32, 0.42, 0, 0.65, 1.8, 20),
    "sh": (0.14, -0.20, 0.60, 0.40, 0.45, 0, 0.55, 1.8, 19),
    "k": (0.28, 0.10, 0.00, 0.20, 0.28, 0, 0.50, 0.6, 20),
    "r": (0.24, -0.15, 0.35, 0.20, 0.25, 0, 0.50, 0.9, 18),
    "h": (0.35, 0.10, 0.00, 0.20, 0.25, 0, 0.20, 0.3, 20),
    "j": (0.18, 0.60, 0.00, 0.28, 0.35, 0, 0.70, 1.0, 18),
    "rest": (0.00, 0.00, 0.00, 0.00, 0.00, 0.15, 0.20, 1.6, 12),
}
_IPA = {}
for _name, _symbols in {
    "a": "aɑɐʌɒ", "ae": "æ", "e": "eɛ", "i": "iɪɨ", "schwa": "əɜɚɝᵻɘ", "o": "oɔɤ", "u": "uʊɯ", "y": "yøœʏɵ",
    "p": "pbmɓ", "f": "fvɱʋ", "w": "wʍɥ", "th": "θð", "t": "tdnlɾʈɖɳɫɬ", "s": "szɕʑ", "sh": "ʃʒʂʐ",
    "k": "kɡgŋxɣqχcɟɲʎç", "r": "rɹʁʀɻɽ", "h": "hɦʔ", "j": "j",
}.items():
    _IPA.update({symbol: _name for symbol in _symbols})
_ARPABET = dict(aa="a", ae="ae", ah="a", ao="o", aw="a u", ax="schwa", axr="schwa", ay="a i", b="p", ch="t sh", d="t",
                dh="th", eh="e", er="schwa", ey="e i", f="f", g="k", hh="h", hv="h", ih="i", iy="i", jh="t sh", k="k",
                l="t", m="p", n="t", ng="k", ow="o u", oy="o i", p="p", r="r", s="s", sh="sh", t="t", th="th",
                uh="u", uw="u", v="f", w="w", y="j", z="s", zh="sh", pau="rest", brth="rest", h="rest")


def classes_of(name, alphabet):
    """Shape names of one phoneme; a diphthong gives two, an unknown or empty name is a pause."""
    if alphabet == "arpabet":
        return _ARPABET.get(name, "schwa").split()
    found = [_IPA[c] for c in name if c in _IPA]
    return found or (["schwa"] if name.strip("ːˈˌ_ |") else ["rest"])


def segments(phones, alphabet):
    """[(start, end, shape name)] in seconds, several-part phonemes cut into equal parts."""
    out = []
    for start, end, name in phones:
        parts = classes_of(name, alphabet)
        step = (end - start) / len(parts)
        out += [(start + i * step, start + (i + 1) * step, part) for i, part in enumerate(parts)]
    return out


def envelope(samples, frames):
    """Loudness 0..1 per 25 fps frame: RMS over 80 ms in decibels, 35 dB under the loud parts is 0."""
    half, hop = 640, 16000 // FPS
    padded = np.pad(samples.astype(np.float64) / 32768, (half, half + frames * hop))
    total = np.concatenate([[0], np.cumsum(padded ** 2)])
    at = np.arange(frames) * hop
    level = 10 * np.log10((total[at + 2 * half] - total[at]) / (2 * half) + 1e-10)
    top = max(np.percentile(level, 95), -60)
    return np.clip((level - top + 35) / 35, 0, 1)


def trajectory(phones, alphabet, samples, opening=1.0, spread=1.0):
    """Controls [frames, 7] float32; frame i is the mouth at i/25 s. Silence closes the mouth.

    opening (0.85-1.1) and spread (0.8-1.1) are the speaker's style; quick speech reaches its targets less,
    because the neighbours' dominance overlaps it more.
    """
    frames = int(np.ceil(len(samples) / (16000 // FPS)))
    steps = frames * (_RATE // FPS)
    time = np.arange(steps) / _RATE
    parts = segments(phones, alphabet)
    covered = [(-1.0, parts[0][0], "rest")] if parts else [(-1.0, steps / _RATE, "rest")]
    for part in parts:
        if part[0] - covered[-1][1] > 0.03:
            covered.append((covered[-1][1], part[0], "rest"))
        covered.append(part)
    covered.append((covered[-1][1], steps / _RATE + 1.0, "rest"))

    weight = np.full(steps, 1e-6)
    value = np.zeros((steps, 7))
    for start, end, name in covered:
        shape = _SHAPES[name]
        duration, centre = end - start, (start + end) / 2
        flat = duration * (0.45 if name == "rest" else 0.25)
        low, high = int(max(0, (start - 0.4) * _RATE)), int(min(steps, (end + 0.4) * _RATE))
        if high <= low:
            continue
        away = np.maximum(np.abs(time[low:high] - centre) - flat, 0)
        dominance = shape[7] * np.exp(-shape[8] * away)
        weight[low:high] += dominance
        value[low:high] += dominance[:, None] * np.asarray(shape[:7])
    value /= weight[:, None]
    kernel = np.hanning(7)[1:-1]
    value = np.stack([np.convolve(np.pad(c, 2, mode="edge"), kernel / kernel.sum(), "valid") for c in value.T], 1)
    value = value[:: _RATE // FPS]

    loud = envelope(samples, frames)
    gate = np.clip(loud / 0.25, 0, 1)[:, None]
    value[:, [0, 3, 4]] *= (opening * (0.72 + 0.33 * loud))[:, None] * gate
    value[:, 1] *= spread
    value[:, [1, 2]] *= 0.3 + 0.7 * gate
    low_limit = np.array([0, -1, 0, 0, 0, 0, 0])
    return np.clip(value, low_limit, 1).astype(np.float32)
