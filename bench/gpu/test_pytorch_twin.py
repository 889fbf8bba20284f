import contextlib
import io
import json
import unittest

try:
    import torch
    import pytorch_twin as twin
except ImportError:
    torch = None

FRAMES, SIDE = 3, 8


@unittest.skipIf(torch is None, "needs torch and numpy")
class TwinTests(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.unet, _ = twin.random_networks(twin.TINY, torch.device("cpu"), torch.float32)
        torch.manual_seed(1)
        cls.sample = torch.randn(2, 13, FRAMES, SIDE, SIDE)
        cls.audio = torch.randn(2 * FRAMES, twin.AUDIO_TOKENS, 384)
        cls.timestep = torch.tensor([501, 501])

    @staticmethod
    def error(got, want):
        return ((got - want).norm() / want.norm()).item()

    def test_layouts_of_the_original_give_the_same_numbers(self):
        with torch.no_grad():
            want = self.unet(self.sample, self.timestep, self.audio)
            got = twin.OriginalLayout(self.unet).full(self.sample, self.timestep, self.audio)
        self.assertEqual(want.shape, got.shape)
        self.assertLess(self.error(got, want), 1e-5)

    def test_a_cached_step_after_a_full_one_of_the_same_input_repeats_it(self):
        net = twin.OriginalLayout(self.unet)
        with torch.no_grad():
            full = net.full(self.sample, self.timestep, self.audio)
            self.assertLess(self.error(net.short(self.sample, self.timestep, self.audio), full), 1e-5)
            self.assertGreater(self.error(net.short(self.sample + 1, self.timestep, self.audio), full), 1e-2)

    def test_full_size_is_that_of_the_public_model(self):
        config = twin.unet_config(twin.FULL["unet"])
        keys = "block_out_channels", "in_channels", "out_channels", "cross_attention_dim"
        self.assertEqual(([320, 640, 1280, 1280], 13, 4, 384), tuple(config[key] for key in keys))
        self.assertEqual(24, config["motion_module_kwargs"]["temporal_position_encoding_max_len"])

    def test_command_prints_a_table_and_json(self):
        with contextlib.redirect_stdout(io.StringIO()) as out:
            twin.main(["--device", "cpu", "--tiny", "--frames", "1", "--steps", "2", "--cache", "2", "--repeats", "1"])
        lines = out.getvalue().splitlines()
        result = json.loads(lines[-1])
        self.assertIn("(1 full, 1 cached)", lines[0])
        self.assertEqual(1, sum(line.startswith("| 1 |") for line in lines))
        row = result["rows"][0]
        self.assertTrue(row["finite"])
        self.assertAlmostEqual(1000 / row["clip_ms"], row["frames_per_second"])

    def test_clips_beyond_the_position_table_are_refused(self):
        with contextlib.redirect_stderr(io.StringIO()) as err, self.assertRaises(SystemExit):
            twin.main(["--device", "cpu", "--tiny", "--frames", "25"])
        self.assertIn("1 to 24 frames", err.getvalue())


if __name__ == "__main__":
    unittest.main()
