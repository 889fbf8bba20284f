"""A video of a file."""
import shutil


class VideoFromFile:
    def __init__(self, path):
        self.path = path

    def get_stream_source(self):
        return self.path

    def save_to(self, path):
        shutil.copyfile(self.path, path)
