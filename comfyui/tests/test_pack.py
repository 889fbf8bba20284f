"""What comes with the nodes: translations, workflows, help pages, metadata; and what the pack must not do."""
import glob
import json
import os
import re
import tomllib
import unittest

from host import PACK, Host, defaults, inputs_of

LANGUAGES = ("en", "zh")


def load(*path):
    with open(os.path.join(PACK, *path), encoding="utf-8") as file:
        return json.load(file)


def read(*path):
    with open(os.path.join(PACK, *path), encoding="utf-8") as file:
        return file.read()


class Pack(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host(engine=False)
        cls.nodes = cls.host.nodes

    @classmethod
    def tearDownClass(cls):
        cls.host.close()

    def test_every_node_input_choice_and_output_is_translated(self):
        for language in LANGUAGES:
            texts = load("locales", language, "nodeDefs.json")
            # ComfyUI's interface writes an underscore for each dot.
            self.assertEqual(set(texts), {name.replace(".", "_") for name in self.nodes})
            for name, node in self.nodes.items():
                entry, inputs = texts[name.replace(".", "_")], inputs_of(node)
                with self.subTest(language=language, node=name):
                    self.assertEqual(list(entry["inputs"]), list(inputs))
                    self.assertTrue(entry["display_name"] and entry["description"])
                    for key, kind in inputs.items():
                        self.assertTrue(entry["inputs"][key]["name"] and entry["inputs"][key]["tooltip"], key)
                        if isinstance(kind[0], list) and key != "vram":
                            self.assertEqual(list(entry["inputs"][key]["options"]), kind[0])
                    self.assertEqual(list(entry["outputs"]), [str(index) for index in range(len(node.RETURN_TYPES))])

    def test_chinese_is_chinese(self):
        def tooltips(language):
            return [text["tooltip"] for node in load("locales", language, "nodeDefs.json").values() for text in node["inputs"].values()]
        self.assertTrue(all(re.search("[\u4e00-\u9fff]", text) for text in tooltips("zh")))
        self.assertFalse(any(re.search("[\u4e00-\u9fff]", text) for text in tooltips("en")))

    def test_sentences_are_in_both_languages_with_the_same_places(self):
        english, chinese = (load("messages.json")[language] for language in LANGUAGES)
        self.assertEqual(set(english), set(chinese))
        for name, sentence in english.items():
            self.assertEqual(set(re.findall(r"{\w+}", sentence)), set(re.findall(r"{\w+}", chinese[name])), name)
        used = set(re.findall(r'EngineError\("(\w+)"(?: if found else "(\w+)")?', read("engine.py") + read("nodes.py")))
        used = {name for names in used for name in names if name} - {"error"}
        self.assertEqual(used, set(english))

    def test_workflows_fit_the_nodes(self):
        files = glob.glob(os.path.join(PACK, "example_workflows", "*.json"))
        self.assertEqual(len(files), 3)
        for path in files:
            workflow = load(path)
            nodes = {node["id"]: node for node in workflow["nodes"]}
            with self.subTest(workflow=os.path.basename(path)):
                for link, source, slot, target, place, kind in workflow["links"]:
                    self.assertIn(link, nodes[source]["outputs"][slot]["links"])
                    self.assertEqual((nodes[source]["outputs"][slot]["type"], kind), (kind, nodes[target]["inputs"][place]["type"]))
                    self.assertEqual(nodes[target]["inputs"][place]["link"], link)
                ours = [node for node in nodes.values() if node["type"] in self.nodes]
                self.assertEqual(len(ours), 1)
                self.check_widgets(ours[0])

    def check_widgets(self, node):
        declared = inputs_of(self.nodes[node["type"]])
        widgets = {name: kind for name, kind in declared.items() if kind[0] not in ("IMAGE", "AUDIO", "VIDEO")}
        values = list(node["widgets_values"])
        for name, (kind, *rest) in widgets.items():
            value, limits = values.pop(0), rest[0]
            self.assertTrue(value in kind if isinstance(kind, list) else limits.get("min", value) <= value <= limits.get("max", value), name)
            if limits.get("control_after_generate"):
                self.assertIn(values.pop(0), ("fixed", "increment", "decrement", "randomize"))
        self.assertEqual(values, [])
        for slot in node["inputs"]:
            self.assertEqual(slot["type"], declared[slot["name"]][0])
        self.assertEqual([slot["type"] for slot in node["outputs"]], list(self.nodes[node["type"]].RETURN_TYPES))

    def test_old_workflows_and_prompts_load(self):
        """Saved values are a list in the order of the widgets, and a saved prompt has the inputs there were."""
        sampling = ["seed", "lips_expression", "inference_steps"]
        settings = [*sampling, "num_frames", "cache_interval", "length_mode", "silent_padding_sec", "face", "model", "device", "vram", "keep_model_loaded"]
        first = {"LatentSync1.6": ([*settings, "fps"], ["images", "audio"]), "LatentSync1.6 Video": ([*settings, "video_path", "audio_path"], []),
                 "LatentSync Length Adjuster": (["mode", "fps", "silent_padding_sec"], ["images", "audio"]), "LatentSyncNode": (sampling, ["images", "audio"])}
        for name, (widgets, links) in first.items():
            declared = self.nodes[name].INPUT_TYPES()
            ours = [key for key, kind in inputs_of(self.nodes[name]).items() if kind[0] not in ("IMAGE", "AUDIO", "VIDEO")]
            self.assertEqual(ours[:len(widgets)], widgets, name)
            self.assertLessEqual(set(declared["required"]), {*widgets, *links}, name)
            self.assertLessEqual(set(ours), set(defaults(self.nodes[name])), name)

    def test_defaults_and_ranges_are_those_of_every_surface(self):
        widgets = inputs_of(self.nodes["LatentSync1.6"])
        expected = {"num_frames": (4, 32, 4, 16), "cache_interval": (1, 10, None, 3), "inference_steps": (1, 999, None, 20),
                    "lips_expression": (1.0, 3.0, 0.1, 1.5), "seed": (0, 2 ** 64 - 1, None, 1247)}
        for name, numbers in expected.items():
            limits = widgets[name][1]
            self.assertEqual((limits["min"], limits["max"], limits.get("step"), limits["default"]), numbers, name)

    def test_help_pages(self):
        for name in ("LatentSync1.6", "LatentSync1.6 Video", "LatentSync Length Adjuster"):
            for page in (name + ".md", os.path.join(name, "zh.md")):
                text = read("web", "docs", page)
                for widget in inputs_of(self.nodes[name]):
                    self.assertIn(f"`{widget}`", text, page)

    def test_metadata(self):
        project = tomllib.loads(read("pyproject.toml"))
        with open(os.path.join(PACK, "..", "..", "Directory.Build.props"), encoding="utf-8") as file:
            version = re.search("<Version>(.*)</Version>", file.read()).group(1)
        self.assertEqual((project["project"]["version"], project["project"]["dependencies"]), (version, []))
        self.assertTrue(os.path.isfile(os.path.join(PACK, project["project"]["license"]["file"])))

    def test_the_pack_is_small_and_leaves_the_host_alone(self):
        sources = {name: read(name) for name in os.listdir(PACK) if name.endswith(".py")}
        lines = [line for text in sources.values() for line in text.splitlines() if line.strip()]
        self.assertLess(len(lines), 300)
        for name, text in sources.items():
            for forbidden in ("shell=True", "os.system", "pip", "eval(", "exec(", "os.environ[", "putenv", "tempfile.tempdir", "sys.path", "requests"):
                self.assertNotIn(forbidden, text.replace("pipe", ""), name)
