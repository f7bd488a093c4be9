"""
Writes datasets of this folder with pyarrow 25.0.1, as it does by itself, as it does with other types, encodings and versions of the format, and in the
layout of Spark (INT96 times, part-00000-….snappy.parquet, _SUCCESS); beside each expected.json: the rows as they were handed over.

    python make.py FOLDER
"""

import datetime
import decimal
import json
import pathlib
import random
import shutil
import sys
import urllib.parse

import pyarrow as pa
import pyarrow.parquet as pq

FOLDER = pathlib.Path(sys.argv[1])
MONDAY = datetime.date(2024, 1, 1)
WHOLE = [pa.int8(), pa.int16(), pa.int32(), pa.int64(), pa.uint8(), pa.uint16(), pa.uint32(), pa.uint64()]
PARTS = [pa.float32(), pa.float64(), pa.decimal128(9, 2), pa.decimal256(40, 2)]
TEXT = [pa.string(), pa.large_string(), pa.dictionary(pa.int32(), pa.string())]
WEEKS = [pa.date32(), pa.date64(), pa.timestamp("s"), pa.timestamp("ms"), pa.timestamp("us"), pa.timestamp("ns")]
COLUMNS = ["article", "market", "week", "demand", "discount", "promo"]


def rows_of(spec, market):
    """Rows of one market: articles × weeks; what is missing is None."""
    for a in range(spec["articles"]):
        for w in range(spec["weeks"]):
            yield {
                "article": f'Ä{a} "x"' if spec["text"] else 1001 + a,
                "market": f"M{market}/ü",
                "week": MONDAY + datetime.timedelta(weeks=w),
                "demand": None if (a * 7 + market * 5 + w) % 6 == 0 else (a * 31 + market * 17 + w * 13) % 9 + (0 if spec["whole"] else 0.25),
                "discount": None if (a + w) % 5 == 0 else (a + w) % 8 * 0.0625,
                "promo": None if (a + market + w) % 4 == 0 else {"text": f"p{(a + w) % 3}", "flag": (a + w) % 2 == 1, "number": (a * 3 + w) % 7}[spec["promo"]],
            }


def table_of(rows, spec, columns):
    def column(name):
        values = [row[name] for row in rows]
        kind = spec["types"][name]
        if pa.types.is_decimal(kind):
            values = [None if value is None else decimal.Decimal(str(value)) for value in values]
        if pa.types.is_timestamp(kind):
            values = [datetime.datetime.combine(value, datetime.time()) for value in values]
        if pa.types.is_dictionary(kind):
            return pa.array(values, pa.string()).dictionary_encode()
        return pa.array(values, kind)

    return pa.table({name: column(name) for name in columns})


def options_of(draw, spec):
    options = {
        "version": draw.choice(["1.0", "2.4", "2.6"]),
        "data_page_version": draw.choice(["1.0", "2.0"]),
        "compression": "snappy" if spec["layout"] == "spark" else draw.choice(["none", "snappy", "gzip", "zstd", "lz4", "brotli"]),
        "row_group_size": draw.choice([4, 1000]),
        "write_page_checksum": draw.random() < 0.5,
        "write_statistics": draw.random() < 0.7,
        "use_dictionary": draw.random() < 0.6,
        "use_deprecated_int96_timestamps": spec["layout"] == "spark",
    }
    if not options["use_dictionary"] and draw.random() < 0.7:
        options["column_encoding"] = {"discount": draw.choice(["BYTE_STREAM_SPLIT", "PLAIN"])}
        if spec["layout"] != "hive":
            options["column_encoding"]["market"] = draw.choice(["DELTA_BYTE_ARRAY", "DELTA_LENGTH_BYTE_ARRAY", "PLAIN"])
    return options


def main():
    draw = random.Random(11)
    for number in range(24):
        whole, text = draw.random() < 0.5, draw.random() < 0.5
        spec = {
            "whole": whole,
            "text": text,
            "promo": draw.choice(["text", "flag", "number"]),
            "layout": ["flat", "hive", "spark"][number % 3],
            "articles": draw.randint(1, 3),
            "markets": draw.randint(1, 2),
            "weeks": draw.randint(3, 6),
        }
        spec["types"] = {
            "article": draw.choice(TEXT) if text else draw.choice([pa.int32(), pa.int64(), pa.uint16()]),
            "market": draw.choice(TEXT),
            "week": draw.choice(WEEKS[2:] if spec["layout"] == "spark" else WEEKS),
            "demand": draw.choice(WHOLE if whole else PARTS),
            "discount": draw.choice([pa.float16(), pa.float32(), pa.float64()]),
            "promo": {"text": draw.choice(TEXT), "flag": pa.bool_(), "number": draw.choice(WHOLE)}[spec["promo"]],
        }
        options = options_of(draw, spec)
        if "column_encoding" in options and spec["types"]["discount"] == pa.float16():
            options["column_encoding"]["discount"] = "PLAIN"
        place = FOLDER / f"pyarrow-{number:02d}"
        shutil.rmtree(place, ignore_errors=True)
        markets = [list(rows_of(spec, market)) for market in range(spec["markets"])]
        if spec["layout"] == "hive":
            for rows in markets:
                part = place / "weekly" / f"market={urllib.parse.quote(rows[0]['market'], safe='')}"
                part.mkdir(parents=True)
                pq.write_table(table_of(rows, spec, [name for name in COLUMNS if name != "market"]), part / "part-0.parquet", **options)
        else:
            weekly = place / "weekly"
            weekly.mkdir(parents=True)
            name = "part-00000-6f0c3c1e-c000.snappy.parquet" if spec["layout"] == "spark" else "part-0.parquet"
            pq.write_table(table_of([row for rows in markets for row in rows], spec, COLUMNS), weekly / name, **options)
            if spec["layout"] == "spark":
                (weekly / "_SUCCESS").write_text("")
                (weekly / f".{name}.crc").write_bytes(b"crc")
        (place / "dataset.json").write_text(json.dumps({"name": "pyarrow", "tables": {"weekly": {"futureCovariates": ["promo"]}}}))
        rows = [[str(row["article"]), row["market"], row["week"].isoformat(), *(row[name] for name in COLUMNS[3:])] for rows in markets for row in rows]
        (place / "expected.json").write_text(json.dumps(rows, ensure_ascii=False))


main()
