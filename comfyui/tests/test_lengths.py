"""The Length Adjuster: numbers worked out by hand from the rules of the VideoLengthAdjuster that users know."""
import torch

import media
from rig import Failed, Form, RigTest

RATE = 1000
NODE = "LatentSync Length Adjuster"


class LengthAdjuster(RigTest):
    def check(self, mode, count, seconds, expected, samples, fps=10.0, padding=0.5, name=NODE):
        images = torch.arange(count).reshape(count, 1, 1, 1).expand(count, 2, 2, 3) / 255
        audio = {"waveform": torch.ones(1, 2, int(seconds * RATE)), "sample_rate": RATE}
        result = self.rig.run(name, images=images, audio=audio, mode=mode, fps=fps, silent_padding_sec=padding)
        sound = result.audio
        self.assertEqual((result.images[:, 0, 0, 0] * 255).round().int().tolist(), expected)
        self.assertEqual((tuple(sound["waveform"].shape), sound["sample_rate"], sound["made_by"]), ((1, 2, samples), RATE, "tests"))
        heard = min(samples, int(seconds * RATE))
        self.assertEqual((sound["waveform"][..., :heard].min(), sound["waveform"][..., heard:].abs().sum()), (1, 0))

    def test_normal_cuts_the_images_after_the_padding(self):
        self.check("normal", 20, 1.0, list(range(15)), 1500)

    def test_normal_cuts_the_sound_where_the_images_end(self):
        self.check("normal", 5, 1.0, list(range(5)), 500)

    def test_normal_keeps_both_where_the_padding_reaches_beyond_the_images(self):
        self.check("normal", 12, 1.0, list(range(12)), 1200)

    def test_pingpong_fills_a_longer_video_with_silence(self):
        self.check("pingpong", 12, 1.0, list(range(12)), 1200)

    def test_pingpong_turns_without_showing_an_image_twice(self):
        self.check("pingpong", 4, 1.0, [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1, 2], 1500)

    def test_pingpong_of_one_and_of_two_images(self):
        self.check("pingpong", 1, 0.2, [0] * 7, 700)
        self.check("pingpong", 2, 0.3, [0, 1, 0, 1, 0, 1, 0, 1], 800)

    def test_loop_starts_over_and_cuts(self):
        self.check("loop_to_audio", 4, 0.5, [0, 1, 2, 3, 0, 1, 2, 3, 0, 1], 1000)
        self.check("loop_to_audio", 20, 0.5, list(range(10)), 1000)

    def test_freeze_holds_the_last_image(self):
        self.check("freeze", 4, 0.5, [0, 1, 2, 3, 3, 3, 3, 3, 3, 3], 1000)
        self.check("freeze", 20, 0.5, list(range(10)), 1000)

    def test_rates_that_are_no_whole_numbers(self):
        self.check("loop_to_audio", 3, 1.0, [0, 1, 2] * 12, 1500, fps=23.976)

    def test_no_padding(self):
        self.check("loop_to_audio", 3, 0.5, [0, 1, 2, 0, 1], 500, padding=0.0)

    def test_old_name(self):
        self.check("pingpong", 3, 0.5, [0, 1, 2, 1, 0, 1, 2, 1, 0, 1], 1000, name="VideoLengthAdjuster")

    def test_images_that_fit_stay_as_they_are(self):
        images = media.noise(15)
        result = self.rig.run(NODE, images=images, audio=media.silence(RATE, RATE), mode="pingpong", fps=10.0, silent_padding_sec=0.5)
        self.assert_equal_images(result.images, images)

    def test_lists_of_images_and_sound_without_a_batch(self):
        images = media.noise(4)
        audio = {"waveform": torch.ones(500), "sample_rate": RATE}
        for form in ("list of images", "list of batches"):
            result = self.rig.run(NODE, images=Form(images, form), audio=audio, mode="loop_to_audio", fps=10.0, silent_padding_sec=0.0)
            self.assert_equal_images(result.images, images[[0, 1, 2, 3, 0]])

    def test_nothing_to_adjust(self):
        for images, audio, expected in ((Form(media.noise(1), "none"), media.silence(9), "no images"),
                                        (media.noise(1), Form(media.silence(9), "none"), "no sound")):
            with self.assertRaisesRegex(Failed, expected):
                self.rig.run(NODE, images=images, audio=audio)


del RigTest
