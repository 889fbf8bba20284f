"""How long images and sound become in the Length Adjuster: the rules of the VideoLengthAdjuster that users know."""
import itertools
import math


def adjust(mode, count, samples, rate, fps, padding):
    """The numbers of the images to show, in their order, and the samples that the sound is to have.

    normal cuts what is longer; pingpong lets the images run back and forth, loop_to_audio start over, and freeze holds the
    last one. `padding` is silence after the sound, in seconds; `rate` its samples per second.
    """
    order = list(range(count))
    padded = samples + math.ceil(padding * rate)
    if mode == "normal":
        wanted = int(padded / rate * fps)
        if count <= wanted:
            wanted, padded = count, min(padded, int(count / fps * rate))
    else:
        wanted = math.ceil(padded / rate * fps)
        if mode == "pingpong" and samples / rate <= count / fps:
            wanted, padded = count, int(count / fps * rate)
    again = {"pingpong": order[-2:0:-1], "freeze": order[-1:] * wanted}.get(mode, [])
    return list(itertools.islice(itertools.cycle(order + again), wanted)), padded
