"""Another program on the card that takes memory in the middle of a job.

Waits for words in a log, then for some seconds, takes memory until so much is free, and keeps it until it is ended.
Needs the driver only.
"""
import argparse
import ctypes
import time

MEBIBYTE = 1 << 20
GRAIN = 64 * MEBIBYTE


def check(code, what):
    if code != 0:
        raise SystemExit(f"neighbour.py: CUDA could not {what}: error {code}")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--log", help="file to watch")
    parser.add_argument("--words", help="what to wait for in it")
    parser.add_argument("--wait", type=float, default=0, help="seconds to wait after that")
    parser.add_argument("--leave", type=int, required=True, help="MiB to leave free")
    options = parser.parse_args()

    cuda = ctypes.CDLL("libcuda.so.1")
    context, device = ctypes.c_void_p(), ctypes.c_int()
    check(cuda.cuInit(0), "start")
    check(cuda.cuDeviceGet(ctypes.byref(device), 0), "find the card")
    check(cuda.cuCtxCreate_v2(ctypes.byref(context), 0, device), "make a context")

    def free():
        left, total = ctypes.c_size_t(), ctypes.c_size_t()
        check(cuda.cuMemGetInfo_v2(ctypes.byref(left), ctypes.byref(total)), "tell its memory")
        return left.value

    while options.log and options.words not in open(options.log, encoding="utf-8").read():
        time.sleep(0.005)
    time.sleep(options.wait)

    taken, begin = 0, time.time()
    while (spare := free() - options.leave * MEBIBYTE) > 0:
        # Large pieces first: the job takes memory at the same time.
        piece = max(GRAIN, spare // GRAIN // 2 * GRAIN)
        pointer = ctypes.c_uint64()
        if cuda.cuMemAlloc_v2(ctypes.byref(pointer), ctypes.c_size_t(piece)) != 0:
            break
        taken += piece
    print(f"neighbour: took {taken // MEBIBYTE} MiB in {time.time() - begin:.2f} s, {free() // MEBIBYTE} MiB are free", flush=True)
    while True:
        time.sleep(1)


if __name__ == "__main__":
    main()
