"""The nodes with the real engine and the built-in model: values, sound, lengths, manners."""
import os
import re

import torch

import media
from rig import Failed, Form, Refused, RigTest, stand_in_only

NODE = "LatentSync1.6"
VIDEO = "LatentSync1.6 Video"
FAST = {"inference_steps": 1, "lips_expression": 1.0, "num_frames": 4, "keep_model_loaded": True}
FRAMES = 8
SECONDS = FRAMES / 25
SAMPLES = FRAMES * 640


class NodeTest(RigTest):
    def run_node(self, images, audio, **values):
        return self.rig.run(NODE, images=images, audio=audio, **{**FAST, **values})

    def no_images(self):
        return Form(media.noise(1), "none")

    def no_audio(self):
        return Form(media.silence(1), "none")


class Values(NodeTest):
    def check_unchanged(self, images, form="as it is"):
        result = self.run_node(Form(images, form), media.silence(SAMPLES))
        described = result.described["images"]
        self.assertEqual((described["dtype"], described["device"], described["contiguous"]), ("torch.float32", "cpu", True))
        torch.testing.assert_close(result.images, images[..., :3].float(), rtol=0, atol=0, equal_nan=True)
        return result

    def test_images_without_a_face_come_back_exactly(self):
        self.check_unchanged(media.noise(FRAMES))

    def test_alpha_is_left_out(self):
        self.check_unchanged(media.noise(FRAMES, channels=4))

    def test_float16(self):
        self.check_unchanged(media.noise(FRAMES).half().float(), "half")

    def test_float64(self):
        self.check_unchanged(media.noise(FRAMES), "double")

    def test_memory_in_another_order(self):
        self.check_unchanged(media.noise(FRAMES), "reordered")
        self.check_unchanged(media.noise(FRAMES), "strided")

    def test_values_out_of_range_and_not_a_number(self):
        images = media.noise(FRAMES) * 3 - 1
        images[0, 0, 0] = torch.tensor([float("nan"), float("inf"), -float("inf")])
        self.check_unchanged(images)

    def test_odd_size_and_one_image(self):
        result = self.run_node(media.noise(1, 33, 17), media.silence(SAMPLES))
        self.assertEqual(result.images.shape, (FRAMES, 33, 17, 3))

    def test_only_the_mouth_is_painted(self):
        images = media.head(FRAMES)
        result = self.run_node(images, media.voice(SECONDS))
        changed = (result.images - images).abs().amax(-1) > 0
        self.assertTrue(changed.flatten(1).any(1).all(), "a frame was not painted")
        self.assertFalse(changed[:, :160].any(), "something above the mouth was painted")
        self.assertEqual(result.images.shape, images.shape)
        self.assertIn("success", result.run.ended)

    def test_the_mask_is_what_was_painted(self):
        images = media.head(FRAMES)
        result = self.run_node(images, media.voice(SECONDS))
        changed = (result.images - images).abs().amax(-1) > 0.5 / 255
        self.assertEqual(result.mask.shape, images.shape[:3])
        self.assertTrue((result.mask >= 0).all() and (result.mask <= 1).all())
        self.assertFalse((changed & (result.mask == 0)).any(), "something outside of the mask was painted")
        self.assertTrue((result.mask.flatten(1).amax(1) == 1).all())
        self.assertFalse(self.run_node(media.noise(2), media.silence(SAMPLES)).mask.any(), "nothing was painted, but there is a mask")

    def test_the_picture_shows_the_chosen_face(self):
        images = media.head(FRAMES)
        picture = self.run_node(images, media.voice(SECONDS)).picture
        self.assertEqual((picture.dim(), picture.shape[-1], picture.dtype), (4, 3, torch.float32))
        self.assertTrue((picture >= 0).all() and (picture <= 1).all())
        self.assertGreater(picture.std(), 0.01, "the picture is empty")

    def test_same_seed_same_images(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        first, second, other = (self.run_node(images, audio, seed=seed).images for seed in (1, 1, 2))
        self.assert_equal_images(first, second)
        self.assertFalse(torch.equal(first, other))

    def test_no_images(self):
        for images in (self.no_images(), media.noise(1)[:0], torch.zeros(8, 8)):
            with self.assertRaisesRegex(Failed, "There are no images"):
                self.run_node(images, media.silence(SAMPLES))

    def test_largest_seed(self):
        result = self.run_node(media.noise(1), media.silence(SAMPLES), seed=0xFFFFFFFFFFFFFFFF)
        self.assertEqual(len(result.images), FRAMES)

    def test_a_second_run_finds_the_first_result(self):
        prompt = self.rig.prompt(NODE, images=media.noise(2), audio=media.silence(SAMPLES), **FAST)
        first, second = self.host.run(prompt), self.host.run(prompt)
        self.assertIn("node", [event.data["node"] for event in first.named("executing")])
        self.assertNotIn("node", [event.data["node"] for event in second.named("executing")])


class PassThrough(NodeTest):
    """With the engine's setting with which everything but the networks runs: every frame travels both ways."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rig.allow_pass_through(NODE)

    def test_eight_bit_images_survive_the_way_there_and_back(self):
        images = torch.arange(256).repeat(FRAMES * 96).reshape(FRAMES, 64, -1, 3) / 255
        self.assert_equal_images(self.run_node(images, media.silence(SAMPLES), pass_through=True).images, images)

    def test_pass_through_rounds_and_clamps(self):
        images = media.noise(FRAMES) * 3 - 1
        images[0, 0, 0] = torch.tensor([float("nan"), float("inf"), -float("inf")])
        images[1, 70:80] = float("nan")
        result = self.run_node(images, media.silence(SAMPLES), pass_through=True)
        self.assert_equal_images(result.images, (images.nan_to_num().clamp(0, 1) * 255).round() / 255)

    def test_halves_between_two_levels_are_rounded_to_the_even_one(self):
        images = (torch.arange(64 * 96) % 256 / 2 / 255).reshape(1, 64, 96, 1).repeat(1, 1, 1, 3)
        result = self.run_node(images, media.silence(SAMPLES), pass_through=True)
        self.assert_equal_images(result.images[0], (images[0] * 255).round() / 255)


class OddInputs(NodeTest):
    """Whatever other packs give: it works, or the node says what it cannot take; it never hangs."""

    def check_like_a_batch(self, images):
        expected = media.noise(3)
        result = self.run_node(images, media.silence(3 * 640))
        self.assert_equal_images(result.images, expected)

    def test_a_list_of_batches_and_of_images(self):
        for form in ("list of batches", "list of images"):
            with self.subTest(form=form):
                self.check_like_a_batch(Form(media.noise(3), form))

    def test_a_list_of_comfyui_runs_the_node_for_each(self):
        run = self.host.run(self.rig.prompt(NODE, images=Form(media.noise(3), "ComfyUI list"), audio=media.silence(640), **FAST))
        self.assertEqual([len(run.outputs["sink"][name]) for name in ("images", "audio")], [3, 3])

    def test_a_list_of_sizes(self):
        prompt = self.rig.prompt("LatentSync Length Adjuster", images=Form(media.noise(3), "list of images"), audio=media.silence(640), mode="pingpong")
        self.assertEqual(self.host.run(prompt).ended, "success")

    def test_grey_images(self):
        images = media.noise(3, channels=1)
        result = self.run_node(images, media.silence(3 * 640))
        self.assert_equal_images(result.images, images.expand(-1, -1, -1, 3))

    def test_two_channels_and_five(self):
        for channels in (2, 5):
            with self.assertRaisesRegex(Failed, f"{channels} channels"):
                self.run_node(media.noise(3, channels=channels), media.silence(SAMPLES))

    def test_one_image_without_a_batch(self):
        images = media.noise(1)[0]
        result = self.run_node(images, media.silence(640))
        self.assert_equal_images(result.images, images[None])

    def test_sound_without_batch_or_channels(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        expected = self.run_node(images, audio).images
        for waveform in (audio["waveform"][0], audio["waveform"][0, 0]):
            result = self.run_node(images, {**audio, "waveform": waveform})
            self.assert_equal_images(result.images, expected)
            self.assertEqual(result.audio["waveform"].shape[-1], audio["waveform"].shape[-1])

    def test_sound_as_16_and_32_bits_and_in_doubles(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        rounded = (audio["waveform"] * 32768).round().clamp(-32768, 32767)
        expected = self.run_node(images, {**audio, "waveform": rounded / 32768}).images
        for waveform in (rounded.to(torch.int16), rounded.to(torch.int32) * 65536, rounded.double() / 32768):
            with self.subTest(dtype=waveform.dtype):
                result = self.run_node(images, {**audio, "waveform": waveform})
                self.assertEqual(result.audio["waveform"].dtype, waveform.dtype)
                self.assert_equal_images(result.images, expected)

    def test_sound_of_many_channels_that_is_not_contiguous(self):
        audio = {**media.voice(SECONDS, 48000), "waveform": media.voice(SECONDS, 48000)["waveform"].repeat(1, 6, 1)}
        result = self.run_node(media.head(FRAMES), Form(audio, "reordered"))
        self.assertTrue(torch.equal(result.audio["waveform"], audio["waveform"]))
        self.assertFalse(torch.equal(result.images, media.head(FRAMES)))


class Faces(NodeTest):
    def test_a_picture_in_the_input_folder_names_the_person(self):
        path = os.path.join(self.host.folder("input"), "my picture.png")
        media.ffmpeg("-y", "-i", media.VIDEO, "-frames:v", "1", path)
        self.rig.files.append(path)
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        result = self.run_node(images, audio, face="like:my picture.png")
        self.assertFalse(torch.equal(result.images, images))
        self.assert_equal_images(result.images, self.run_node(images, audio).images)

    def test_samplers_and_a_guidance_band_give_other_mouths(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        values = {"inference_steps": 3, "lips_expression": 1.5}
        results = [self.run_node(images, audio, **values, **more).images
                   for more in ({}, {"sampler": "dpmpp_2m"}, {"sampler": "uni_pc"}, {"sampler": "uni_pc", "guidance_to": 0.5})]
        for index, result in enumerate(results):
            for other in results[:index]:
                self.assertFalse(torch.equal(result, other), index)
        with self.assertRaisesRegex(Failed, "above"):
            self.run_node(images, audio, **values, guidance_from=0.5, guidance_to=0.5)

    def test_a_quiet_mouth_is_that_of_the_images(self):
        images, audio = media.head(4 * FRAMES), media.silence(4 * SAMPLES)
        first = slice(3 * FRAMES)  # the last fade, since speech might follow
        result = self.run_node(images, audio, quiet_mouth="source")
        self.assert_equal_images(result.images[first], images[first])


class Sound(NodeTest):
    def test_nothing(self):
        for audio in (self.no_audio(), media.silence(0)):
            with self.assertRaisesRegex(Failed, "There is no sound"):
                self.run_node(media.noise(1), audio)

    def test_too_short(self):
        with self.assertRaisesRegex(Failed, "at least 40 ms"):
            self.run_node(media.noise(1), media.silence(10))

    def test_rate_channels_and_other_keys_stay(self):
        audio = media.voice(SECONDS, 48000, 2)
        sound = self.run_node(media.noise(2), audio).audio
        self.assertTrue(torch.equal(sound["waveform"], audio["waveform"]))
        self.assertEqual((sound["sample_rate"], sound["made_by"]), (48000, "tests"))

    def test_the_first_of_several_is_heard_and_all_come_back(self):
        images, audio = media.head(FRAMES), media.voice(SECONDS)
        two = {**audio, "waveform": torch.cat([audio["waveform"], torch.zeros_like(audio["waveform"])])}
        result = self.run_node(images, two)
        self.assert_equal_images(result.images, self.run_node(images, audio).images)
        self.assertEqual(result.audio["waveform"].shape, two["waveform"].shape)

    def test_padding_is_silence(self):
        audio = media.voice(SECONDS, 44100, 2)
        result = self.run_node(media.noise(2), audio, silent_padding_sec=0.2)
        samples, sound = audio["waveform"].shape[-1], result.audio["waveform"]
        self.assertEqual((len(result.images), sound.shape[-1]), (FRAMES + 5, samples + 8820))
        self.assertTrue(torch.equal(sound[..., :samples], audio["waveform"]))
        self.assertEqual(sound[..., samples:].abs().max(), 0)


class Lengths(NodeTest):
    def check(self, mode, expected, samples=SAMPLES, **values):
        images = media.noise(3)
        result = self.run_node(images, media.silence(SAMPLES), length_mode=mode, **values)
        self.assert_equal_images(result.images, images[expected])
        self.assertEqual(result.audio["waveform"].shape[-1], samples)

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

    def test_a_rate_of_its_own(self):
        result = self.run_node(media.noise(3), media.silence(SAMPLES), fps=12.5)
        self.assertEqual(len(result.images), FRAMES // 2)

    def test_long_pingpong_turns_many_times(self):
        images, frames = media.noise(19, 20, 20), 100
        result = self.run_node(images, media.silence(frames * 640), length_mode="pingpong")
        order = [i % 38 if i % 38 < 19 else 37 - i % 38 for i in range(frames)]
        self.assert_equal_images(result.images, images[order])


class Manners(NodeTest):
    @stand_in_only
    def test_room_is_made_before_the_engine_runs(self):
        import comfy.model_management as mm
        mm.calls.clear()
        self.run_node(media.noise(1), media.silence(SAMPLES))
        self.assertEqual(mm.calls, ["unload_all_models", "soft_empty_cache"])
        mm.calls.clear()
        self.run_node(media.noise(1), media.silence(SAMPLES), device="cpu")
        self.assertEqual(mm.calls, [], "no card, no room needed")

    def test_progress_rises_to_its_end_and_shows_pictures(self):
        run = self.run_node(media.head(FRAMES), media.voice(SECONDS), inference_steps=3).run
        progress = [event.data for event in run.named("progress")]
        self.assertTrue(all(data["node"] == "node" for data in progress))
        values = [data["value"] / data["max"] for data in progress]
        self.assertEqual(values, sorted(values))
        self.assertGreaterEqual(values[-1], 0.95)
        self.assertTrue(run.named("preview"), "no picture was shown")

    def test_environment_and_folders_stay_as_they_are(self):
        before = dict(os.environ)
        self.run_node(media.noise(1), media.silence(SAMPLES))
        self.rig.run(VIDEO, video_path=media.VIDEO, audio=media.voice(SECONDS), **FAST)
        self.assertEqual(dict(os.environ), before)
        self.assertEqual([name for name in self.rig.temporary_files() if not name.endswith(".mp4")], [])

    def test_kept_engine_is_used_again_and_another_is_freed(self):
        self.run_node(media.noise(1), media.silence(SAMPLES))
        first = self.rig.engines()
        self.assertEqual(len(first), 1)
        self.run_node(media.noise(2), media.silence(SAMPLES))
        self.assertEqual(self.rig.engines(), first)
        self.run_node(media.noise(3), media.silence(SAMPLES), keep_model_loaded=False)
        self.wait_until(lambda: not self.rig.engines())
        self.run_node(media.noise(4), media.silence(SAMPLES))
        self.assertNotEqual(self.rig.engines(), first)

    def test_two_nodes_of_one_prompt(self):
        prompt = self.rig.prompt(NODE, images=media.noise(2), audio=media.silence(SAMPLES), **FAST)
        other = self.rig.prompt(NODE, images=media.noise(3), audio=media.silence(SAMPLES), **FAST)

        def renamed(value):
            return [f"other {value[0]}", value[1]] if isinstance(value, list) else value

        others = {f"other {name}": {**entry, "inputs": {key: renamed(value) for key, value in entry["inputs"].items()}} for name, entry in other.items()}
        run = self.host.run({**prompt, **others})
        for sink, count in (("sink", 2), ("other sink", 3)):
            self.assert_equal_images(self.rig.result(run, sink=sink).images[:count], media.noise(count))

    def test_wrong_settings_are_said_and_the_next_run_works(self):
        missing = re.escape(os.path.join(self.host.folder("input"), "anna.jpg"))
        for values, expected in (({"face": "nobody"}, "face is nobody"), ({"model": "none such"}, "none such"), ({"device": "gpu"}, "device is gpu"),
                                 ({"face": "like:anna.jpg"}, f'"{missing}" does not exist')):
            with self.subTest(**values), self.assertRaises((Failed, Refused)) as caught:
                self.run_node(media.noise(1), media.silence(SAMPLES), **values)
            self.assertRegex(str(caught.exception), "(?s)" + expected)
            self.assertNotIn("--", str(caught.exception), "names an option of the command line")
        self.run_node(media.noise(1), media.silence(SAMPLES))

    def test_models_of_comfyui_are_found(self):
        folder = os.path.join(self.host.folder("custom_nodes"), "..", "models", "latentsync", "mine")
        os.makedirs(os.path.dirname(folder), exist_ok=True)
        os.symlink(os.path.join(media.ROOT, "models", "demo"), folder)
        try:
            for model in ("auto", "mine"):
                result = self.run_node(media.head(FRAMES), media.voice(SECONDS), model=model)
                self.assertEqual(len(result.images), FRAMES)
            self.assertIn("mine", self.choices("model"))
        finally:
            os.unlink(folder)

    def choices(self, name):
        declared = self.host.object_info(NODE)["input"]
        return {**declared["required"], **declared["optional"]}[name][0]

    def test_models_and_devices_are_drop_downs(self):
        for name, first in (("model", "auto"), ("device", "auto")):
            choices = self.choices(name)
            self.assertIsInstance(choices, list, name)
            self.assertEqual(choices[0], first)
        self.assertIn("cpu", self.choices("device"))


class Chinese(NodeTest):
    def setUp(self):
        super().setUp()
        self.host.set_language("zh")
        self.addCleanup(self.host.set_language, "en")

    def check(self, error, *sentences):
        for sentence in sentences:
            self.assertIn(sentence, error)
        # Names of files and inputs may be in Latin letters; a sentence may not.
        self.assertNotRegex(error, r"[a-z]+ [a-z]+ [a-z]+ [a-z]+", "this is English")
        self.assertNotIn("--", error)

    def test_errors_are_chinese(self):
        for inputs, sentence in (({"face": "nobody"}, "参数设置有误"), ({"face": "like:anna.jpg"}, "anna.jpg")):
            with self.assertRaises((Failed, Refused)) as caught:
                self.run_node(media.noise(1), media.silence(SAMPLES), **inputs, keep_model_loaded=False)
            self.check(str(caught.exception), sentence)
        with self.assertRaises(Failed) as caught:
            self.run_node(media.noise(1), self.no_audio())
        self.check(str(caught.exception), "没有声音")
        with self.assertRaises(Failed) as caught:
            self.run_node(media.noise(1), media.silence(10), keep_model_loaded=False)
        self.check(str(caught.exception), "40")

    def test_what_stands_on_the_node_is_chinese(self):
        result = self.run_node(media.head(FRAMES), media.voice(SECONDS), keep_model_loaded=False)
        self.assertTrue(result.texts)
        for text in (*result.texts, *result.shown["text"]):
            self.assertRegex(text, "[\u4e00-\u9fff]")


class Video(NodeTest):
    def run_video(self, **inputs):
        return self.rig.run(VIDEO, **inputs, **FAST)

    def test_file_to_file(self):
        result = self.run_video(video_path=media.VIDEO, audio=media.voice(SECONDS, 44100, 2))
        frames, width, height, seconds = media.streams(result.path)
        self.assertEqual((frames, width, height, result.described["video"]["path"]), (FRAMES, media.SIDE, media.SIDE, result.path))
        self.assertAlmostEqual(seconds, SECONDS, delta=0.03)
        self.assertTrue(result.run.named("preview"), "no picture was shown")

    def test_the_result_is_shown_with_its_sound(self):
        result = self.run_video(video_path=media.VIDEO, audio=media.voice(SECONDS))
        (shown,), animated = result.shown["images"], result.shown["animated"]
        path = os.path.join(self.host.folder(shown["type"]), shown["subfolder"], shown["filename"])
        self.assertTrue(os.path.samefile(path, result.path) if os.path.exists(path) else False, path)
        self.assertEqual(animated, [True])

    def test_it_needs_nothing_behind_it(self):
        prompt = self.rig.prompt(VIDEO, audio=media.voice(SECONDS), video_path=media.VIDEO, **FAST)
        del prompt["sink"]
        self.assertTrue(self.host.run(prompt).outputs["node"]["images"])

    def test_video_input_and_paths_with_spaces(self):
        sound = os.path.join(self.host.folder("temp"), "my sound.wav")
        media.ffmpeg("-y", "-i", media.VOICE, "-t", str(SECONDS), sound)
        self.rig.files.append(sound)
        self.assertEqual(media.streams(self.run_video(video=media.VIDEO, audio_path=sound).path)[0], FRAMES)

    def test_names_in_the_input_folder_with_quotes_and_spaces(self):
        for source, name in ((media.VIDEO, "my head.mp4"), (media.VOICE, "my voice.wav")):
            path = os.path.join(self.host.folder("input"), name)
            media.ffmpeg("-y", "-i", source, "-t", str(SECONDS), path)
            self.rig.files.append(path)
        full = os.path.join(self.host.folder("input"), "my head.mp4")
        for video, audio in (("my head.mp4", "my voice.wav"), (' "my head.mp4" ', "'my voice.wav'\n"), (f'"{full}"', "my voice.wav [input]")):
            with self.subTest(video=video):
                self.assertEqual(media.streams(self.run_video(video_path=video, audio_path=audio).path)[0], FRAMES)

    def test_missing_inputs(self):
        for inputs, expected in (({"audio": media.voice(SECONDS)}, "There is no video"), ({"video_path": media.VIDEO}, "There is no sound")):
            with self.assertRaisesRegex(Failed, expected):
                self.run_video(**inputs)

    def test_a_missing_file_is_said_before_the_run(self):
        with self.assertRaisesRegex(Refused, "no such.mp4.*does not exist"):
            self.run_video(video_path="no such.mp4", audio=media.voice(SECONDS))

    def test_a_changed_file_is_run_again(self):
        path = os.path.join(self.host.folder("input"), "changing.mp4")
        media.ffmpeg("-y", "-i", media.VIDEO, "-t", "0.2", path)
        self.rig.files.append(path)
        prompt = self.rig.prompt(VIDEO, audio=media.voice(SECONDS), video_path=path, **FAST)

        def runs():
            return "node" in [event.data["node"] for event in self.host.run(prompt).named("executing")]

        self.assertTrue(runs())
        self.assertFalse(runs())
        media.ffmpeg("-y", "-i", media.VIDEO, "-t", "0.4", path)
        self.assertTrue(runs())


class OldWorkflows(NodeTest):
    """API prompts as ComfyUI-LatentSyncWrapper's users have them."""

    def test_old_node(self):
        info = self.host.object_info("LatentSyncNode")["input"]
        names = [name for group in ("required", "optional") for name in info.get(group, {})]
        self.assertEqual(names, ["images", "audio", "seed", "lips_expression", "inference_steps"])
        result = self.rig.run("LatentSyncNode", images=media.noise(2), audio=media.silence(SAMPLES), seed=1247, lips_expression=1.5, inference_steps=20)
        self.assertEqual((len(result.images), list(result.described)), (FRAMES, ["images", "audio"]))
        self.wait_until(lambda: not self.rig.engines())

    def test_old_adjuster_before_the_old_node(self):
        prompt = self.rig.prompt("LatentSyncNode", images=media.noise(3), audio=media.silence(SAMPLES), seed=1247, lips_expression=1.0, inference_steps=1)
        prompt["adjust"] = {"class_type": "VideoLengthAdjuster", "inputs": {
            "images": ["images", 0], "audio": ["audio", 0], "mode": "pingpong", "fps": 25.0, "silent_padding_sec": 0.0}}
        prompt["node"]["inputs"].update(images=["adjust", 0], audio=["adjust", 1])
        self.assertEqual(len(self.rig.result(self.host.run(prompt)).images), FRAMES)

    def test_extra_inputs_of_other_versions_are_passed_over(self):
        result = self.rig.run("LatentSyncNode", images=media.noise(2), audio=media.silence(SAMPLES), inference_steps=1, vram_fraction=0.8)
        self.assertEqual(len(result.images), FRAMES)


class Defaults(NodeTest):
    """An API prompt may leave out what has a default."""

    def test_the_inputs_of_the_guide(self):
        result = self.rig.run(NODE, images=media.noise(2), audio=media.silence(SAMPLES), fill=False,
                              seed=1247, lips_expression=1.0, inference_steps=1, num_frames=4, cache_interval=3)
        self.assertEqual(len(result.images), FRAMES)

    def test_images_and_audio_alone(self):
        for name in (NODE, "LatentSyncNode", "LatentSync Length Adjuster", "VideoLengthAdjuster"):
            with self.subTest(node=name):
                result = self.rig.run(name, images=media.noise(1), audio=media.silence(640), fill=False)
                self.assertGreaterEqual(len(result.images), 1)

    def test_video_and_audio_alone(self):
        result = self.rig.run(VIDEO, video=media.VIDEO, audio=media.voice(0.08), fill=False, inference_steps=1)
        self.assertEqual(media.streams(result.path)[0], 2)


class Words(NodeTest):
    """What the user is told on the node."""

    def test_stage_and_what_came_of_it(self):
        result = self.run_node(media.head(FRAMES), media.voice(SECONDS), keep_model_loaded=False)
        self.assertTrue(result.texts, "no text stood on the node while it ran")
        self.assertRegex("\n".join(result.shown["text"]), "8 of 8 frames")

    def test_no_face_is_said(self):
        result = self.run_node(media.noise(2), media.silence(SAMPLES))
        self.assertRegex("\n".join(result.shown["text"]), "No frame has a usable face")

    def test_some_frames_without_a_face_are_said(self):
        images = media.head(30).clone()
        images[3:] = 0.5
        result = self.run_node(images, media.silence(30 * 640))
        self.assertRegex("\n".join(result.shown["text"]), r"\b2\d of 30 frames")
        self.assertEqual(len(result.images), 30)

    def test_what_was_said_stays_when_nothing_runs_again(self):
        """Of an output node; of others ComfyUI does not tell it again."""
        prompt = self.rig.prompt(VIDEO, video_path=media.VIDEO, audio=media.voice(SECONDS), **FAST)
        first, second = self.host.run(prompt), self.host.run(prompt)
        self.assertTrue(first.outputs["node"]["text"])
        self.assertEqual(first.outputs["node"], second.outputs["node"])


del NodeTest, RigTest
