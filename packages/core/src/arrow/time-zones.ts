import { DataType, RecordBatchReader } from 'apache-arrow';

/**
 * The time zones that an Arrow schema gives its points in time. Parquet itself keeps the instants alone; writers of Arrow leave
 * their schema beside them, in the footer's key-value metadata under `ARROW:schema`.
 * @param text the schema as an encapsulated message, in base64
 * @returns zone by column, for columns that have one; empty where the text is no schema
 */
export function arrowTimeZones(text: string): ReadonlyMap<string, string> {
  const zones = new Map<string, string>();
  try {
    const { schema } = RecordBatchReader.from(Buffer.from(text, 'base64')).open();
    for (const { name, type } of schema.fields)
      if (DataType.isTimestamp(type) && typeof type.timezone === 'string' && type.timezone !== '')
        zones.set(name, type.timezone);
  } catch {
    // What a file says beside its data may be of any version: without it, points in time are those of UTC.
    return new Map();
  }
  return zones;
}
