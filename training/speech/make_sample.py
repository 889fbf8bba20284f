"""Writes the sample voice, a speaker that training never hears, and beside it how far the lips of the sample head would
be open (heads.h, opening; one number per frame of 25 per second):

    python3 speech/make_sample.py ../samples/voice.wav --renderer heads/libheads.so --opening ../tests/LatentSync.EndToEndTests/Data/voice-opening.csv
"""
import argparse
import wave

import numpy as np

from pipeline.renderer import FRAME_FIELDS, LANDMARK_FIELDS, Renderer
from pipeline.scenes import mouth_columns
from speech.make_speech import HELD_OUT_FLITE, RATE, flite_speak
from speech.visemes import trajectory

SAMPLE_HEAD = 10_000_007  # the identity that heads/make_sample.py renders
TEXT = "Hello, and welcome. I am a voice made by a computer. Please watch my mouth while I am speaking."


def opening(renderer, samples, phones):
    controls = trajectory(phones, "arpabet", samples, 1.0, 1.0)
    frames = np.zeros((len(controls), len(FRAME_FIELDS)), np.float32)
    mouth_columns(frames, controls)
    identities = np.repeat(renderer.identities([SAMPLE_HEAD]), len(frames), axis=0)
    return renderer.landmarks(identities, frames)[:, LANDMARK_FIELDS["opening"]]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--renderer", required=True)
    parser.add_argument("--opening", required=True)
    options = parser.parse_args()
    samples, phones = flite_speak(TEXT, HELD_OUT_FLITE[0], 1.0)
    with wave.open(options.out, "wb") as file:
        file.setparams((1, 2, RATE, 0, "NONE", ""))
        file.writeframes(samples.tobytes())
    gaps = opening(Renderer(options.renderer), samples, phones)
    np.savetxt(options.opening, gaps, "%.4f", header="gap of the lips, one line per frame of 25 per second")


if __name__ == "__main__":
    main()
