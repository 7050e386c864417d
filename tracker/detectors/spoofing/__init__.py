"""False positions: what no ship does, told as events with a type and the numbers behind it.

The streaming pass marks suspects (`tracker.engine.watch`), segmentation gives the hulls under each MMSI
(`tracker.cleaning.hulls`), and the modules here say what it looks like. None of them can say why: a receiver, a relay
that repeats old data, a jammer, a second ship with the same number and a liar look alike from afar.
"""
