"""Empties the machine code of other GPU generations in a CUDA library, so that it compresses to a fraction.

    python3 bench/gpu/thin_provider.py libonnxruntime_providers_cuda.so thin.so 90

The library keeps its size, its layout and all headers; the code of every architecture but the one named (90 = H100)
becomes zeros, which xz removes. CUDA picks code by the headers and never reads the rest. For the card it was thinned
for only, and only to carry it to a machine: do not give such a file away.

Format, as found in the library: section .nv_fatbin holds containers, each a 16-byte header (magic, version, header
size, size of what follows) and entries; an entry's header has its kind (1 PTX, 2 machine code), its own size, the
size of the code after it, and at byte 28 the architecture.
"""
import mmap
import shutil
import struct
import sys

ELF_MAGIC = b"\x7fELF\x02\x01"  # 64 bits, little endian
SECTION = b".nv_fatbin"
CONTAINER_MAGIC = 0xBA55ED50
CONTAINER_HEADER = struct.Struct("<IHHQ")
ENTRY_HEADER = struct.Struct("<HHIQ")
ARCHITECTURE_AT = 28
MACHINE_CODE = 2
ALIGNMENT = 8


def fatbin_section(data):
    """(start, end) of the section in the file."""
    if data[: len(ELF_MAGIC)] != ELF_MAGIC:
        raise ValueError("it is no 64-bit ELF file")
    table, = struct.unpack_from("<Q", data, 0x28)
    size, count, names_index = struct.unpack_from("<HHH", data, 0x3A)
    sections = [struct.unpack_from("<IIQQQQ", data, table + i * size) for i in range(count)]
    names = sections[names_index][4]
    for name, _, _, _, offset, length in sections:
        if data[names + name: names + name + len(SECTION) + 1] == SECTION + b"\0":
            return offset, offset + length
    raise ValueError("it has no section .nv_fatbin, so no GPU code")


def containers(data, start, end):
    """Of each container the list of its entries: (kind, architecture, start of the code, end of the code)."""
    at = start
    while at + CONTAINER_HEADER.size <= end:
        magic, _, header, length = CONTAINER_HEADER.unpack_from(data, at)
        if magic != CONTAINER_MAGIC:
            at += ALIGNMENT  # padding between containers
            continue
        stop = at + header + length
        if stop > end:
            raise ValueError(f"a container at byte {at} ends behind its section")
        entries, at = [], at + header
        while at < stop:
            kind, _, header, length = ENTRY_HEADER.unpack_from(data, at)
            if header <= ARCHITECTURE_AT or at + header + length > stop:
                raise ValueError(f"an entry at byte {at} ends behind its container")
            architecture, = struct.unpack_from("<I", data, at + ARCHITECTURE_AT)
            entries.append((kind, architecture, at + header, at + header + length))
            at += header + length
        yield entries
        at = -(-stop // ALIGNMENT) * ALIGNMENT


def thin(data, architecture):
    """Zeroes all code but that of the architecture, where a container has it; returns the bytes kept and emptied."""
    kept = emptied = 0
    for entries in containers(data, *fatbin_section(data)):
        served = any((kind, arch) == (MACHINE_CODE, architecture) for kind, arch, _, _ in entries)
        for kind, arch, start, end in entries:
            if not served or (kind, arch) == (MACHINE_CODE, architecture):
                kept += end - start
            else:
                data[start:end] = bytes(end - start)
                emptied += end - start
    if emptied == 0:
        raise ValueError(f"nothing to empty: has it code for sm_{architecture} beside others?")
    return kept, emptied


def main(source, target, architecture):
    shutil.copyfile(source, target)
    with open(target, "r+b") as file, mmap.mmap(file.fileno(), 0) as data:
        kept, emptied = thin(data, int(architecture))
    print(f"{source}: {kept / 1e6:.0f} MB of GPU code kept for sm_{architecture}, {emptied / 1e6:.0f} MB emptied")


if __name__ == "__main__":
    if len(sys.argv) != 4 or not sys.argv[3].isdigit():
        sys.exit("usage: thin_provider.py LIBRARY TARGET ARCHITECTURE (90 for an H100)")
    try:
        main(*sys.argv[1:])
    except (OSError, ValueError, struct.error) as failure:
        sys.exit(f"{sys.argv[1]}: {failure}")
