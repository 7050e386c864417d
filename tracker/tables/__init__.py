"""Tables: every column declared once, with type, unit, range, meaning and source.

The Arrow schema, the check, the empty frame and the documentation all derive from the declaration.
"""
