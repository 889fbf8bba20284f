"""A pack for the tests: nodes that give tensors of any kind, and one that writes what it is given to files."""
import hashlib
import json
import os
import uuid

import folder_paths
import numpy
import torch

FORMS = ("as it is", "half", "double", "reordered", "strided", "list of batches", "list of images", "none")
FOLDERS = {"input": folder_paths.get_input_directory, "output": folder_paths.get_output_directory, "temp": folder_paths.get_temp_directory,
           "user": folder_paths.get_user_directory, "models": lambda: folder_paths.models_dir,
           "custom_nodes": lambda: folder_paths.get_folder_paths("custom_nodes")[0]}


def load(name):
    return torch.from_numpy(numpy.load(os.path.join(folder_paths.get_input_directory(), name)))


def shape(tensor, form):
    """The same values as another node might give them."""
    if form == "none":
        return None
    if form == "half":
        return tensor.half()
    if form == "double":
        return tensor.double()
    if form == "reordered":  # equal values, with the memory of rows and columns exchanged
        return tensor.transpose(1, 2).contiguous().transpose(1, 2)
    if form == "strided":  # every second row of something larger
        return torch.stack([tensor, tensor], 2).flatten(1, 2)[:, ::2]
    if form == "list of batches":
        half = (len(tensor) + 1) // 2
        return [tensor[:half], tensor[half:]]
    if form == "list of images":
        return list(tensor.split(1))
    return tensor


class TestsHost:
    """Tells of the host itself."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "tests", "tell", (), True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"nonce": ("STRING", {"default": ""})}}

    def tell(self, nonce):
        return {"ui": {"about": [{"process": os.getpid(), "folders": {name: folder() for name, folder in FOLDERS.items()}}]}}


class TestsPassThrough:
    """Gives a node the engine's setting with which everything but the networks runs, as an input that may be left out."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "tests", "allow", (), True

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"node": ("STRING", {})}}

    def allow(self, node):
        import nodes
        kind = nodes.NODE_CLASS_MAPPINGS[node]
        declared = kind.INPUT_TYPES

        def with_pass_through(cls):
            inputs = declared()
            return {**inputs, "optional": {**inputs.get("optional", {}), "pass_through": ("BOOLEAN", {})}}

        kind.INPUT_TYPES = classmethod(with_pass_through)
        return {"ui": {}}


class TestsImages:
    """Images of a .npy file of the input folder."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "load", ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"file": ("STRING", {})}, "optional": {"form": (list(FORMS), {"default": FORMS[0]})}}

    def load(self, file, form=FORMS[0]):
        return (shape(load(file), form),)


class TestsImageList(TestsImages):
    """The same, one by one: ComfyUI's own kind of list."""
    OUTPUT_IS_LIST = (True,)

    def load(self, file, form=FORMS[0]):
        return (list(load(file).split(1)),)


class TestsAudio:
    """Sound of a .npy file of the input folder, with a key more than usual."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "load", ("AUDIO",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"file": ("STRING", {}), "rate": ("INT", {"min": -1, "max": 1 << 20}), "form": (list(FORMS), {"default": FORMS[0]})}}

    def load(self, file, rate, form):
        return (None if form == "none" else {"waveform": shape(load(file), form), "sample_rate": rate, "made_by": "tests"},)


class TestsVideo:
    """A video file, as ComfyUI's LoadVideo gives it."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "load", ("VIDEO",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"path": ("STRING", {})}}

    def load(self, path):
        from comfy_api.input_impl import VideoFromFile
        return (VideoFromFile(path),)


class TestsFloat:
    """A number that comes through a link, whose range the host does not check."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "give", ("FLOAT",)
    INPUT_TYPES = classmethod(lambda cls: {"required": {"value": ("FLOAT", {"default": 0.0, "min": -1e9, "max": 1e9})}})

    def give(self, value):
        return (value,)


class TestsNoise:
    """Random images, made here because they are large; and a sum of them for comparison."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "make", ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {name: ("INT", {"min": 1, "max": 1 << 20}) for name in ("count", "height", "width", "seed")}}

    def make(self, count, height, width, seed):
        images = torch.empty((count, height, width, 3))
        generator = torch.Generator().manual_seed(seed)
        for image in images:  # 8-bit values, never the whole in another type
            image.copy_(torch.randint(0, 256, image.shape, dtype=torch.uint8, generator=generator)).div_(255)
        return (images,)


class TestsLarge:
    """The images of a file over and over, enlarged to a height and laid into the middle of something wider."""
    CATEGORY, FUNCTION, RETURN_TYPES = "tests", "make", ("IMAGE",)

    @classmethod
    def INPUT_TYPES(cls):
        return {"required": {"file": ("STRING", {}), **{name: ("INT", {"min": 1, "max": 1 << 20}) for name in ("count", "height", "width")}}}

    def make(self, file, count, height, width):
        small = load(file)
        images = torch.full((count, height, width, 3), 0.5)
        for index, image in enumerate(images):
            enlarged = torch.nn.functional.interpolate(small[index % len(small)].permute(2, 0, 1)[None], size=(height, height), mode="bilinear")[0]
            left = (width - height) // 2
            image[:, left:left + height] = enlarged.permute(1, 2, 0)
        return (images,)


class TestsSink:
    """Writes what it is given to .npy files of the output folder; tells of their kind."""
    CATEGORY, FUNCTION, RETURN_TYPES, OUTPUT_NODE = "tests", "save", (), True

    @classmethod
    def INPUT_TYPES(cls):
        kinds = {"images": "IMAGE", "audio": "AUDIO", "mask": "MASK", "picture": "IMAGE", "video": "VIDEO", "text": "STRING"}
        return {"required": {"keep": ("BOOLEAN", {"default": True})}, "optional": {name: (kind, {"forceInput": True}) for name, kind in kinds.items()}}

    def save(self, keep, **values):
        return {"ui": {name: [self.describe(value, keep)] for name, value in values.items()}}

    def describe(self, value, keep):
        if isinstance(value, torch.Tensor):
            return {"dtype": str(value.dtype), "device": str(value.device), "shape": list(value.shape), "contiguous": value.is_contiguous(),
                    **({"file": self.write(value)} if keep else {"hash": hash_of(value)})}
        if isinstance(value, dict):
            return {name: self.describe(part, keep) for name, part in value.items()}
        if hasattr(value, "get_stream_source"):
            return {"kind": type(value).__name__, "path": str(value.get_stream_source())}
        return json.loads(json.dumps(value, default=repr))

    @staticmethod
    def write(tensor):
        path = os.path.join(folder_paths.get_output_directory(), uuid.uuid4().hex + ".npy")
        numpy.save(path, tensor.cpu().numpy())
        return path


def hash_of(tensor):
    digest = hashlib.sha1()
    for part in tensor:
        digest.update(part.numpy().tobytes())
    return digest.hexdigest()


NODE_CLASS_MAPPINGS = {node.__name__: node for node in (
    TestsHost, TestsPassThrough, TestsImages, TestsImageList, TestsAudio, TestsVideo, TestsFloat, TestsNoise, TestsLarge, TestsSink)}
