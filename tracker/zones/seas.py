"""Named seas."""
import numpy as np
import pyarrow as pa
def name_seas(lon, lat):
    return pa.nulls(len(lon), pa.string())
