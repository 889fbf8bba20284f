"""Draws what evaluate_samplers.py measured: quality against denoising time, as SVG. Needs nothing but Python.

    python3 plot_samplers.py --results work/faces/results.jsonl --out ../docs/images/samplers.svg
"""
import argparse
import json
import math

CLIP = 16
COLOURS = {"ddim": "#c2410c", "dpmpp_2m": "#1d4ed8", "uni_pc": "#15803d"}
PRESETS = {("dpmpp_2m", 4, 2): "preview", ("dpmpp_2m", 8, 2): "balanced", ("dpmpp_2m", 15, 3): "best", ("ddim", 20, 3): "default"}
PANELS = (("correlation", "correlation with the true opening", 0.80, 0.842, 0.01), ("psnr", "PSNR of the painted region, dB", 24, 28.2, 1),
          ("flicker", "flicker (1: as the input)", 0.5, 1.9, 0.2))
TIMES = (5, 10, 20, 40, 80)
WIDTH, HEIGHT, LEFT, BOTTOM, TOP, GAP = 330, 260, 50, 46, 34, 26


def panel(rows, index, key, title, low, high, grid):
    x0 = index * (WIDTH + GAP) + LEFT
    across = lambda time: x0 + (math.log(time) - math.log(4)) / (math.log(100) - math.log(4)) * (WIDTH - LEFT)
    down = lambda value: TOP + (high - min(max(value, low), high)) / (high - low) * HEIGHT
    yield f'<text x="{x0}" y="{TOP - 14}" class="title">{title}</text>'
    for step in range(round((high - low) / grid) + 1):
        value = low + step * grid
        if value <= high + 1e-9:
            yield f'<line x1="{x0}" x2="{x0 + WIDTH - LEFT}" y1="{down(value):.1f}" y2="{down(value):.1f}" class="grid"/>'
            yield f'<text x="{x0 - 6}" y="{down(value) + 4:.1f}" class="right">{value:g}</text>'
    for time in TIMES:
        yield f'<text x="{across(time):.1f}" y="{TOP + HEIGHT + 16}" class="middle">{time}</text>'
    yield f'<text x="{x0 + (WIDTH - LEFT) / 2}" y="{TOP + HEIGHT + 34}" class="middle">denoising, ms a clip of 16 frames</text>'
    for row in rows:
        setting, x, y = row["setting"], across(1000 * row["denoise"] * CLIP / row["frames"]), down(row[key])
        colour = COLOURS[setting["sampler"]]
        fill = colour if row["band"] == "full" else "none"
        shape = f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{fill}" stroke="{colour}" opacity="0.75"/>'
        yield f'<g>{shape}<title>{setting["sampler"]}, {setting["steps"]} steps, cache {setting["cache"]}, guidance {row["band"]}</title></g>'
        name = PRESETS.get((setting["sampler"], setting["steps"], setting["cache"])) if row["band"] == "full" else None
        if name:
            yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" fill="none" stroke="#111" stroke-width="1.3"/>'
            yield f'<text x="{x + 8:.1f}" y="{y + (17 if name == "best" else -9):.1f}" class="name">{name}</text>'


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--results", required=True)
    parser.add_argument("--out", required=True)
    options = parser.parse_args()
    with open(options.results) as file:
        rows = [json.loads(line) for line in file]
    parts = [part for index, one in enumerate(PANELS) for part in panel(rows, index, *one)]
    width, height = len(PANELS) * (WIDTH + GAP), TOP + HEIGHT + BOTTOM + 22
    for index, (sampler, colour) in enumerate(COLOURS.items()):
        parts.append(f'<circle cx="{LEFT + index * 100}" cy="{height - 12}" r="4" fill="{colour}"/>')
        parts.append(f'<text x="{LEFT + 8 + index * 100}" y="{height - 8}">{sampler}</text>')
    parts.append(f'<text x="{LEFT + 320}" y="{height - 8}">filled: guidance in all steps; hollow: in the first half, or none</text>')
    style = ("text{font:12px sans-serif;fill:#333}.title{font-weight:600}.grid{stroke:#ddd}.middle{text-anchor:middle}.right{text-anchor:end}"
             ".name{font-weight:600;fill:#111}")
    with open(options.out, "w") as file:
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}"><style>{style}</style>'
                   f'<rect width="{width}" height="{height}" fill="#fff"/>{"".join(parts)}</svg>\n')


if __name__ == "__main__":
    main()
