"""pyarrow's writer with its defaults but for the codec."""
import os
import sys

import pyarrow as pa
import pyarrow.parquet as pq

from sample import print_sample, timed

file = sys.argv[1]
table = pq.read_table(file)
TEXTS = ["article_id", "market", "model_version"]
for name in TEXTS:
    column = table[name].cast(pa.string()).combine_chunks()
    if len(sys.argv) > 2:
        column = column.dictionary_encode()
    table = table.set_column(table.schema.get_field_index(name), name, column)
target = f"{file}.{os.getpid()}.tmp"


def write():
    pq.write_table(table, target, compression="zstd")


try:
    seconds, _ = timed(write)
    print_sample(seconds, f"{pq.ParquetFile(target).metadata.num_rows}", bytes=os.path.getsize(target))
finally:
    os.remove(target)
