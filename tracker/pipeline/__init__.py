"""The stages in order, what each reads and writes: here the folders of floor 5 meet, as tables."""
