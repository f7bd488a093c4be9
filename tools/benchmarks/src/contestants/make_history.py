"""The weekly history that is read: seeded, sorted by series and week, pyarrow's default options."""
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

path, rows, codec = sys.argv[1], int(sys.argv[2]), sys.argv[3]
WEEKS = 200
MARKETS = np.array("DE AT CH FR NL BE PL SE DK FI IT ES NO CZ".split())
rng = np.random.default_rng(20_250_106)
series = -(-rows // WEEKS)
of_row = np.repeat(np.arange(series), WEEKS)[:rows]
week = np.tile(17_000 + 7 * np.arange(WEEKS), series)[:rows].astype("int32")
article = np.array([f"A{number:07d}" for number in range(series)])
price = np.round(rng.choice(np.arange(9.99, 300, 0.5), series), 2)
demand = rng.poisson(3, rows).astype("int32")
stock = rng.integers(0, 2000, rows).astype("int32")
table = pa.table(
    {
        "article_id": pa.DictionaryArray.from_arrays(of_row.astype("int32"), article).cast(pa.string()),
        "market": pa.array(MARKETS[of_row % 14]),
        "week": pa.array(week, pa.date32()),
        "demand": demand,
        "discount": rng.choice(np.round(np.arange(0, 1, 0.05), 2), rows),
        "black_price": price[of_row],
        "stock": pa.array(stock, mask=rng.random(rows) < 0.02),
        "sales": np.minimum(demand, stock),
        "promoted": rng.random(rows) < 0.1,
        "temperature": rng.normal(10, 5, rows),
        "cost": rng.random(rows).astype("float32"),
        "loaded_at": pa.array(week.astype("int64") * 86_400_000_000, pa.timestamp("us")),
        "article_group": pa.array(np.array([f"g{number % 40}" for number in range(series)])[of_row]),
        "season": pa.array(np.array([f"s{number % 4}" for number in range(series)])[of_row]),
        "views": rng.integers(0, 100_000, rows),
    }
)
pq.write_table(table, path, compression=codec)
