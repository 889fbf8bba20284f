#!/bin/bash
# Training on a machine that can fetch nothing and keeps nothing: gpu.sh STAGE SECONDS [PART [OPTIONS]], in a few calls that follow each other.
#
#   gpu.sh vae 360            builds the renderer; autoencoder and audio reader; then 15 s of the UNet, to see that it runs
#   gpu.sh keep 60            instead: keeps the autoencoder of models/demo; meter and audio reader, and the same moment of the UNet
#   gpu.sh unet 420 0:0.5     the UNet, first half of the learning rate's way; continues what the folder work holds
#   gpu.sh unet 420 0.5:1     second half; what follows the part goes to train_unet.py
#   gpu.sh score 40           scores of the model that work holds
#
# Inputs lie in ../.gpu-train: train.npz and held_out.npz (speech/pack.py), photographs.npz, and, to go on where work is gone,
# checkpoint.* of the call before. Results go to $OUT: checkpoint.* (carry.py), logs, pictures.
set -u
cd "$(dirname "$0")"
stage=$1 seconds=$2 part=${3:-0:1} options=("${@:4}") work=work in=../.gpu-train out=${OUT:-work/out}
export PYTHONPATH=. PYTHONUNBUFFERED=1 TORCHINDUCTOR_CACHE_DIR=$PWD/work/inductor TRITON_CACHE_DIR=$PWD/work/triton
mkdir -p $work "$out"
library=heads/libheads_cuda.so start=$SECONDS
fail() { echo "FAILED: $1"; tail -25 "$2"; cp "$2" "$out"; exit 1; }
[ -e $library ] || make -C heads cuda ARCH=sm_90 >"$out/make.log" 2>&1 || fail renderer "$out/make.log"
rm -f "$out/make.log"
[ -e $work/vae.pt ] || ! ls $in/checkpoint.* >/dev/null 2>&1 || python3 carry.py in $in $work
echo "ready after $((SECONDS - start)) s"

unet() { # SECONDS PART OUT
    local from="--audio $work/audio.pt --like ../models/demo"
    [ ! -e $work/unet.pt ] || from="--resume $work/unet.pt"
    python3 train_unet.py --renderer $library --speech $in/train.npz --vae $work/vae.pt $from --rate 7e-4 --seconds "$1" --part "$2" \
        "${options[@]}" --compile --out "$3" >"$out/unet.log" 2>&1 || fail UNet "$out/unet.log"
    tail -4 "$out/unet.log"
}

audio() { # SECONDS
    python3 train_audio.py --speech $in/train.npz --held-out $in/held_out.npz --like ../models/demo --seconds "$1" --out $work/audio.pt \
        >"$out/audio.log" 2>&1
}

try_unet() {
    python3 carry.py out $work "$out"
    echo "UNet for a moment, after $((SECONDS - start)) s"
    rm -f $work/unet.pt*
    unet 15 0:0.01 $work/try.pt
    rm -f $work/try.pt*
}

case $stage in
vae)
    audio 100 &
    again="--like ../models/demo"
    [ ! -e $work/vae.pt ] || again="--resume $work/vae.pt"
    python3 train_vae.py --renderer $library --speech $in/train.npz --seconds "$seconds" --photographs $in/photographs.npz $again --compile \
        --out $work/vae.pt >"$out/vae.log" 2>&1 || fail autoencoder "$out/vae.log"
    wait $! || fail audio "$out/audio.log"
    tail -1 "$out/audio.log"; grep -v "^/" "$out/vae.log" | tail -12
    cp $work/vae.png "$out"
    try_unet ;;
keep)
    audio "$seconds" &
    python3 train_meter.py --renderer $library --speech $in/train.npz --keep ../models/demo --seconds "$seconds" --out $work/vae.pt \
        >"$out/meter.log" 2>&1 || fail meter "$out/meter.log"
    wait $! || fail audio "$out/audio.log"
    tail -1 "$out/audio.log"; tail -1 "$out/meter.log"
    try_unet ;;
unet)
    unet "$seconds" "$part" $work/unet.pt
    python3 carry.py out $work "$out" ;;
esac
if [ "$stage" = score ] || { [ "$stage" = unet ] && [ "${part#*:}" = 1 ]; }; then
    python3 export.py --vae $work/vae.pt --unet $work/unet.pt --out $work/demo
    python3 evaluate.py --renderer $library --held-out $in/held_out.npz --model $work/demo --meter weights/meter.pt --quick --clips 64 \
        --out $work/eval >"$out/eval.log" 2>&1 || tail -5 "$out/eval.log"
    cat "$out/eval.log"; cp $work/eval/*.jpg "$out"
fi
echo "$stage: done after $((SECONDS - start)) s"
