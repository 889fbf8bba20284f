"""Random scenes for the renderer: head motion, eyes and mouths of short clips, as HeadFrame rows."""
import numpy as np

from pipeline.renderer import FRAME_FIELDS

_F = FRAME_FIELDS


def mouth_columns(frames, controls):
    """Writes controls [..., 7] (speech/visemes.py) into HeadFrame rows [..., k]."""
    jaw, width, rounding, upper, lower, press, tongue = np.moveaxis(controls, -1, 0)
    frames[..., _F["jaw_open"]] = jaw
    frames[..., _F["spread"]] = np.clip(width, 0, 1)
    frames[..., _F["round"]] = np.clip(np.maximum(rounding, -0.6 * width), 0, 1)
    frames[..., _F["upper_raise"]] = upper
    frames[..., _F["lower_drop"]] = lower
    tuck = np.clip((press - 0.2) * 3, 0, 1) * np.clip((upper - 0.22) * 5, 0, 1)  # F, V: pressed and raised together
    frames[..., _F["tuck"]] = tuck
    frames[..., _F["press"]] = press * (1 - tuck)
    frames[..., _F["tongue"]] = tongue


def _wander(rng, clips, length, size, speed=1.0):
    """Smooth motion [clips, length] around 0: two slow sinusoids, 0.1-0.8 Hz."""
    t = np.arange(length) / 25
    out = np.zeros((clips, length))
    for _ in range(2):
        rate, phase = rng.uniform(0.1, 0.8, (clips, 1)) * speed, rng.uniform(0, 2 * np.pi, (clips, 1))
        out += np.sin(2 * np.pi * rate * t + phase) * rng.uniform(0, 0.5, (clips, 1))
    return out * size


def motion(rng, clips, length):
    """HeadFrame rows [clips, length, k] with everything but the mouth."""
    frames = np.zeros((clips, length, len(_F)), np.float32)
    def put(name, base, limit, size):
        centre = np.clip(rng.normal(0, base, (clips, 1)), -limit, limit)
        frames[..., _F[name]] = centre + _wander(rng, clips, length, size)
    put("yaw", 11, 28, 5)
    put("pitch", 6, 15, 3)
    put("roll", 4, 11, 2)
    for name in "xyz":
        put(name, 0.8, 2, 0.5)
    put("gaze_x", 0.25, 0.8, 0.3)
    put("gaze_y", 0.15, 0.5, 0.15)
    put("brow_raise", 0.25, 0.8, 0.3)
    put("sway", 1.5, 4, 1)
    put("light", 0.02, 0.1, 0.02)
    frames[..., _F["smile"]] = np.clip(rng.normal(-0.1, 0.3, (clips, 1)), 0, 0.8)
    frames[..., _F["brow_frown"]] = np.clip(rng.normal(-0.2, 0.3, (clips, 1)), 0, 1)
    at = rng.uniform(-40, length + 40, (clips, 1))
    shut = np.clip(1.6 - np.abs(np.arange(length) - at) / 1.6, 0, 1)
    frames[..., _F["blink_left"]] = frames[..., _F["blink_right"]] = shut
    frames[..., _F["noise_seed"]] = rng.integers(0, 100000, (clips, length))
    return frames


def widen(rng, frames, rows):
    """Wider poses in part of the rows, and what moves before the face, on HeadFrame rows [clips, length, k]."""
    clips, length = frames.shape[:2]
    turned = rows & (rng.random(clips) < 0.35)
    for name, size, limit in ("yaw", 20, 45), ("pitch", 8, 20), ("roll", 8, 22):
        at = _F[name]
        more = np.clip(rng.normal(0, size, (clips, 1)), -limit, limit)
        frames[..., at] = np.where(turned[:, None], np.clip(frames[..., at] + more, -limit, limit), frames[..., at])
    # Raised all the time, or on its way up or down.
    start, end = rng.uniform(-0.5, 1.5, (clips, 1)), rng.uniform(-0.5, 1.5, (clips, 1))
    moving = np.clip(start + (end - start) * np.linspace(0, 1, length), 0, 1)
    raised = np.where(rng.random((clips, 1)) < 0.65, 1.0, moving)
    frames[..., _F["prop"]] = raised * rows[:, None]
    for name in ("prop_x", "prop_y"):
        frames[..., _F[name]] = _wander(rng, clips, length, 0.6)


def still_controls(rng, clips, length):
    """Mouths that do not speak: closed, or held in a random shape."""
    controls = np.zeros((clips, length, 7), np.float32)
    shape = np.concatenate([rng.uniform(0, 0.8, (clips, 1)), rng.uniform(-0.5, 0.8, (clips, 1)), rng.uniform(0, 0.8, (clips, 1)),
                            rng.uniform(0, 0.5, (clips, 2)), np.zeros((clips, 1)), rng.uniform(0, 0.8, (clips, 1))], axis=1)
    held = (rng.random((clips, 1)) < 0.35)
    controls += (shape * held)[:, None]
    controls[..., 5] = np.where(held, 0, rng.uniform(0, 0.4, (clips, 1)))
    return controls


def jitter(rng, transforms):
    """Small alignment errors on [clips, length, 2, 3]: one per clip and a tenth of it per frame."""
    clips, length = transforms.shape[:2]
    def noise(size):
        return rng.normal(0, size, (clips, 1)) + rng.normal(0, size / 10, (clips, length))
    angle, scale = np.radians(noise(1.0)), 1 + noise(0.015)
    a = np.zeros((clips, length, 3, 3))
    a[..., 0, 0] = a[..., 1, 1] = np.cos(angle) * scale
    a[..., 0, 1], a[..., 1, 0] = -np.sin(angle) * scale, np.sin(angle) * scale
    a[..., 2, 2] = 1
    centre = a[..., :2, :2] @ np.array([127.5, 127.5])
    a[..., :2, 2] = 127.5 - centre + np.stack([noise(2.0), noise(2.0)], axis=-1)
    full = np.concatenate([transforms, np.broadcast_to([[[[0, 0, 1]]]], (clips, length, 1, 3))], axis=2)
    return np.ascontiguousarray((full @ a)[..., :2, :], dtype=np.float32)
