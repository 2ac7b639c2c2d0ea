"""Barcodes as a camera sees them: EAN-13 drawn by its own rules (GS1 General Specifications 5.2), as a film for Chromium."""

from pathlib import Path

LEFT = ["0001101", "0011001", "0010011", "0111101", "0100011", "0110001", "0101111", "0111011", "0110111", "0001011"]
PARITY = ["LLLLLL", "LLGLGG", "LLGGLG", "LLGGGL", "LGLLGG", "LGGLLG", "LGGGLL", "LGLGLG", "LGLGGL", "LGGLGL"]
WIDTH, HEIGHT, MODULE = 640, 480, 4


def bars(ean: str) -> str:
    """The 95 modules: "1" is dark."""
    odd = [LEFT[int(digit)] for digit in ean]
    right = [code.translate(str.maketrans("01", "10")) for code in odd]
    sides = zip(PARITY[int(ean[0])], range(1, 7), strict=True)
    left = [odd[place] if side == "L" else right[place][::-1] for side, place in sides]
    return f"101{''.join(left)}01010{''.join(right[7:])}101"


def film(path: Path, ean: str) -> Path:
    """Ten pictures of the barcode on white paper, as YUV4MPEG2."""
    row = bytearray(b"\xeb" * WIDTH)
    start = (WIDTH - 95 * MODULE) // 2
    for place, bar in enumerate(bars(ean)):
        if bar == "1":
            row[start + place * MODULE : start + (place + 1) * MODULE] = b"\x10" * MODULE
    white = b"\xeb" * WIDTH
    light = b"".join([white] * 90 + [bytes(row)] * 300 + [white] * 90)
    frame = b"FRAME\n" + light + b"\x80" * (WIDTH * HEIGHT // 2)
    path.write_bytes(f"YUV4MPEG2 W{WIDTH} H{HEIGHT} F10:1 Ip A1:1 C420mpeg2\n".encode() + frame * 10)
    return path
