"""Draws boxes around the faces of a frame: the chosen ones stand out, and all are numbered from the left, as `face` counts them."""
from PIL import Image, ImageDraw, ImageFont

CHOSEN, OTHER, TEXT = (64, 255, 96), (160, 160, 160), (0, 0, 0)
WIDTHS_PER_SIDE = 250  # a line is as thick as this part of the picture's longer side
TEXT_HEIGHT = 8  # in lines' widths
SMALLEST_TEXT = 11


def with_boxes(pixels, faces, step=1):
    """A picture of the frame with its faces.

    pixels: [height, width, 3] array of 8-bit colours, every `step` pixels of the frame.
    faces: from the engine's event: each has a "box" of left, top, right, bottom in pixels of the frame, and "chosen".
    """
    picture = Image.fromarray(pixels, "RGB")
    width = max(1, max(picture.size) // WIDTHS_PER_SIDE)
    drawing = ImageDraw.Draw(picture)
    numbered = list(enumerate(sorted(faces, key=lambda face: face["box"][0] + face["box"][2]), start=1))
    for number, face in sorted(numbered, key=lambda entry: bool(entry[1]["chosen"])):  # the chosen ones over the others
        left, top, right, bottom = (round(value / step) for value in face["box"])
        colour = CHOSEN if face["chosen"] else OTHER
        drawing.rectangle((left, top, max(left, right), max(top, bottom)), outline=colour, width=width)
        _label(drawing, left, top, str(number), colour, max(SMALLEST_TEXT, TEXT_HEIGHT * width))
    return picture


def _label(drawing, left, top, text, colour, height):
    try:
        font = ImageFont.load_default(height)
    except TypeError:  # Pillow before 10.1 has one size
        font = ImageFont.load_default()
    box = drawing.textbbox((left, top), text, font=font)
    drawing.rectangle((left, top, box[2] + 2, box[3] + 2), fill=colour)
    drawing.text((left + 1, top), text, fill=TEXT, font=font)
