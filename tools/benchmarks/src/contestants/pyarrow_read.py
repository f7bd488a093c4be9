"""pyarrow, one thread, row group by row group."""
import sys

import pyarrow.parquet as pq

from sample import print_sample, timed

file, columns = sys.argv[1], sys.argv[2].split(",")
dictionaries = sys.argv[3].split(",") if len(sys.argv) > 3 else None


def read():
    rows = demand = 0
    parquet = pq.ParquetFile(file, read_dictionary=dictionaries)
    for group in range(parquet.num_row_groups):
        table = parquet.read_row_group(group, columns=columns, use_threads=False)
        rows += table.num_rows
        demand += table["demand"][0].as_py()
    return f"{rows} {demand}"


print_sample(*timed(read))
