"""`python -m holosym.cli` is `holosym`."""

from holosym.cli import main

if __name__ == "__main__":
    main()
