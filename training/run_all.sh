#!/bin/bash
# The whole training: run_all.sh WORK TRAIN.npz HELD_OUT.npz [audio seconds] [vae seconds] [unet seconds]
# The first two stages share one GPU; the third takes all GPUs of the machine.
set -eu
cd "$(dirname "$0")"
export PYTHONPATH=. PYTHONUNBUFFERED=1
work=$1; train=$2; held_out=$3; audio_seconds=${4:-200} vae_seconds=${5:-350}; unet_seconds=${6:-1000}
mkdir -p "$work"
make -C heads cuda
library=heads/libheads_cuda.so
python3 train_audio.py --speech "$train" --held-out "$held_out" --seconds "$audio_seconds" --out "$work/audio.pt" > "$work/audio.log" 2>&1 &
audio=$!
python3 train_vae.py --renderer $library --speech "$train" --seconds "$vae_seconds" --compile --out "$work/vae.pt" > "$work/vae.log" 2>&1
wait $audio
torchrun --nproc-per-node gpu train_unet.py --renderer $library --speech "$train" --vae "$work/vae.pt" --audio "$work/audio.pt" \
    --seconds "$unet_seconds" --compile --out "$work/unet.pt" > "$work/unet.log" 2>&1
python3 export.py --vae "$work/vae.pt" --unet "$work/unet.pt" --out "$work/demo"
python3 evaluate.py --renderer $library --held-out "$held_out" --model "$work/demo" --meter weights/meter.pt \
    --out "$work/eval" > "$work/eval.log" 2>&1
