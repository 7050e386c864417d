"""The one streaming pass over positions: candidate pairs, slow spells and silences. Cheap and complete, no verdict."""

from tracker.engine.params import ScanParams
from tracker.engine.pieces import Scan
from tracker.engine.scan import Scanner, scan
from tracker.engine.warm import warm_up

__all__ = ["Scan", "ScanParams", "Scanner", "scan", "warm_up"]
