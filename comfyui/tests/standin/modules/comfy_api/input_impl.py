"""A video of a file, like that of LoadVideo."""
import io
import shutil


class VideoFromFile:
    def __init__(self, file):
        self._file = file

    def get_stream_source(self):
        if isinstance(self._file, io.BytesIO):
            self._file.seek(0)
        return self._file

    def save_to(self, path, format="auto", codec="auto", metadata=None):
        """Copies the streams; ComfyUI remultiplexes them, to the same pictures."""
        source = self.get_stream_source()
        if isinstance(source, io.BytesIO):
            with open(path, "wb") as file:
                file.write(source.getbuffer())
        else:
            shutil.copyfile(source, path)

    def get_components(self):
        raise NotImplementedError("the stand-in decodes no video")

    def get_dimensions(self):
        raise NotImplementedError("the stand-in decodes no video")

    def get_duration(self):
        raise NotImplementedError("the stand-in decodes no video")
