"""Draws boxes around the faces of a frame: the chosen ones stand out, and all are numbered from the left, as `face` counts them."""
import collections

from PIL import Image, ImageDraw, ImageFont

# A face of a frame: its box in pixels of the frame, and whether its mouth is painted.
Face = collections.namedtuple("Face", "left top right bottom is_chosen")

CHOSEN, OTHER, TEXT = (64, 255, 96), (160, 160, 160), (0, 0, 0)
WIDTHS_PER_SIDE = 250  # a line is as thick as this part of the picture's longer side
TEXT_HEIGHT = 8  # in lines' widths
SMALLEST_TEXT = 11


def with_boxes(pixels, faces, step=1):
    """A picture of the frame with its faces.

    pixels: [height, width, 3] array of 8-bit colours, every `step` pixels of the frame.
    faces: a list of Face.
    """
    picture = Image.fromarray(pixels, "RGB")
    width = max(1, max(picture.size) // WIDTHS_PER_SIDE)
    drawing = ImageDraw.Draw(picture)
    numbered = enumerate(sorted(faces, key=lambda face: face.left + face.right), start=1)
    for number, face in sorted(numbered, key=lambda entry: entry[1].is_chosen):  # the chosen ones over the others
        left, top, right, bottom = (round(side / step) for side in face[:4])
        colour = CHOSEN if face.is_chosen else OTHER
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
