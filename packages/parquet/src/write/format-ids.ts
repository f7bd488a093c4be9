/** Numbers of the format's enumerations (https://github.com/apache/parquet-format/blob/master/src/main/thrift/parquet.thrift). */
export const ENCODING_IDS = {
  PLAIN: 0,
  GROUP_VAR_INT: 1,
  PLAIN_DICTIONARY: 2,
  RLE: 3,
  BIT_PACKED: 4,
  DELTA_BINARY_PACKED: 5,
  DELTA_LENGTH_BYTE_ARRAY: 6,
  DELTA_BYTE_ARRAY: 7,
  RLE_DICTIONARY: 8,
  BYTE_STREAM_SPLIT: 9,
} as const;

/** Physical types. */
export const TYPE_IDS = {
  BOOLEAN: 0,
  INT32: 1,
  INT64: 2,
  INT96: 3,
  FLOAT: 4,
  DOUBLE: 5,
  BYTE_ARRAY: 6,
  FIXED_LEN_BYTE_ARRAY: 7,
} as const;

/** Compression codecs that are written. */
export const CODEC_IDS = { UNCOMPRESSED: 0, SNAPPY: 1, GZIP: 2, ZSTD: 6 } as const;

/** Converted types that are written. */
export const CONVERTED_IDS: Readonly<Record<string, number>> = { UTF8: 0, DECIMAL: 5, DATE: 6 };

/** Order of a column index's pages. */
export const BOUNDARY_ORDER = { UNORDERED: 0 } as const;
