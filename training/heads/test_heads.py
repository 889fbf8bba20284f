"""Checks of the head renderer: python3 -m unittest test_heads (needs libheads.so)."""

import unittest

import numpy as np

from heads import Heads


class HeadsTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.heads = Heads()
        cls.ids = cls.heads.identities(range(6))

    def posed(self):
        frames = self.heads.frames(6)
        frames["yaw"] = [-30, -12, 0, 8, 20, 33]
        frames["pitch"] = [5, -9, 0, 14, -3, 2]
        frames["roll"] = [0, 10, -7, 3, -14, 5]
        return frames

    def test_a_seed_always_gives_the_same_head(self):
        again = self.heads.identities([3])[0]
        self.assertEqual(self.ids[3].tobytes(), again.tobytes())
        self.assertNotEqual(self.ids[3].tobytes(), self.ids[4].tobytes())

    def test_identities_hold_only_finite_numbers(self):
        numbers = self.heads.identities(range(2000)).view(np.float32)
        self.assertTrue(np.isfinite(numbers).all())

    def test_opening_is_zero_when_closed_and_grows_with_the_jaw(self):
        frames = self.heads.frames(6)
        np.testing.assert_array_equal(self.heads.landmarks(self.ids, frames)["opening"], 0)
        before = np.zeros(6)
        for jaw in (0.1, 0.3, 0.6, 1.0):
            frames["jaw_open"] = jaw
            opening = self.heads.landmarks(self.ids, frames)["opening"]
            self.assertTrue((opening > before).all())
            before = opening
        frames["press"] = 1
        np.testing.assert_array_equal(self.heads.landmarks(self.ids, frames)["opening"], 0)

    def test_aligned_transform_puts_brows_and_nose_on_the_template(self):
        frames = self.posed()
        for size in (256, 512):
            transforms = self.heads.aligned_transforms(self.ids, frames, size=size)
            points = self.heads.landmarks(self.ids, frames)
            ratio = 2.8 * size / 256
            crop = np.array([int(75 * ratio + 1e-6), int(100 * ratio + 1e-6)])
            template = ratio * np.array([[17, 20], [58, 20], [37.5, 40]])
            for t, p in zip(transforms, points):
                full = np.array([[p[n + "_x"], p[n + "_y"]] for n in ("left_brow", "right_brow", "nose")])
                inverse = np.linalg.inv(np.vstack([t, [0, 0, 1]]))[:2]
                found = (full @ inverse[:, :2].T + inverse[:, 2] + 0.5) * crop / size - 0.5
                # A similarity cannot meet three points of a turned head exactly, but their mean.
                np.testing.assert_allclose(found.mean(0), template.mean(0), atol=0.02)
                self.assertLess(np.abs(found - template).max(), 0.09 * crop[0])

    def test_a_window_is_the_same_picture_as_the_full_frame(self):
        ids = self.ids[:1].copy()
        ids["noise"] = 0
        frames = self.heads.frames(1)
        full = self.heads.render(ids, frames, frame_size=(96, 96))[0]
        window = np.array([[[1, 0, 20], [0, 1, 30]]], np.float32)
        part = self.heads.render(ids, frames, window, frame_size=(96, 96), size=(40, 50))[0]
        np.testing.assert_array_equal(part, full[30:80, 20:60])

    def test_only_the_mouth_and_jaw_change_when_the_jaw_drops(self):
        ids = self.ids[:1].copy()
        ids["noise"] = 0
        frames = np.repeat(self.heads.frames(1), 2)
        frames["jaw_open"] = [0, 0.7]
        transforms = self.heads.aligned_transforms(ids, frames)
        images = self.heads.render(ids, frames, transforms).astype(int)
        changed = np.abs(images[1] - images[0]).max(-1) > 12
        self.assertLess(changed[:90].mean(), 0.002)
        self.assertGreater(changed[130:210, 90:166].mean(), 0.2)

    def test_bad_sizes_are_refused(self):
        with self.assertRaises(RuntimeError):
            self.heads.render(self.ids[:1], self.heads.frames(1), frame_size=(0, 64), size=(8, 8))
        with self.assertRaises(RuntimeError):
            self.heads.render(self.ids[:1], self.heads.frames(1), size=(8, 8), samples=9)


if __name__ == "__main__":
    unittest.main()
