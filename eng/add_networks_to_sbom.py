"""Adds the networks that the packages and archives carry to a CycloneDX bill of materials, which NuGet knows nothing of.

    python3 eng/add_networks_to_sbom.py latentsync.cdx.json artifacts/networks models/demo
"""
import hashlib
import json
import pathlib
import sys

# By the folder that a file is in: its makers and their licence.
ORIGINS = {
    "face-models": ("Google (MediaPipe)", "Apache-2.0"),
    "voice-activity": ("Silero Team", "MIT"),
    "demo": ("The LatentSyncSharp contributors", "Apache-2.0"),
}
NETWORKS = {".onnx", ".pt", ".safetensors"}


def component(path):
    author, licence = next(ORIGINS[part] for part in reversed(path.parts) if part in ORIGINS)
    return {
        "type": "machine-learning-model",
        "bom-ref": f"network:{path.as_posix()}",
        "authors": [{"name": author}],
        "name": path.name,
        "hashes": [{"alg": "SHA-256", "content": hashlib.sha256(path.read_bytes()).hexdigest()}],
        "licenses": [{"license": {"id": licence}}],
    }


def main(sbom, *folders):
    bill = json.loads(pathlib.Path(sbom).read_text(encoding="utf-8-sig"))
    files = [path for folder in folders for path in sorted(pathlib.Path(folder).rglob("*")) if path.suffix in NETWORKS]
    bill["components"] += map(component, files)
    pathlib.Path(sbom).write_text(json.dumps(bill, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
