"""What the engine says reaches a user of the node in node words, and in Chinese where the interface is."""
import importlib
import os
import re
import sys
import types
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
PACK = os.path.join(os.path.dirname(HERE), "ComfyUI-LatentSync16")
CHINESE = re.compile("[\u4e00-\u9fff]")
OPTION = re.compile("(?<![\\w-])--[a-z]")

# Of the sentences in docs/errors.md those that no node can meet: of other commands, or of options that it does not set.
NOT_OF_NODES = re.compile(
    r"job 3|build failed|result\.avi|\"demo\" comes with|--mix|--encoder|--resolution 512 does"
    r"|was started with|has changed since|unfinished job|sample \"|jobs\.yaml"
    r"|--strict|exists already|Another latentsync is making|score\.png|\.NET 10 SDK|done, 1 failed|^Stopped|-start is|syncnet"
    r"|result\.plan|The segment is|not a segment|has 7 segments"
    r"|--say |garden\.jpg|could not speak the text")


def load_messages(language):
    """The module of the pack that turns the engine's sentences into a user's, for an interface of this language."""
    name = "words_" + language
    package, host = types.ModuleType(name), types.ModuleType(name + ".host")
    package.__path__ = [PACK]
    package.host = host
    host.PACK, host.ENGLISH, host.CHINESE, host.language = PACK, "en", "zh", lambda: language
    sys.modules.update({name: package, name + ".host": host})
    return importlib.import_module(name + ".messages")


def documented():
    """The sentences of the table in docs/errors.md."""
    with open(os.path.join(ROOT, "docs", "errors.md"), encoding="utf-8") as file:
        cells = [line.split("|")[3].strip() for line in file if line.startswith("|")]
    return [cell for cell in cells if cell.endswith(".") and not NOT_OF_NODES.search(cell)]


class Sentences(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.english, cls.chinese = load_messages("en"), load_messages("zh")

    def test_documented_ones_are_chinese_in_node_words(self):
        sentences = documented()
        self.assertGreater(len(sentences), 25)
        for sentence in sentences:
            with self.subTest(sentence=sentence):
                text = self.chinese.in_node_words(sentence)
                self.assertRegex(text, CHINESE)
                self.assertNotIn("（英文）", text)
                self.assertNotRegex(text, OPTION)
                self.assertNotRegex(self.english.in_node_words(sentence), OPTION)

    def test_widgets_have_the_names_on_the_node(self):
        sentence = "--silent-padding is -1; it must be from 0 to 3600 seconds."
        self.assertEqual(self.english.in_node_words(sentence), "silent_padding_sec is -1; it must be from 0 to 3600 seconds.")
        self.assertEqual(self.chinese.in_node_words(sentence), "“结尾静音（秒）”（silent_padding_sec） 是 -1；必须在 0 到 3600 秒之间。")

    def test_values_come_through(self):
        text = self.chinese.in_node_words('"C:\\my videos\\a {b} --c.mp4" does not exist; check the path.')
        self.assertEqual(text, "“C:\\my videos\\a {b} --c.mp4” 不存在；请检查路径。")

    def test_a_path_for_which_the_node_has_no_room_is_left_out(self):
        sentence = "Using the model demo (/home/anna/ComfyUI/models/latentsync/demo)."
        self.assertEqual(self.english.in_node_words(sentence), "Using the model demo.")
        self.assertEqual(self.chinese.in_node_words(sentence), "使用模型 demo。")

    def test_several_mistakes_are_several_lines(self):
        text = self.chinese.in_node_words("--num-frames is 5; it must be 4, 8, 12, 16, 20, 24, 28 or 32.\n--cache-interval is 0; it must be from 1 to 10.")
        self.assertEqual(len(text.splitlines()), 2)
        self.assertNotRegex(text, OPTION)

    def test_a_new_sentence_is_introduced_in_chinese(self):
        self.assertEqual(self.english.in_node_words("The moon is full; wait."), "The moon is full; wait.")
        self.assertRegex(self.chinese.in_node_words("The moon is full; wait."), "引擎.*（英文）：The moon is full; wait.")
