import type { SchemaElement } from 'hyparquet';
import {
  ConfigurationError,
  SchemaError,
  concatBatches,
  listing,
  sliceRows,
  typeText,
  type Batch,
  type Schema,
} from '@hemline/core';
import type { ByteSink } from '../byte-source.ts';
import { schemaElement } from '../footer/leaf-type.ts';
import type { WriteCodec } from './compress.ts';
import { Stopwatch } from './stopwatch.ts';
import type { WriteEncoding } from './value-encoder.ts';
import { writeChunk } from './write-chunk.ts';
import { writeFooter, type WrittenGroup } from './write-footer.ts';

/** How to write. */
export interface ParquetWriteOptions {
  /** Key-value metadata of the footer. */
  readonly metadata?: Readonly<Record<string, string>>;
  /** Default zstd. */
  readonly codec?: WriteCodec;
  /** Rows of a row group, 262,144 by default: what is held in memory while writing. */
  readonly rowGroupRows?: number;
  /** Rows of a page, 65,536 by default: what can be skipped when reading with a filter. */
  readonly pageRows?: number;
  /** Needed when there may be no batch. */
  readonly schema?: Schema;
  /** Encoding of columns; chosen by type and values where it is not given. */
  readonly encodings?: Readonly<Record<string, WriteEncoding>>;
  /** Columns by which the rows of every row group are sorted, ascending; declared in the file, not checked. */
  readonly sortedBy?: readonly string[];
}

/** Where the time of writing went, in milliseconds. */
export interface WriteTimings {
  readonly encodeMs: number;
  readonly compressMs: number;
  /** Handing bytes to the store, its checksum included. */
  readonly writeMs: number;
}

/** What was written. */
export interface EncodedParquet {
  readonly rows: number;
  readonly timings: WriteTimings;
}

const DEFAULT_ROW_GROUP_ROWS = 262_144;
const DEFAULT_PAGE_ROWS = 65_536;

/**
 * Writes batches as Parquet into an object, row group by row group. The caller commits the object, or aborts it.
 * @param writer takes the bytes
 * @param batches of one schema
 * @param options metadata, codec, row group size, encodings
 * @param where name of the file, for messages
 * @returns rows, and where the time went
 * @throws SchemaError when batches differ in their columns, or there is neither a batch nor a schema
 */
export async function encodeParquet(
  writer: ByteSink,
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  options: ParquetWriteOptions = {},
  where = 'the file',
): Promise<EncodedParquet> {
  const groupRows = options.rowGroupRows ?? DEFAULT_ROW_GROUP_ROWS;
  const encoder = new FileEncoder(writer, options, where);
  let pending: Batch[] = [];
  let pendingRows = 0;
  const flush = async (): Promise<void> => {
    if (pendingRows === 0) return;
    const group = concatBatches(pending);
    pending = [];
    pendingRows = 0;
    await encoder.addGroup(group);
  };
  try {
    for await (const batch of batches) {
      const aligned = encoder.align(batch);
      for (let start = 0; start < aligned.length;) {
        const part = sliceRows(aligned, start, Math.min(aligned.length, start + groupRows - pendingRows));
        pending.push(part);
        pendingRows += part.length;
        start += part.length;
        if (pendingRows >= groupRows) await flush();
      }
    }
    await flush();
    return await encoder.finish();
  } finally {
    // The object must not be aborted under a write.
    await encoder.settle();
  }
}

/** One file in the making. */
class FileEncoder {
  readonly #writer: ByteSink;
  readonly #options: ParquetWriteOptions;
  readonly #where: string;
  readonly #watch = new Stopwatch();
  readonly #groups: WrittenGroup[] = [];
  #parts: Uint8Array[] = [Buffer.from('PAR1')];
  #offset = 4;
  #writing: Promise<void> = Promise.resolve();
  #elements: SchemaElement[] | null = null;
  /** Type of each column with its unit, in the order of the file. */
  #types: ReadonlyMap<string, string> = new Map();

  constructor(writer: ByteSink, options: ParquetWriteOptions, where: string) {
    this.#writer = writer;
    this.#options = options;
    this.#where = where;
    if (options.schema !== undefined) this.#begin(options.schema, null);
  }

