/** What a file in a table's folder is taken for by its name; `unknown` is told by its first and last bytes. */
export type FileKind = 'parquet' | 'hidden' | 'temporary' | 'other-data' | 'unknown';

const PARQUET = /\.(parquet|parq|pq)$/i;
/** Of an upload, a download or an editor that has not come to its end; and checksums beside files. */
const TEMPORARY =
  /(\.(tmp|temp|part|partial|filepart|crdownload|inprogress|in-progress|pending|swp|bak|crc|md5|sha256)|~)$/i;
/** Rows that would be lost if nobody read them. */
const OTHER_DATA =
  /\.(csv|tsv|psv|jsonl|ndjson|orc|avro|feather|arrow|arrows|ipc|xlsx?|gz|zip|zst|bz2|xz|snappy|lz4|7z|tgz)$/i;

/**
 * @param name of a file, without its folders
 * @returns what it is taken for
 */
export function fileKind(name: string): FileKind {
  // As in Hadoop and Spark: hidden files, `_SUCCESS`, `_metadata`.
  if (name.startsWith('.') || name.startsWith('_')) return 'hidden';
  if (PARQUET.test(name)) return 'parquet';
  if (TEMPORARY.test(name)) return 'temporary';
  return OTHER_DATA.test(name) ? 'other-data' : 'unknown';
}

/** Files of Hadoop and Spark that hold no rows; others that begin with an underscore might. */
const MARKERS = /^(_SUCCESS|_metadata|_common_metadata|_started_.*|_committed_.*|\..*\.crc|\.DS_Store)$/;

/**
 * Whether a hidden file is one of those that every writer leaves, of which nobody has to be told.
 * @param name of a file, without its folders
 * @returns whether it surely holds no rows
 */
export function isMarker(name: string): boolean {
  return MARKERS.test(name) || !(PARQUET.test(name) || OTHER_DATA.test(name));
}

/** Folders by which tables with a transaction log are known, and the name of the format. */
const LOGS: Readonly<Record<string, string>> = {
  _delta_log: 'Delta Lake',
  '.hoodie': 'Apache Hudi',
  metadata: 'Apache Iceberg',
};

/**
 * The format of a table whose log says which of its files are valid.
 * @param folder that lies in the table's folder
 * @returns its name; undefined for any other folder
 */
export function logFormat(folder: string): string | undefined {
  return Object.hasOwn(LOGS, folder) ? LOGS[folder] : undefined;
}

/**
 * A table's or file's name without the suffix of Parquet files.
 * @param name of a file
 * @returns for example `part-0` of `part-0.parquet`
 */
export function stemOf(name: string): string {
  // Names that differ in nothing but the spelling of their suffix stay apart.
  return name.replace(/\.parquet$/, '');
}

/**
 * @param name of a file or object
 * @returns whether it is named as a Parquet file
 */
export function hasParquetSuffix(name: string): boolean {
  return PARQUET.test(name);
}
