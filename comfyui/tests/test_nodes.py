"""The nodes with the real engine and the built-in model: values, sound, lengths, manners."""
import os
import re
import threading
import time
import unittest

import torch

import media
from host import Host, comfy, defaults, inputs_of, interrupt_after, mm, wait_until
from comfy_api.input_impl import VideoFromFile

NODE = "LatentSync1.6"
FAST = {"inference_steps": 1, "lips_expression": 1.0, "num_frames": 4, "keep_model_loaded": True}
FRAMES = 8
SECONDS = FRAMES / 25
SAMPLES = FRAMES * 640


class NodeTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.host = Host()

    @classmethod
    def tearDownClass(cls):
        cls.host.close()

    def setUp(self):
        mm.calls.clear()
        comfy.utils.bars.clear()

    def run_node(self, images, audio, **values):
        return self.host.run(NODE, images=images, audio=audio, **{**FAST, **values})


class Values(NodeTest):
    def check_unchanged(self, images):
        result, _ = self.run_node(images, media.silence(SAMPLES))
        self.assertEqual((result.dtype, str(result.device), result.is_contiguous()), (torch.float32, "cpu", True))
        torch.testing.assert_close(result, images[..., :3].float(), rtol=0, atol=0, equal_nan=True)

    def test_images_without_a_face_come_back_exactly(self):
        self.check_unchanged(media.noise(FRAMES))

    def test_alpha_is_left_out(self):
        self.check_unchanged(media.noise(FRAMES, channels=4))

    def test_float16(self):
        self.check_unchanged(media.noise(FRAMES).half())

    def test_memory_in_another_order(self):
        self.check_unchanged(media.noise(FRAMES).transpose(1, 2))

    def test_values_out_of_range_and_not_a_number(self):
        images = media.noise(FRAMES) * 3 - 1
        images[0, 0, 0] = torch.tensor([float("nan"), float("inf"), -float("inf")])
        self.check_unchanged(images)

    def test_odd_size_and_one_image(self):
        result, _ = self.run_node(media.noise(1, 33, 17), media.silence(SAMPLES))
        self.assertEqual(result.shape, (FRAMES, 33, 17, 3))

    def test_eight_bit_images_survive_the_way_there_and_back(self):
        images = torch.arange(256).repeat(FRAMES * 96).reshape(FRAMES, 64, -1, 3) / 255
        result, _ = self.run_node(images, media.silence(SAMPLES), pass_through=True)
        self.assertTrue(torch.equal(result, images))

    def test_pass_through_rounds_and_clamps(self):
        images = media.noise(FRAMES) * 3 - 1
        images[0, 0, 0] = torch.tensor([float("nan"), float("inf"), -float("inf")])
        images[1, 70:80] = float("nan")
        result, _ = self.run_node(images, media.silence(SAMPLES), pass_through=True)
        self.assertTrue(torch.equal(result, (images.nan_to_num().clamp(0, 1) * 255).round() / 255))

    def test_halves_between_two_levels_are_rounded_to_the_even_one(self):
        images = (torch.arange(64 * 96) % 256 / 2 / 255).reshape(1, 64, 96, 1).repeat(1, 1, 1, 3)
        result, _ = self.run_node(images, media.silence(SAMPLES), pass_through=True)
        self.assertTrue(torch.equal(result[0], (images[0] * 255).round() / 255))

    def test_only_the_mouth_is_painted(self):
        images = media.head(FRAMES)
        result, _ = self.run_node(images, media.voice(SECONDS))
        changed = (result - images).abs().amax(-1) > 0
        self.assertTrue(changed.flatten(1).any(1).all(), "a frame was not painted")
        self.assertFalse(changed[:, :160].any(), "something above the mouth was painted")
        self.assertEqual(result.shape, images.shape)

    def test_same_seed_same_images(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        first, second, other = (self.run_node(images, audio, seed=seed)[0] for seed in (1, 1, 2))
        self.assertTrue(torch.equal(first, second))
        self.assertFalse(torch.equal(first, other))

    def test_no_images(self):
        for images in (None, media.noise(1)[:0], torch.zeros(3, 8, 8)):
            with self.assertRaisesRegex(RuntimeError, "There are no images"):
                self.run_node(images, media.silence(SAMPLES))

    def test_largest_seed(self):
        result, _ = self.run_node(media.noise(1), media.silence(SAMPLES), seed=0xFFFFFFFFFFFFFFFF)
        self.assertEqual(len(result), FRAMES)


class Faces(NodeTest):
    def test_a_picture_in_the_input_folder_names_the_person(self):
        media.ffmpeg("-i", media.VIDEO, "-frames:v", "1", os.path.join(self.host.base, "input", "my picture.png"))
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        result, _ = self.run_node(images, audio, face="like:my picture.png")
        self.assertFalse(torch.equal(result, images))
        self.assertTrue(torch.equal(result, self.run_node(images, audio)[0]))

    def test_a_quiet_mouth_is_that_of_the_images(self):
        images, audio = media.head(4 * FRAMES), media.silence(4 * SAMPLES)
        first = slice(3 * FRAMES)  # the last fade, since speech might follow
        result, _ = self.run_node(images, audio, quiet_mouth="source")
        self.assertTrue(torch.equal(result[first], images[first]))


class Sound(NodeTest):
    def test_nothing(self):
        for audio in (None, media.silence(0)):
            with self.assertRaisesRegex(RuntimeError, "There is no sound"):
                self.run_node(media.noise(1), audio)

    def test_too_short(self):
        with self.assertRaisesRegex(RuntimeError, "at least 40 ms"):
            self.run_node(media.noise(1), media.silence(10))

    def test_rate_channels_and_other_keys_stay(self):
        audio = {**media.voice(SECONDS, 48000, 2), "name": "mine"}
        _, sound = self.run_node(media.noise(2), audio)
        self.assertIs(sound["waveform"], audio["waveform"])
        self.assertEqual((sound["sample_rate"], sound["name"]), (48000, "mine"))

    def test_int16_moves_the_lips_like_float(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        rounded = (audio["waveform"] * 32768).round().clamp(-32768, 32767)
        integers = {**audio, "waveform": rounded.to(torch.int16)}
        result, sound = self.run_node(images, integers)
        self.assertEqual(sound["waveform"].dtype, torch.int16)
        self.assertTrue(torch.equal(result, self.run_node(images, {**audio, "waveform": rounded / 32768})[0]))
        self.assertFalse(torch.equal(result, self.run_node(images, media.silence(SAMPLES))[0]))

    def test_the_first_of_several_is_heard_and_all_come_back(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        two = {**audio, "waveform": torch.cat([audio["waveform"], torch.zeros_like(audio["waveform"])])}
        result, sound = self.run_node(images, two)
        self.assertTrue(torch.equal(result, self.run_node(images, audio)[0]))
        self.assertEqual(sound["waveform"].shape, two["waveform"].shape)

    def test_padding_is_silence(self):
        audio = media.voice(SECONDS, 44100, 2)
        result, sound = self.run_node(media.noise(2), audio, silent_padding_sec=0.2)
        samples = audio["waveform"].shape[-1]
        self.assertEqual((len(result), sound["waveform"].shape[-1]), (FRAMES + 5, samples + 8820))
        self.assertTrue(torch.equal(sound["waveform"][..., :samples], audio["waveform"]))
        self.assertEqual(sound["waveform"][..., samples:].abs().max(), 0)


class Lengths(NodeTest):
    def check(self, mode, expected, samples=SAMPLES, **values):
        images = media.noise(3)
        result, sound = self.run_node(images, media.silence(SAMPLES), length_mode=mode, **values)
        self.assertTrue(torch.equal(result, images[expected]))
        self.assertEqual(sound["waveform"].shape[-1], samples)

    def test_pingpong(self):
        self.check("pingpong", [0, 1, 2, 2, 1, 0, 0, 1])

    def test_loop(self):
        self.check("loop_to_audio", [0, 1, 2, 0, 1, 2, 0, 1])

    def test_freeze(self):
        self.check("freeze", [0, 1, 2, 2, 2, 2, 2, 2])

    def test_trim(self):
        self.check("trim", [0, 1, 2], 3 * 640)

    def test_video(self):
        self.check("video", [0, 1, 2], 3 * 640)

    def test_long_pingpong_turns_many_times(self):
        images, frames = media.noise(19, 20, 20), 100
        result, _ = self.run_node(images, media.silence(frames * 640), length_mode="pingpong")
        order = [i % 38 if i % 38 < 19 else 37 - i % 38 for i in range(frames)]
        self.assertTrue(torch.equal(result, images[order]))


class Manners(NodeTest):
    def test_room_is_made_before_the_engine_runs(self):
        self.run_node(media.noise(1), media.silence(SAMPLES))
        self.assertEqual(mm.calls[:3], ["unload_all_models", "soft_empty_cache", "poll"])

    def test_no_card_no_room_needed(self):
        self.run_node(media.noise(1), media.silence(SAMPLES), device="cpu")
        self.assertEqual(set(mm.calls), {"poll"})

    def test_progress_rises_to_its_end_and_shows_pictures(self):
        self.host.module.nodes.PREVIEW_SECONDS = 0
        self.run_node(media.head(FRAMES), media.voice(SECONDS))
        values = [value for value, _, _ in comfy.utils.bars[-1].updates]
        self.assertEqual(values, sorted(values))
        self.assertGreaterEqual(values[-1], 979)
        kind, picture, side = next(preview for _, _, preview in comfy.utils.bars[-1].updates if preview)
        self.assertEqual((kind, picture.mode, side), ("JPEG", "RGB", 512))

    def test_environment_and_folders_stay_as_they_are(self):
        for name in (NODE, "LatentSync1.6 Video"):
            media_inputs = {"images": media.noise(1), "audio": media.silence(SAMPLES)} if name == NODE else {
                "video_path": media.VIDEO, "audio": media.voice(SECONDS)}
            self.host.run(name, **media_inputs, **FAST)
        self.assertEqual(dict(os.environ), self.host.before)
        self.assertEqual([name for name in self.host.temporary_files() if not name.endswith(".mp4")], [])

    def test_kept_engine_is_used_again_and_another_is_freed(self):
        self.run_node(media.noise(1), media.silence(SAMPLES))
        first = self.host.process()
        self.run_node(media.noise(1), media.silence(SAMPLES))
        self.assertIs(self.host.process(), first)
        self.run_node(media.noise(1), media.silence(SAMPLES), keep_model_loaded=False)
        self.assertEqual(first.returncode, 0)
        self.run_node(media.noise(1), media.silence(SAMPLES))
        self.assertIsNot(self.host.process(), first)

    def test_two_nodes_at_once(self):
        images, results = [media.noise(2), media.noise(3)], {}

        def work(index):
            results[index] = self.run_node(images[index], media.silence(SAMPLES))[0]

        threads = [threading.Thread(target=work, args=(index,)) for index in range(2)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        for index, count in enumerate((2, 3)):
            self.assertTrue(torch.equal(results[index][:count], images[index]))

    def test_who_waits_for_another_node_can_be_interrupted(self):
        with self.host.engine.LOCK:
            interrupt_after(0.2)
            start = time.monotonic()
            with self.assertRaises(mm.InterruptProcessingException):
                self.run_node(media.noise(1), media.silence(SAMPLES))
            self.assertLess(time.monotonic() - start, 1)

    def test_wrong_settings_are_said_and_the_next_run_works(self):
        missing = re.escape(os.path.join(self.host.base, "input", "anna.jpg"))
        for values, expected in (({"face": "nobody"}, "--face is nobody"), ({"model": "none such"}, "none such"), ({"device": "gpu"}, "device is gpu"),
                                 ({"face": "like:anna.jpg"}, f'"{missing}" does not exist'), ({"quiet_mouth": "shut"}, "--quiet-mouth is shut")):
            with self.assertRaisesRegex(RuntimeError, "(?s)cannot be used|do not work.*" + expected):
                self.run_node(media.noise(1), media.silence(SAMPLES), **values)
        self.run_node(media.noise(1), media.silence(SAMPLES))

    def test_models_of_comfyui_are_found(self):
        folder = os.path.join(self.host.base, "models", "latentsync", "mine")
        os.makedirs(os.path.dirname(folder))
        os.symlink(os.path.join(media.ROOT, "models", "demo"), folder)
        try:
            for model in ("auto", "mine"):
                result, _ = self.run_node(media.head(FRAMES), media.voice(SECONDS), model=model)
                self.assertEqual(len(result), FRAMES)
        finally:
            os.unlink(folder)

    def test_errors_have_a_title_in_chinese(self):
        self.run_node(media.noise(1), media.silence(SAMPLES), keep_model_loaded=False)
        self.host.set_language("zh")
        try:
            with self.assertRaisesRegex(RuntimeError, "^参数设置有误: "):
                self.run_node(media.noise(1), media.silence(SAMPLES), face="nobody", keep_model_loaded=False)
            with self.assertRaisesRegex(RuntimeError, "没有声音"):
                self.run_node(media.noise(1), None)
        finally:
            self.host.set_language("en")


class Video(NodeTest):
    NAME = "LatentSync1.6 Video"

    def test_file_to_file(self):
        video, path = self.host.run(self.NAME, video_path=media.VIDEO, audio=media.voice(SECONDS, 44100, 2), **FAST)
        frames, width, height, seconds = media.streams(path)
        self.assertEqual((frames, width, height, video.path), (FRAMES, media.SIDE, media.SIDE, path))
        self.assertAlmostEqual(seconds, SECONDS, delta=0.03)
        kind, picture, _ = next(preview for _, _, preview in comfy.utils.bars[-1].updates if preview)
        self.assertEqual((kind, picture.size), ("JPEG", (256, 256)))

    def test_video_input_and_paths_with_spaces(self):
        sound = os.path.join(self.host.base, "my sound.wav")
        media.ffmpeg("-i", media.VOICE, "-t", str(SECONDS), sound)
        _, path = self.host.run(self.NAME, video=VideoFromFile(media.VIDEO), audio_path=sound, **FAST)
        self.assertEqual(media.streams(path)[0], FRAMES)

    def test_missing_inputs(self):
        for inputs, expected in (({"audio": media.voice(SECONDS)}, "There is no video"), ({"video_path": media.VIDEO}, "There is no sound"),
                                 ({"video_path": "no such.mp4", "audio": media.voice(SECONDS)}, "no such.mp4.*does not exist")):
            with self.assertRaisesRegex(RuntimeError, expected):
                self.host.run(self.NAME, **inputs, **FAST)

    def test_a_changed_file_is_run_again(self):
        node, path = self.host.nodes[self.NAME], os.path.join(self.host.base, "a.mp4")
        before = node.IS_CHANGED(video_path=path)
        open(path, "w").close()
        self.assertNotEqual(before, node.IS_CHANGED(video_path=path))
        self.assertEqual(node.IS_CHANGED(video_path=path), node.IS_CHANGED(video_path=path))


class OldWorkflows(NodeTest):
    def test_old_node_has_its_inputs_and_runs(self):
        node = self.host.nodes["LatentSyncNode"]
        self.assertEqual(list(inputs_of(node)), ["images", "audio", "seed", "lips_expression", "inference_steps"])
        self.assertEqual(defaults(node), {"seed": 1247, "lips_expression": 1.5, "inference_steps": 20})
        result, _ = self.host.run("LatentSyncNode", images=media.noise(2), audio=media.silence(SAMPLES))
        self.assertEqual(len(result), FRAMES)
        wait_until(lambda: self.host.process().poll() is not None)


del NodeTest
