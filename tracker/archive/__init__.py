"""The archive: a case folder that survives kills, full disks and second thoughts.

Positions lie in one immutable Parquet part a day; everything else in one DuckDB file that names the parts
which count. A run stages all it makes beside the case and becomes part of it at one rename, so a reader sees
the case before the run or after it, never between. All SQL on a case is in this folder.
"""
