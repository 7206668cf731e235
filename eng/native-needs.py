#!/usr/bin/env python3
"""Says what native libraries need of each other, without loading them: ELF, PE and Mach-O, with Python's standard library alone.

    eng/native-needs.py FOLDER [ENTRY ...]

Reads every native library in FOLDER, for example an unpacked tool's. Prints for each what it needs, and the symbols
that it takes from a neighbour which does not export them; the system's own libraries are not looked into. With entries, the libraries that a
program loads by name, it also prints the neighbours that none of them reaches. Exit code 1: a symbol or a library is missing.
"""
import pathlib
import struct
import sys


class Library:
    def __init__(self, path):
        self.path, self.data = path, path.read_bytes()
        self.needs = []     # names of libraries
        self.takes = []     # (library, or None where the format does not say; symbol)
        self.gives = set()  # exported symbols
        magic = self.data[:4]
        if magic == b"\x7fELF":
            self.elf()
        elif magic[:2] == b"MZ":
            self.pe()
        elif magic == b"\xcf\xfa\xed\xfe":
            self.macho()
        else:
            raise ValueError(f"{path} is no ELF, PE or 64-bit Mach-O library")

    def unpack(self, form, offset):
        return struct.unpack_from("<" + form, self.data, offset)

    def text(self, offset):
        return self.data[offset:self.data.index(0, offset)].decode()

    def elf(self):
        table, size, count = self.unpack("Q", 0x28)[0], *self.unpack("HH", 0x3A)
        sections = [self.unpack("IIQQQQIIQQ", table + i * size) for i in range(count)]
        for _, kind, _, _, offset, length, link, _, _, entry in sections:
            if kind not in (6, 11):
                continue
            names = sections[link][4]
            if kind == 6:  # SHT_DYNAMIC: DT_NEEDED
                for at in range(offset, offset + length, 16):
                    tag, value = self.unpack("QQ", at)
                    if tag == 1:
                        self.needs.append(self.text(names + value))
            else:  # SHT_DYNSYM; a weak symbol (2) may be missing
                for at in range(offset + entry, offset + length, entry):
                    name, info, _, section, _, _ = self.unpack("IBBHQQ", at)
                    symbol = self.text(names + name)
                    if section:
                        self.gives.add(symbol)
                    elif info >> 4 != 2:
                        self.takes.append((None, symbol))

    def pe(self):
        head = self.unpack("I", 0x3C)[0]
        count, optional = self.unpack("H", head + 6)[0], self.unpack("H", head + 20)[0]
        sections = [self.unpack("IIII", head + 24 + optional + i * 40 + 8) for i in range(count)]

        def place(address):
            for length, start, _, offset in sections:
                if start <= address < start + length:
                    return address - start + offset
            raise ValueError(f"{self.path}: address {address:#x} is in no section")

        exports, imports = self.unpack("I", head + 24 + 112)[0], self.unpack("I", head + 24 + 120)[0]
        if exports:
            at = place(exports)
            number, names = self.unpack("I", at + 24)[0], self.unpack("I", at + 32)[0]
            self.gives = {self.text(place(self.unpack("I", place(names) + 4 * i)[0])) for i in range(number)}
        at = place(imports)
        while self.unpack("I", at + 12)[0]:
            library = self.text(place(self.unpack("I", at + 12)[0]))
            self.needs.append(library)
            thunk = place(self.unpack("I", at)[0] or self.unpack("I", at + 16)[0])
            while value := self.unpack("Q", thunk)[0]:
                if not value >> 63:  # by name, not by number
                    self.takes.append((library, self.text(place(value) + 2)))
                thunk += 8
            at += 20

    def macho(self):
        count, at = self.unpack("I", 16)[0], 32
        symbols, forwarded = [], []
        for _ in range(count):
            command, size = self.unpack("II", at)
            if command in (0xC, 0x18 | 1 << 31, 0x1F | 1 << 31):  # LC_LOAD_DYLIB, weak, re-exported
                self.needs.append(self.text(at + self.unpack("I", at + 8)[0]).rsplit("/", 1)[-1])
                if command == 0x1F | 1 << 31:
                    forwarded.append(self.needs[-1])
            elif command == 2:  # LC_SYMTAB
                offset, number, strings = self.unpack("III", at + 8)
                symbols = [(self.text(strings + name), kind, description) for name, kind, _, description, _ in
                           (self.unpack("IBBHQ", offset + 16 * i) for i in range(number))]
            at += size
        for name, kind, description in symbols:
            if kind & 0xE0 or not kind & 1:  # of the debugger, or not external
                continue
            if kind & 0x0E:
                self.gives.add(name)
            elif not description & 0x40:  # a weak one may be missing
                ordinal = description >> 8
                self.takes.append((self.needs[ordinal - 1] if 1 <= ordinal <= len(self.needs) else None, name))


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    folder = pathlib.Path(sys.argv[1])
    files = [path for path in sorted(folder.iterdir()) if path.suffix in (".so", ".dll", ".dylib") or ".so." in path.name]
    libraries = {path.name.lower(): Library(path) for path in files if not is_of_dotnet(path)}
    failures = 0
    for library in libraries.values():
        near = [libraries[need.lower()] for need in library.needs if need.lower() in libraries]
        print(f"{library.path.name}: needs {', '.join(library.needs) or 'nothing'}")
        # ELF names no library beside a symbol: what a name space of this folder's own libraries should give is looked for in all of them.
        everywhere = set().union(*(other.gives for other in reached(library, libraries)))
        own = ("_ZN2at", "_ZNK2at", "_ZN3c10", "_ZNK3c10", "_ZN5torch", "_ZNK5torch", "_ZN5caffe2")
        missing = [(source, symbol) for source, symbol in library.takes
                   if symbol not in everywhere and (source.lower() in libraries if source else symbol.startswith(own) and near)]
        for source, symbol in missing:
            print(f"  MISSING {symbol}{f' of {source}' if source else ''}")
        failures += len(missing)
    if sys.argv[2:]:
        entries = []
        for name in sys.argv[2:]:  # as .NET is told a library's name: torch_cpu is libtorch_cpu.so, libtorch_cpu.dylib or torch_cpu.dll
            found = [library for library in libraries.values() if library.path.stem in (name, f"lib{name}")]
            if not found:
                sys.exit(f"{folder} has no {name}")
            entries += found
        used = set().union(*(reached(library, libraries) for library in entries))
        for library in libraries.values():
            if library not in used:
                print(f"unused: {library.path.name}, {len(library.data):,} bytes")
    sys.exit(1 if failures else 0)


def is_of_dotnet(path):
    data = path.read_bytes()
    if data[:2] != b"MZ":
        return False
    head = struct.unpack_from("<I", data, 0x3C)[0]
    directories = head + 24 + (112 if struct.unpack_from("<H", data, head + 24)[0] == 0x20B else 96)
    return struct.unpack_from("<I", data, directories + 14 * 8)[0] != 0  # the header of the common language runtime


def reached(library, libraries):
    found, waiting = set(), [library]
    while waiting:
        if (next_ := waiting.pop()) not in found:
            found.add(next_)
            waiting += [libraries[need.lower()] for need in next_.needs if need.lower() in libraries]
    return found


if __name__ == "__main__":
    main()