  /** The batch's columns in the order of the file: column chunks stand in that order. */
  align(batch: Batch): Batch {
    if (this.#elements === null || this.#groups.length === 0)
      this.#begin(this.#options.schema ?? batch.schema, batch);
    const names = [...this.#types.keys()];
    if (batch.names.length !== names.length || !names.every((name) => batch.has(name))) {
      throw new SchemaError('a batch does not have the columns of its file', {
        expected: names.join(', '),
        found: batch.names.join(', '),
        where: { file: this.#where },
      });
    }
    for (const [name, expected] of this.#types) {
      const found = typeText(batch.column(name));
      if (found !== expected)
        throw new SchemaError('a column of a batch does not have the type that it has in its file', {
          expected,
          found,
          where: { file: this.#where, column: name },
        });
    }
    return batch.select(names);
  }

  async addGroup(group: Batch): Promise<void> {
    const { codec = 'zstd', encodings = {} } = this.#options;
    const pageRows = Math.max(8, Math.ceil((this.#options.pageRows ?? DEFAULT_PAGE_ROWS) / 8) * 8);
    this.#watch.time('encode', () => {
      const taker = this.#taker();
      const chunks = this.#elements!.map((element, position) =>
        writeChunk(
          group.column(element.name),
          element,
          position,
          {
            codec,
            pageRows,
            encoding: Object.hasOwn(encodings, element.name) ? encodings[element.name] : undefined,
          },
          taker,
          this.#watch,
        ),
      );
      this.#groups.push({ rows: group.length, chunks });
    });
    await this.#drain();
  }

  /** Waits for the write that is on its way, whatever becomes of it. */
  async settle(): Promise<void> {
    await this.#writing.catch(() => undefined);
  }

  async finish(): Promise<EncodedParquet> {
    if (this.#elements === null) {
      throw new SchemaError('there is nothing to write and no schema to write it with', {
        where: { file: this.#where },
        remedy: 'Give a schema when there may be no batch.',
      });
    }
    const { codec = 'zstd', metadata = {}, sortedBy = [] } = this.#options;
    const names = [...this.#types.keys()];
    writeFooter(
      {
        schema: this.#elements,
        groups: this.#groups,
        codec,
        metadata,
        sortedBy: sortedBy.map((name) => names.indexOf(name)),
      },
      this.#taker(),
    );
    await this.#drain();
    await this.#watch.wait('write', () => this.#writing);
    const compressMs = this.#watch.of('compress');
    return {
      rows: this.#groups.reduce((sum, { rows }) => sum + rows, 0),
      timings: {
        compressMs,
        encodeMs: this.#watch.of('encode') - compressMs,
        writeMs: this.#watch.of('write'),
      },
    };
  }

  /** The schema's order and types, and the units of the first batch where the schema does not say. */
  #begin(schema: Schema, like: Batch | null): void {
    const fields = schema.fields.map((field) => {
      const column = like?.has(field.name) ? like.column(field.name) : null;
      return column?.type === field.type && field.unit === undefined && field.precision === undefined
        ? { ...column, name: field.name }
        : field;
    });
    this.#elements = fields.map((field) => schemaElement(field.name, field));
    this.#types = new Map(fields.map((field) => [field.name, typeText(withDefaults(field))]));
    this.#checkNames();
  }

  #checkNames(): void {
    const { encodings = {}, sortedBy = [] } = this.#options;
    const unknown = [...Object.keys(encodings), ...sortedBy].find((name) => !this.#types.has(name));
    if (unknown !== undefined)
      throw new ConfigurationError('an option names a column that the file does not have', {
        expected: listing([...this.#types.keys()], 20),
        found: unknown,
        where: { file: this.#where },
      });
  }

  #taker(): { readonly offset: number; push(bytes: Uint8Array): void } {
    const here = (): number => this.#offset;
    return {
      get offset() {
        return here();
      },
      push: (bytes) => {
        this.#parts.push(bytes);
        this.#offset += bytes.length;
      },
    };
  }

  /** Hands over what was encoded. It is written while the next row group is encoded; one is on its way at a time. */
  async #drain(): Promise<void> {
    const bytes = Buffer.concat(this.#parts);
    this.#parts = [];
    await this.#watch.wait('write', () => this.#writing);
    this.#writing = this.#writer.write(bytes);
    // Its failure is told by whoever waits for it.
    this.#writing.catch(() => undefined);
  }
}

/** As {@link schemaElement} fills what a field does not say. */
function withDefaults(field: Parameters<typeof schemaElement>[1]): never {
  return { unit: 'us', precision: 18, scale: 2, ...field } as never;
}
