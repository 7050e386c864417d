"""``python3 dev.py bench``: the measurements that exist, one after the other; for now the streaming pass."""

from benchmarks.scan import main

main()
