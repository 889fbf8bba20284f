import struct
import unittest

import thin_provider

PTX, CODE = 1, 2


def entry(kind, architecture, code):
    header = bytearray(64)
    struct.pack_into("<HHIQ", header, 0, kind, 0x101, len(header), len(code))
    struct.pack_into("<I", header, 28, architecture)
    return bytes(header) + code


def container(*entries):
    body = b"".join(entries)
    return struct.pack("<IHHQ", 0xBA55ED50, 1, 16, len(body)) + body


def library(section):
    """A 64-bit ELF file of three sections: none, the GPU code, the names."""
    names = b"\0.nv_fatbin\0.shstrtab\0"
    start = 64
    table = start + len(section) + len(names)
    header = bytearray(64)
    header[:6] = b"\x7fELF\x02\x01"
    struct.pack_into("<Q", header, 0x28, table)
    struct.pack_into("<HHH", header, 0x3A, 64, 3, 2)
    rows = [(0, 0, 0, 0, 0, 0), (1, 1, 0, 0, start, len(section)), (12, 3, 0, 0, start + len(section), len(names))]
    return bytearray(bytes(header) + section + names + b"".join(struct.pack("<IIQQQQ", *row) + bytes(24) for row in rows))


class ThinProviderTests(unittest.TestCase):
    def test_only_the_code_of_other_architectures_is_emptied(self):
        first = container(entry(CODE, 80, b"eighty.."), entry(CODE, 90, b"ninety.."), entry(PTX, 90, b"text...."))
        odd = container(entry(CODE, 120, b"only 120"))  # nothing for 90: kept whole
        data = library(first + bytes(16) + odd)
        before = bytes(data)
        self.assertEqual((16, 16), thin_provider.thin(data, 90))
        self.assertEqual(before.replace(b"eighty..", bytes(8)).replace(b"text....", bytes(8)), bytes(data))

    def test_unusable_files_are_named(self):
        cut = bytearray(library(container(entry(CODE, 90, b"ninety.."))))
        struct.pack_into("<Q", cut, 64 + 8, 1 << 40)
        for data, message in [
                (b"MZ" + bytes(100), "no 64-bit ELF"), (library(container(entry(CODE, 80, b"eighty.."))), "nothing to empty"),
                (cut, "ends behind its section"), (library(b"").replace(b".nv_fatbin", b".nv_other."), "no section")]:
            with self.subTest(message), self.assertRaisesRegex(ValueError, message):
                thin_provider.thin(data, 90)


if __name__ == "__main__":
    unittest.main()
