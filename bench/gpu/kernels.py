"""Sums the kernel times of an Nsight Compute profile by kind.

    ncu --csv --page raw --metrics gpu__time_duration.sum PROGRAM ... > kernels.csv
    python3 bench/gpu/kernels.py kernels.csv [--top 20] [--list other]

Reads ncu's raw page (one row a kernel, a column a metric, units in the row below the names) and its details page
(one row a kernel and metric). Lines that the profiled program or ncu printed around the table are skipped.
"""
import argparse
import csv
import re
import sys
from collections import defaultdict

METRIC = "gpu__time_duration.sum"
MILLISECONDS = {"s": 1e3, "second": 1e3, "ms": 1.0, "msecond": 1.0, "us": 1e-3, "usecond": 1e-3, "ns": 1e-6, "nsecond": 1e-6}

# The first kind whose pattern is found in the kernel's name, case ignored, takes it: the order matters.
KINDS = [
    # FlashAttention (flash_fwd_*), ONNX Runtime's memory-efficient and TensorRT kernels (fmha_*, AttentionKernel),
    # cuDNN's (cudnn_*_sdpa_*, *flash_fprop*), and the softmax, bias and layout steps of unfused attention.
    ("attention", r"flash|fmha|sdpa|attention|softmax|add_?bias_?transpose|transpose_?qkv|qkv|merge_?heads|split_?heads"),
    # cuDNN (cudnn::*, *fprop*, implicit_*, winograd), cutlass' convolutions, depthwise and its own layout changes.
    ("convolutions", r"cudnn|fprop|implicit_(convolve|gemm)|conv(?!ert)|winograd|im2col|nchwToNhwc|nhwcToNchw|xmma_(wgrad|dgrad)"),
    # cuBLAS (nvjet_*, sm90_xmma_gemm_*, *gemm*, gemv, cublasLt::splitK*), cutlass, and reductions of split products.
    ("matrix products", r"nvjet|gemm|gemv|cublas|cutlass|splitk|dot_kernel|matmul"),
    # ONNX Runtime (groupNormNHWCSum, groupNormNHWCScale, SkipGroupNorm), PyTorch (RowwiseMoments, GroupNorm*).
    ("group norm", r"group_?norm|rowwise_?moments|ComputeFusedParams|instance_?norm"),
    # ONNX Runtime (SkipLayerNormKernel*, cuApplyLayerNorm), PyTorch (vectorized_layer_norm_kernel).
    ("layer norm", r"layer_?norm|rms_?norm"),
    # Changes of layout and place: transposes, concatenation, padding, up-sampling, slices, gathers, plain copies.
    ("copies and transposes", r"transpose|permute|copy|memcpy|memset|concat|CatArray|pad_?kernel|slice|(?<!bias)split"
     r"|gather|scatter|upsample|resize|expand|unpack"),
    # One result per element: ONNX Runtime (BiasSplitGelu, biasAdd, _BinaryElementWise*, _UnaryElementWise*), PyTorch
    # (elementwise_kernel, vectorized_elementwise_kernel), casts, fills and random numbers.
    ("elementwise", r"element_?wise|gelu|silu|sigmoid|swish|bias|cast|convert|_?(unary|binary)|fill|activation|distribution|clamp|pointwise|where"),
]
OTHER = "other"
PATTERNS = [(kind, re.compile(pattern, re.IGNORECASE)) for kind, pattern in KINDS]


def kind_of(name):
    """The kind of a kernel by its name, OTHER if none fits."""
    # A template's arguments name functors, such as the copy inside an elementwise kernel: they count too.
    return next((kind for kind, pattern in PATTERNS if pattern.search(name)), OTHER)


def number(text, where):
    """ncu writes thousands separators in some locales' output: 1,234.5."""
    try:
        return float(text.replace(",", ""))
    except ValueError:
        raise ValueError(f"{where}: '{text}' is no time.") from None


def in_milliseconds(value, unit, where):
    if unit not in MILLISECONDS:
        raise ValueError(f"{where}: the unit '{unit}' of {METRIC} is unknown.")
    return value * MILLISECONDS[unit]


def table_rows(lines):
    """(line number, fields) of the table: from the header, which names ID and Kernel Name, to the end."""
    started = False
    for line_number, line in enumerate(lines, 1):
        if not line.startswith('"'):
            continue  # ==PROF== and what the program printed
        fields = next(csv.reader([line]))
        if not started:
            started = "Kernel Name" in fields
            if not started:
                continue
        yield line_number, fields


def read_times(lines):
    """(kernel name, milliseconds) of every row of ncu's CSV output."""
    rows = table_rows(lines)
    _, header = next(rows, (0, None))
    if header is None:
        raise ValueError("No table with 'Kernel Name' in it: was ncu started with --csv?")
    name = header.index("Kernel Name")
    if METRIC in header:  # raw page: the next row holds the units
        column = header.index(METRIC)
        _, units = next(rows, (0, None))
        if units is None:
            return
        for line_number, fields in rows:
            where = f"line {line_number}"
            if len(fields) != len(header):
                raise ValueError(f"{where}: {len(fields)} fields where the header has {len(header)}.")
            yield fields[name], in_milliseconds(number(fields[column], where), units[column], where)
        return
    try:
        metric, unit, value = (header.index(title) for title in ("Metric Name", "Metric Unit", "Metric Value"))
    except ValueError:
        raise ValueError(f"No column {METRIC}: start ncu with --metrics {METRIC}.") from None
    for line_number, fields in rows:
        where = f"line {line_number}"
        if len(fields) != len(header):
            raise ValueError(f"{where}: {len(fields)} fields where the header has {len(header)}.")
        if fields[metric] == METRIC:
            yield fields[name], in_milliseconds(number(fields[value], where), fields[unit], where)


def totals(times, key):
    """{key(name): [count, milliseconds]}, the longest first."""
    sums = defaultdict(lambda: [0, 0.0])
    for name, milliseconds in times:
        entry = sums[key(name)]
        entry[0] += 1
        entry[1] += milliseconds
    return dict(sorted(sums.items(), key=lambda item: -item[1][1]))


def table(title, sums):
    whole, count = sum(time for _, time in sums.values()), sum(number for number, _ in sums.values())
    lines = [f"| {title} | kernels | ms | share |", "| --- | ---: | ---: | ---: |"]
    for name, (kernels, time) in sums.items():
        share = time / whole if whole else 0
        lines.append(f"| {name.replace('|', ' ')} | {kernels} | {time:.3f} | {share:.1%} |")
    return "\n".join(lines + [f"| all | {count} | {whole:.3f} | |"])


def main(arguments=None):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("csv", help="ncu's output; - reads standard input")
    parser.add_argument("--top", type=int, default=0, help="also the kernels that took longest, so many")
    parser.add_argument("--list", choices=[kind for kind, _ in KINDS] + [OTHER], help="also all kernels of this kind")
    options = parser.parse_args(arguments)
    try:
        if options.csv == "-":
            times = list(read_times(sys.stdin))
        else:
            with open(options.csv, encoding="utf-8", newline="") as file:
                times = list(read_times(file))
    except (OSError, ValueError) as error:
        sys.exit(f"{options.csv}: {error}")
    if not times:
        sys.exit(f"{options.csv}: the table has no kernels.")
    print(table("kind", totals(times, kind_of)))
    names = totals(times, lambda name: name)
    if options.top > 0:
        print("\n" + table("longest kernels", dict(list(names.items())[: options.top])))
    if options.list:
        print("\n" + table(options.list, {name: entry for name, entry in names.items() if kind_of(name) == options.list}))


if __name__ == "__main__":
    main()
