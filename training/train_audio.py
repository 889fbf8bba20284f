"""Trains the audio encoder alone: mouth controls from its tokens. Writes audio.pt {encoder, reader, score}.

    python3 train_audio.py --speech train.npz --held-out held_out.npz --seconds 90 --out work/audio.pt
"""
import argparse

import numpy as np
import torch

from networks.lips import AudioReader
from networks.whisper import AudioEncoder, LogMel, frame_tokens
from pipeline import augment
from pipeline.model_folder import load_encoder
from pipeline.run import Clock, autocast, optimizer, quick, save, set_rate
from pipeline.settings import AUDIO
from pipeline.speech_set import SpeechSet

LENGTH = 96  # frames read in each window


def truth(speech, items, starts, device, length=LENGTH):
    rows = np.stack([speech.controls[i, s : s + length] for i, s in zip(items, starts)])
    return torch.from_numpy(rows).to(device, non_blocking=True)


@torch.no_grad()
def score(encoder, reader, mel, speech, device):
    """Correlation of predicted and true jaw opening on whole files without augmentation."""
    got, want = [], []
    for item in range(len(speech)):
        frames = min(int(speech.frames[item]), 749)
        samples, used, rows, _ = speech.windows(np.array([item]), np.array([0]), 1, None, move=False)
        with autocast(device):
            tokens = frame_tokens(encoder(mel(samples, used)), torch.arange(frames, device=device)[None], rows)
            got.append(reader(tokens[0])[:, 0].float().cpu().numpy())
        want.append(speech.controls[item, :frames, 0])
    return float(np.corrcoef(np.concatenate(got), np.concatenate(want))[0, 1])


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--speech", required=True)
    parser.add_argument("--held-out", required=True)
    parser.add_argument("--seconds", type=float, default=90)
    parser.add_argument("--batch", type=int, default=32)
    parser.add_argument("--like", help="model folder whose encoder is kept; only the reader learns")
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    quick(device)
    torch.manual_seed(3)
    rng = np.random.default_rng(3)
    speech = SpeechSet(options.speech, device, (1.0, 0.9, 1.1, 1.2))
    held_out = SpeechSet(options.held_out, device)
    mel, encoder = LogMel().to(device), AudioEncoder(**AUDIO).to(device)
    reader = AudioReader(AUDIO["width"]).to(device)
    steps, clock = 0, Clock(options.seconds)
    if options.like:
        load_encoder(encoder, options.like)
        encoder.requires_grad_(False)
    trained = [p for p in [*encoder.parameters(), *reader.parameters()] if p.requires_grad]
    learner = optimizer(trained, 1e-3, device)
    while clock.progress < 1:
        set_rate(learner, clock.rate(1e-3, steps))
        items, starts = speech.pick(rng, options.batch, LENGTH)
        samples, used, rows, at = speech.windows(items, starts, LENGTH, rng)
        with torch.no_grad():
            log_mel = mel(augment.sound(samples), used)
        with autocast(device):
            features = encoder(log_mel)
            tokens = frame_tokens(features, at[:, None] + torch.arange(LENGTH, device=device), rows)
            predicted = reader(tokens.flatten(0, 1))
        loss = (predicted.float() - truth(speech, items, starts, device).flatten(0, 1)).square().mean()
        learner.zero_grad(set_to_none=True)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        learner.step()
        steps += 1
        if steps % 200 == 1:
            print(f"audio step {steps} {clock.spent:.0f} s loss {loss.item():.4f}", flush=True)
    encoder.eval()
    result = score(encoder, reader, mel, held_out, device)
    print(f"audio: {steps} steps, jaw correlation on held-out voices {result:.3f}", flush=True)
    save(options.out, {"encoder": encoder.state_dict(), "reader": reader.state_dict(), "score": result})


if __name__ == "__main__":
    main()
