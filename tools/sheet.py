"""Matrices of numbers as one picture (PNG, by the standard library alone): rows of panels, each pixel `zoom` wide."""
import struct
import zlib


def png(path, rows):
    """rows: lists of (red, green, blue), all of one length."""
    raw = b"".join(b"\0" + bytes(v for pixel in row for v in pixel) for row in rows)

    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", len(rows[0]), len(rows), 8, 2, 0, 0, 0)
    with open(path, "wb") as f:
        f.write(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(raw, 9)) + chunk(b"IEND", b""))


def colour(v):
    """-1 .. 1: blue, white, red."""
    v = max(-1.0, min(1.0, v))
    fade = round(255 * (1 - abs(v)))
    return (255, fade, fade) if v > 0 else (fade, fade, 255)


def sheet(path, lines, zoom, gap=4):
    """lines: lists of panels, a panel a list of rows of numbers, -1 .. 1."""
    white, picture = (255, 255, 255), []
    for panels in lines:
        height = max(len(p) for p in panels)
        for y in range(height * zoom):
            row = []
            for p in panels:
                row += [colour(v) for v in p[y // zoom] for _ in range(zoom)] if y // zoom < len(p) else [white] * (zoom * len(p[0]))
                row += [white] * gap
            picture.append(row)
        picture += [[]] * gap
    width = max(len(row) for row in picture)
    png(path, [row + [white] * (width - len(row)) for row in picture])
