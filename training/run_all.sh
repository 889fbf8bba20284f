#!/bin/bash
# The whole training: run_all.sh WORK TRAIN.npz HELD_OUT.npz [vae seconds] [unet seconds] [like] [photographs.npz]
# LIKE is the model folder that it starts from; with "" it starts from nothing (then give the UNet 1000 s and the autoencoder 350).
# The autoencoder and the audio encoder share one GPU; the UNet takes all GPUs of the machine.
set -eu
cd "$(dirname "$0")"
export PYTHONPATH=. PYTHONUNBUFFERED=1
work=$1 train=$2 held_out=$3 vae_seconds=${4:-360} unet_seconds=${5:-860} like=${6-../models/demo} photographs=${7:-}
mkdir -p "$work"
make -C heads cuda
library=heads/libheads_cuda.so
python3 train_audio.py --speech "$train" --held-out "$held_out" --seconds 100 ${like:+--like "$like"} --out "$work/audio.pt" > "$work/audio.log" 2>&1 &
audio=$!
python3 train_vae.py --renderer $library --speech "$train" --seconds "$vae_seconds" --compile ${like:+--like "$like"} \
    ${photographs:+--photographs "$photographs"} --out "$work/vae.pt" > "$work/vae.log" 2>&1
wait $audio
torchrun --nproc-per-node gpu train_unet.py --renderer $library --speech "$train" --vae "$work/vae.pt" --audio "$work/audio.pt" ${like:+--like "$like"} \
    --rate "$([ -n "$like" ] && echo 7e-4 || echo 1e-3)" --seconds "$unet_seconds" --compile --out "$work/unet.pt" > "$work/unet.log" 2>&1
python3 export.py --vae "$work/vae.pt" --unet "$work/unet.pt" --out "$work/demo"
python3 evaluate.py --renderer $library --held-out "$held_out" --model "$work/demo" --meter weights/meter.pt \
    --out "$work/eval" > "$work/eval.log" 2>&1
