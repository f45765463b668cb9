"""Reads file names from stdin; fails on those with more than 500 lines."""
import sys

LIMIT = 500


def main():
    status = 0
    for name in sys.stdin.read().splitlines():
        with open(name, "rb") as file:
            lines = sum(1 for _ in file)
        if lines > LIMIT:
            print(f"{name}: {lines} lines; at most {LIMIT}")
            status = 1
    return status


if __name__ == "__main__":
    sys.exit(main())
