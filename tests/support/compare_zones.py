"""compare_zones.py FAT SLIM: whether the zone files of two trees tell Python the same time.

Asked is every instant around a transition of the fat file, and many between 1850 and 2400.
Prints how many zones it asked; the first difference ends it with status 1.
"""
import datetime
import os
import struct
import sys
import zoneinfo

EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
FIRST, LAST = -3786825600, 13569465600  # 1850 and 2400


def blocks(data):
    """Where the 64-bit block begins, and its counts."""
    at = 0
    for width in (4, 8):
        counts = struct.unpack(">6l", data[at + 20:at + 44])
        ut, standard, leaps, times, types, letters = counts
        if width == 8:
            return at + 44, counts
        at += 44 + times * 5 + types * 6 + letters + leaps * 8 + standard + ut


def transitions(data):
    at, counts = blocks(data)
    return struct.unpack(f">{counts[3]}q", data[at:at + 8 * counts[3]])


def instants(data):
    wanted = set(range(FIRST, LAST, 97 * 86400 + 12345))
    for time in transitions(data):
        wanted.update((time - 1, time, time + 1))
    return sorted(time for time in wanted if FIRST <= time < LAST)


def answers(path, times):
    with open(path, "rb") as file:
        zone = zoneinfo.ZoneInfo.from_file(file)
    for time in times:
        local = (EPOCH + datetime.timedelta(seconds=time)).astimezone(zone)
        # For leap seconds Python has no word; with them it asks for the same count.
        yield time, local.utcoffset(), local.dst() is not None and bool(local.dst()), local.tzname()


def main(fat, slim):
    asked = set()
    for folder, _, names in os.walk(fat):
        for name in names:
            path = os.path.join(folder, name)
            other = os.path.join(slim, os.path.relpath(path, fat))
            if os.path.islink(path):
                continue
            with open(path, "rb") as file:
                data = file.read()
            with open(other, "rb") as file:
                key = data, file.read()
            if not data.startswith(b"TZif") or key in asked:
                continue
            asked.add(key)
            times = instants(data)
            for before, after in zip(answers(path, times), answers(other, times)):
                if before != after:
                    sys.exit(f"{path}: {before}, slim {after}")
    print(len(asked))


main(*sys.argv[1:])
