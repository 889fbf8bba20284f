"""Makes the speech set: <out>.npz with 8-bit mu-law sound (16 kHz mono) and 25 fps mouth controls.

    python3 make_speech.py --minutes 46 --seed 1 --out train.npz
    python3 make_speech.py --minutes 4 --seed 9 --held-out --out held_out.npz

Arrays: sound [items, 480000] uint8 (30 s each, mu-law), length [items] samples in use, controls [items, 750, 7]
uint8 (value = byte/255, width = byte/127.5-1), names [items]. Some items are shorter than 30 s, about one eighth
of the time is silence, and every item has one speaker. Needs espeak-ng and flite.
"""
import argparse
import os
import random
import subprocess
import tempfile
import wave

import numpy as np

from speech.espeak import Espeak
from speech.texts import stream
from speech.visemes import trajectory

RATE, SECONDS = 16000, 30
ESPEAK_LANGUAGES = {"en-us": "en", "en-gb-scotland": "en", "en-gb-x-rp": "en", "de": "de", "fr": "fr",
                    "es": "es", "es-419": "es", "it": "it", "pt-br": "pt", "nl": "nl", "pl": "pl", "tr": "tr", "fi": "fi"}
VARIANTS = ["m1", "m2", "m3", "m4", "m6", "m7", "m8", "f1", "f2", "f3", "f5", "klatt", "klatt2", "klatt4", "Alex", "Andy",
            "Annie", "Alicia", "belinda", "linda", "steph", "victor", "max", "john", "pablo", "michel", "adam", "ed", "paul",
            "Gene", "Diogo", "Denis", "Mike", "Jacky", "Marco", "anika", "boris", "caleb", "grandma", "grandpa", "robert",
            "sandro", "shelby", "travis", "zac", "quincy", "rob", "norbert", "miguel", "antonio", "benjamin", "edward"]
HELD_OUT_VARIANTS = ["f4", "m5", "Michael", "Andrea", "marcelo", "aunty"]
FLITE, HELD_OUT_FLITE = ["slt", "rms", "kal16"], ["awb"]


def mu_law(samples):
    """int16 -> uint8, mu = 255."""
    x = samples.astype(np.float64) / 32768
    return np.round((np.sign(x) * np.log1p(255 * np.abs(x)) / np.log(256) + 1) * 127.5).astype(np.uint8)


def flite_speak(text, voice, stretch):
    """(samples, phones) of one sentence; phone times from flite's own segment list."""
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "a.wav")
        listing = subprocess.run(["flite", "-voice", voice, "-psdur", "--setf", f"duration_stretch={stretch}", "-t", text,
                                  "-o", path], capture_output=True, text=True, check=True).stdout.split()
        with wave.open(path) as file:
            samples = np.frombuffer(file.readframes(file.getnframes()), np.int16)
            if file.getframerate() != RATE:
                raise ValueError(f"flite voice {voice} is not at {RATE} Hz")
    phones, start = [], 0.0
    for entry in listing:
        name, end = entry.rsplit(":", 1)
        phones.append((start, float(end), name))
        start = float(end)
    return samples, phones


def make_item(espeak, rng, held_out):
    """One speaker, up to 30 s: (name, samples, controls)."""
    use_flite = rng.random() < 0.3
    sentences, pieces, phones, at = None, [], [], 0
    limit = RATE * (SECONDS if rng.random() < 0.7 else rng.uniform(4, 28))
    if use_flite:
        voice = rng.choice(HELD_OUT_FLITE if held_out else FLITE)
        name, stretch, sentences = f"flite-{voice}", rng.uniform(0.8, 1.25), stream("en", rng.random())
    else:
        language = rng.choice(list(ESPEAK_LANGUAGES))
        voice = f"{language}+{rng.choice(HELD_OUT_VARIANTS if held_out else VARIANTS)}"
        name, sentences = f"espeak-{voice}", stream(ESPEAK_LANGUAGES[language], rng.random())
        speed, pitch, spread = rng.randint(115, 215), rng.randint(25, 75), rng.randint(20, 80)

    def silence(seconds):
        nonlocal at
        count = int(seconds * RATE)
        pieces.append(np.zeros(count, np.int16))
        at += count

    silence(rng.uniform(0.1, 1.2))
    while at < limit:
        text = next(sentences)
        sound, names = (flite_speak(text, voice, stretch) if use_flite else espeak.speak(text, voice, speed, pitch, spread))
        if len(sound) == 0:
            continue
        phones += [(s + at / RATE, e + at / RATE, n) for s, e, n in names]
        pieces.append(sound)
        at += len(sound)
        silence(rng.uniform(2.0, 5.0) if rng.random() < 0.1 else rng.uniform(0.05, 0.6))
    samples = np.concatenate(pieces)[: int(limit)].astype(np.float64)
    samples *= 0.25 * 32768 / max(np.percentile(np.abs(samples), 99), 1)
    samples = np.clip(samples, -32768, 32767).astype(np.int16)
    phones = [p for p in phones if p[0] < limit / RATE]
    controls = trajectory(phones, "arpabet" if use_flite else "ipa", samples, rng.uniform(0.88, 1.08), rng.uniform(0.85, 1.1))
    return name, samples, controls


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--seed", type=int, required=True)
    parser.add_argument("--held-out", action="store_true", help="only voices that the training set never uses")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    rng, espeak = random.Random(options.seed), Espeak()
    count = round(options.minutes * 60 / SECONDS)
    sound = np.full((count, RATE * SECONDS), 128, np.uint8)
    controls = np.zeros((count, 25 * SECONDS, 7), np.uint8)
    controls[:, :, 1] = 128
    length, names = np.zeros(count, np.int32), []
    for index in range(count):
        name, samples, mouth = make_item(espeak, rng, options.held_out)
        sound[index, : len(samples)] = mu_law(samples)
        mouth = mouth[: 25 * SECONDS].copy()
        mouth[:, 1] = (mouth[:, 1] + 1) / 2
        controls[index, : len(mouth)] = np.round(mouth * 255)
        length[index] = len(samples)
        names.append(name)
    np.savez(options.out, sound=sound, length=length, controls=controls, names=np.array(names))
    open_share = (controls[:, :, 0] > 13).mean()
    print(f"{count} items, {length.sum() / RATE / 60:.1f} min of sound, {len(set(names))} voices, mouth open {open_share:.0%} of the time")


if __name__ == "__main__":
    main()
