"""What comes with the nodes: translations, workflows, help pages, metadata; and what the pack must not do."""
import glob
import json
import os
import re
import tomllib
import unittest

from rig import NAME, PACK, open_rig, stand_in_only

LANGUAGES = ("en", "zh")


def load(*path):
    with open(os.path.join(PACK, *path), encoding="utf-8") as file:
        return json.load(file)


def read(*path):
    with open(os.path.join(PACK, *path), encoding="utf-8") as file:
        return file.read()


OWN = ("LatentSync1.6", "LatentSync1.6 Video", "LatentSync Length Adjuster")
OLD = ("LatentSyncNode", "VideoLengthAdjuster")
LINKS = ("IMAGE", "AUDIO", "VIDEO", "MASK")
# Choices that read the same in every language, or that depend on what is installed.
AS_THEY_ARE = ("vram", "model", "device")


def inputs_of(info):
    """All inputs of a node, as the interface is told of them."""
    return {**info["input"].get("required", {}), **info["input"].get("optional", {})}


def widgets_of(info):
    return {name: kind for name, kind in inputs_of(info).items() if kind[0] not in LINKS}


@stand_in_only
class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.rig = open_rig()
        cls.nodes = {name: cls.rig.host.object_info(name) for name in (*OWN, *OLD)}

    @classmethod
    def tearDownClass(cls):
        cls.rig.close()

    def test_every_node_input_choice_and_output_is_translated(self):
        for language in LANGUAGES:
            texts = load("locales", language, "nodeDefs.json")
            for name, info in self.nodes.items():
                # ComfyUI's interface writes an underscore for each dot.
                entry, inputs = texts[name.replace(".", "_")], inputs_of(info)
                with self.subTest(language=language, node=name):
                    self.assertEqual(list(entry["inputs"]), list(inputs))
                    self.assertTrue(entry["display_name"] and entry["description"])
                    for key, kind in inputs.items():
                        self.assertTrue(entry["inputs"][key]["name"] and entry["inputs"][key]["tooltip"], key)
                        if isinstance(kind[0], list) and key not in AS_THEY_ARE:
                            self.assertEqual(list(entry["inputs"][key]["options"]), kind[0])
                    self.assertEqual(list(entry["outputs"]), [str(index) for index in range(len(info["output"]))])

    def test_titles_are_found_by_the_interface(self):
        """It looks for nodeDefs.ID.display_name, in which a dot of the ID separates; for all else a dot becomes an underscore."""
        for language in LANGUAGES:
            texts = load("locales", language, "nodeDefs.json")
            for name in self.nodes:
                entry = texts
                for part in name.split("."):
                    entry = entry[part]
                self.assertEqual(entry["display_name"], texts[name.replace(".", "_")]["display_name"], (language, name))

    def test_the_interface_is_told_what_everything_is_for(self):
        for name, info in self.nodes.items():
            with self.subTest(node=name):
                self.assertTrue(info["description"])
                self.assertEqual(len(info["output_tooltips"]), len(info["output"]))
                for key, kind in inputs_of(info).items():
                    self.assertTrue(kind[1]["tooltip"], key)

    def test_chinese_is_chinese(self):
        def tooltips(language):
            nodes = load("locales", language, "nodeDefs.json")
            return [text["tooltip"] for name in self.nodes for text in nodes[name.replace(".", "_")]["inputs"].values()]
        self.assertTrue(all(re.search("[\u4e00-\u9fff]", text) for text in tooltips("zh")))
        self.assertFalse(any(re.search("[\u4e00-\u9fff]", text) for text in tooltips("en")))

    def test_sentences_are_in_both_languages_with_the_same_places(self):
        english, chinese = (load("messages.json")[language] for language in LANGUAGES)
        self.assertEqual(set(english), set(chinese))
        for name, sentence in english.items():
            self.assertEqual(set(re.findall(r"{\w+}", sentence)), set(re.findall(r"{\w+}", chinese[name])), name)
        sources = "".join(read(name) for name in os.listdir(PACK) if name.endswith(".py"))
        self.assertEqual([name for name in english if not re.search(f'"{name}"|"{name.split("_")[0]}_"', sources)], [], "nobody says these")

    def workflows(self):
        paths = sorted(glob.glob(os.path.join(PACK, "example_workflows", "*.json")))
        self.assertEqual(len(paths), 3)
        for path in paths:
            yield os.path.basename(path), load(path)

    def test_workflows_fit_the_nodes(self):
        for name, workflow in self.workflows():
            nodes = {node["id"]: node for node in workflow["nodes"]}
            with self.subTest(workflow=name):
                for link, source, slot, target, place, kind in workflow["links"]:
                    self.assertIn(link, nodes[source]["outputs"][slot]["links"])
                    self.assertEqual((nodes[source]["outputs"][slot]["type"], kind), (kind, nodes[target]["inputs"][place]["type"]))
                    self.assertEqual(nodes[target]["inputs"][place]["link"], link)
                ours = [node for node in nodes.values() if node["type"] in self.nodes]
                self.assertEqual(len(ours), 1)
                self.check_widgets(ours[0])

    def check_widgets(self, node):
        info = self.nodes[node["type"]]
        values = list(node["widgets_values"])
        for name, (kind, limits) in widgets_of(info).items():
            value = values.pop(0)
            self.assertTrue(value in kind if isinstance(kind, list) else limits.get("min", value) <= value <= limits.get("max", value), name)
            if limits.get("control_after_generate"):
                self.assertIn(values.pop(0), ("fixed", "increment", "decrement", "randomize"))
        self.assertEqual(values, [])
        for slot in node["inputs"]:
            self.assertIn(inputs_of(info)[slot["name"]][0], (slot["type"], *([] if slot["type"] != "COMBO" else [inputs_of(info)[slot["name"]][0]])))
        self.assertEqual([slot["type"] for slot in node["outputs"]], info["output"])

    def test_nothing_of_a_workflow_lies_under_something_else(self):
        """LoadVideo shows the video under its widgets, which its saved size does not say."""
        preview = 320
        for name, workflow in self.workflows():
            boxes = {node["id"]: (*node["pos"], node["pos"][0] + node["size"][0], node["pos"][1] + node["size"][1] + preview * (node["type"] == "LoadVideo"))
                     for node in workflow["nodes"]}
            for first in boxes:
                for second in boxes:
                    if first < second:
                        a, b = boxes[first], boxes[second]
                        self.assertFalse(a[0] < b[2] and b[0] < a[2] and a[1] < b[3] and b[1] < a[3], f"{name}: nodes {first} and {second} overlap")

    def test_workflows_have_notes_in_both_languages_and_a_picture(self):
        for name, workflow in self.workflows():
            notes = " ".join(str(node["widgets_values"]) for node in workflow["nodes"] if "Note" in node["type"])
            self.assertRegex(notes, "[\u4e00-\u9fff]", name)
            self.assertRegex(notes, "[a-z]{3}", name)
            self.assertTrue(os.path.isfile(os.path.join(PACK, "example_workflows", os.path.splitext(name)[0] + ".jpg")), name)

    def test_old_workflows_and_prompts_load(self):
        """Saved values are a list in the order of the widgets, and a saved prompt has the inputs there were."""
        sampling = ["seed", "lips_expression", "inference_steps"]
        settings = [*sampling, "num_frames", "cache_interval", "length_mode", "silent_padding_sec", "face", "model", "device", "vram", "keep_model_loaded"]
        first = {"LatentSync1.6": ([*settings, "fps"], ["images", "audio"]), "LatentSync1.6 Video": ([*settings, "video_path", "audio_path"], []),
                 "LatentSync Length Adjuster": (["mode", "fps", "silent_padding_sec"], ["images", "audio"]), "LatentSyncNode": (sampling, ["images", "audio"])}
        for name, (widgets, links) in first.items():
            ours = widgets_of(self.nodes[name])
            self.assertEqual(list(ours)[:len(widgets)], widgets, name)
            self.assertEqual(set(self.nodes[name]["input"]["required"]), set(links), name)
            self.assertTrue(all("default" in kind[1] for kind in ours.values()), name)

    def test_defaults_and_ranges_are_those_of_every_surface(self):
        widgets = inputs_of(self.nodes["LatentSync1.6"])
        expected = {"num_frames": (4, 32, 4, 16), "cache_interval": (1, 10, None, 3), "inference_steps": (1, 999, None, 20),
                    "lips_expression": (1.0, 3.0, 0.1, 1.5), "seed": (0, 2 ** 64 - 1, None, 1247)}
        for name, numbers in expected.items():
            limits = widgets[name][1]
            self.assertEqual((limits["min"], limits["max"], limits.get("step"), limits["default"]), numbers, name)

    def test_help_pages(self):
        for name, info in self.nodes.items():
            for page, language in ((name + ".md", "en"), (os.path.join(name, "zh.md"), "zh")):
                text, labels = read("web", "docs", page), load("locales", language, "nodeDefs.json")[name.replace(".", "_")]["inputs"]
                with self.subTest(page=page):
                    for widget in widgets_of(info):
                        self.assertIn(widget, text)
                        self.assertIn(labels[widget]["name"], text)
                    # The panel is narrow: of a wide table the last column, which explains, would not be seen.
                    self.assertLessEqual(max((line.count("|") - 1 for line in text.splitlines() if line.startswith("|")), default=0), 3)

    def test_metadata(self):
        project = tomllib.loads(read("pyproject.toml"))
        with open(os.path.join(PACK, "..", "..", "CHANGELOG.md"), encoding="utf-8") as file:
            version = re.search(r"^## (\d+\.\d+\.\d+)", file.read(), re.MULTILINE).group(1)
        self.assertEqual((project["project"]["version"], project["project"]["dependencies"]), (version, []))
        self.assertTrue(os.path.isfile(os.path.join(PACK, project["project"]["license"]["file"])))

    def test_the_pack_leaves_the_host_alone(self):
        for name in os.listdir(PACK):
            if name.endswith(".py"):
                text = read(name)
                for forbidden in ("shell=True", "os.system", "pip install", "eval(", "exec(", "os.environ[", "putenv", "tempfile.tempdir", "sys.path",
                                  "requests"):
                    self.assertNotIn(forbidden, text, name)

    def test_the_pack_itself_is_not_written_to(self):
        def names(folder):
            return sorted(name for name in os.listdir(folder) if name not in ("__pycache__", "engine", "engine.txt"))
        self.assertEqual(names(os.path.join(self.rig.host.folder("custom_nodes"), NAME)), names(PACK))
