"""Collects photographs in the public domain that Debian packages carry: photographs.py work/photographs.npz

    apt-get install python3-skimage python3-scipy

Only those whose authors gave up their rights (CC0 or public domain, as scikit-image's and SciPy's documentation say); none shows
a person's face. They are never committed. train_vae.py --photographs takes the file; without it, it makes do with its own textures.
"""
import argparse
import bz2
import glob
import io
import os

import numpy as np
from PIL import Image

SKIMAGE = ("brick.png", "grass.png", "gravel.png", "chelsea.png", "coffee.png", "camera.png", "rocket.jpg", "moon.png", "hubble_deep_field.jpg")


def skimage_files(folder):
    for name in SKIMAGE:
        for path in glob.glob(os.path.join(folder, "**", name), recursive=True):
            yield Image.open(path)
            break


def raccoon():
    """SciPy's face.dat: a raccoon."""
    import scipy.misc

    path = os.path.join(os.path.dirname(scipy.misc.__file__), "face.dat")
    with open(path, "rb") as file:
        return Image.fromarray(np.frombuffer(bz2.decompress(file.read()), np.uint8).reshape(768, 1024, 3))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("out")
    parser.add_argument("--skimage", default="/usr/lib/python3/dist-packages/skimage/data")
    options = parser.parse_args()
    images = list(skimage_files(options.skimage))
    try:
        images.append(raccoon())
    except (ImportError, OSError) as error:
        print(f"without SciPy's picture: {error}")
    files = []
    for image in images:
        image = image.convert("RGB")
        image.thumbnail((640, 640), Image.LANCZOS)
        data = io.BytesIO()
        image.save(data, "JPEG", quality=94)
        files.append(np.frombuffer(data.getvalue(), np.uint8))
    np.savez(options.out, **{f"{i:02}": file for i, file in enumerate(files)})
    print(f"{len(files)} photographs, {os.path.getsize(options.out) / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
