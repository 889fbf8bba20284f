"""Writes the sample voice, a speaker that training never hears: make_sample.py samples/voice.wav"""
import sys
import wave

from speech.make_speech import HELD_OUT_FLITE, RATE, flite_speak

TEXT = "Hello, and welcome. I am a voice made by a computer. Please watch my mouth while I am speaking."


def main(path):
    samples, _ = flite_speak(TEXT, HELD_OUT_FLITE[0], 1.0)
    with wave.open(path, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(samples.tobytes())


if __name__ == "__main__":
    main(sys.argv[1])
