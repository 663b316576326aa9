"""draws.py - rounding and randomness: docs/arithmetic.md, sections 1 and 2."""
import re

from change import wrong

M16, M32 = 0xffff, 0xffffffff


def sat(x, bits):
    top = (1 << (bits - 1)) - 1
    return top if x > top else -top - 1 if x < -top - 1 else x


def wrap(x, bits):
    if wrong("wrap"):
        return sat(x, bits)
    return (x + (1 << bits - 1)) % (1 << bits) - (1 << bits - 1)


def part(x, f):
    if wrong("part"):
        return x * f >> 16
    return x * f + (65535 if x < 0 else 0) >> 16


def rotl(x, n):
    return (x << n | x >> (32 - n)) & M32


def sip_round(v):
    a, b, c, d = v
    a = a + b & M32
    b = rotl(b, 5) ^ a
    a = rotl(a, 16)
    c = c + d & M32
    d = rotl(d, 8) ^ c
    a = a + d & M32
    d = rotl(d, 7) ^ a
    c = c + b & M32
    b = rotl(b, 13) ^ c
    c = rotl(c, 16)
    return [a, b, c, d]


def hash64(seed, what, tick):
    """HalfSipHash-2-4, a tag of 64 bits (Aumasson and Bernstein)."""
    k0, k1 = seed & M32, seed >> 32
    v = [k0, k1 ^ 0xee, 0x6c796765 ^ k0, 0x74656462 ^ k1]
    for word in (what, tick, 8 << 24):
        v[3] ^= word
        v = sip_round(sip_round(v))
        v[0] ^= word
    v[2] ^= 0xee
    for _ in range(4):
        v = sip_round(v)
    low = v[1] ^ v[3]
    v[1] ^= 0xdd
    for _ in range(4):
        v = sip_round(v)
    return (v[1] ^ v[3]) << 32 | low


def key_of(seed, stream, purpose, tick):
    h = hash64(seed, stream << 8 | purpose, tick)
    return (h & M16, h >> 16 & M16, h >> 32 & M16, h >> 48)


DRAW = None  # the constants, read from the manual


def read_draw(path):
    text = open(path, encoding="utf-8").read()
    text = text[text.index("draw16(key, i):"):][:400]
    return ([int(x, 16) for x in re.findall(r"x \*= (0x\w+)", text)],
            [int(x) for x in re.findall(r"x \^= x >> (\d+)", text)])


def draw16(k, i):
    m, s = DRAW
    x = (i ^ k[0]) & M16
    x = x * m[0] & M16
    x ^= x >> s[0]
    x = x + k[1] & M16
    x = x * m[1] & M16
    x ^= x >> s[1]
    x = x + k[2] & M16
    x = x * m[2] & M16
    x ^= x >> s[2] + wrong("draw")
    return x ^ k[3]


def step(k, i):
    """Another key."""
    b = draw16(k, i)
    return (k[0], k[1] + b & M16, k[2] ^ b, k[3])
