import type { SchemaElement } from 'hyparquet';
import { CHECKSUM_KEYS, NO_CHECKSUM, checksumOf, footerChecksumAt } from '../footer/checksums.ts';
import { CREATED_BY } from '../footer/read-footer.ts';
import type { IndexPlace, WrittenChunk } from './chunk-meta.ts';
import { CODEC_NAMES, type WriteCodec } from './compress.ts';
import { BOUNDARY_ORDER, CODEC_IDS, CONVERTED_IDS, ENCODING_IDS, TYPE_IDS } from './format-ids.ts';
import { thriftBytes, type ThriftStruct } from './thrift-bytes.ts';
import type { ByteTaker } from './write-chunk.ts';

/** A row group that was written. */
export interface WrittenGroup {
  readonly rows: number;
  readonly chunks: readonly WrittenChunk[];
}

/** What the footer says. */
export interface FooterContent {
  readonly schema: readonly SchemaElement[];
  readonly groups: readonly WrittenGroup[];
  readonly codec: WriteCodec;
  readonly metadata: Readonly<Record<string, string>>;
  /** Positions of the columns by which rows are sorted within every row group, ascending. */
  readonly sortedBy: readonly number[];
}

/**
 * Writes what follows the row groups: page indexes, the metadata with its checksum, its length, PAR1.
 * @param content of the footer
 * @param out takes the bytes
 */
export function writeFooter(content: FooterContent, out: ByteTaker): void {
  const chunks = content.groups.flatMap((group) => group.chunks);
  const places = new Map<WrittenChunk, IndexPlace>();
  for (const chunk of chunks) places.set(chunk, writeIndexes(chunk, out));
  const footer = thriftBytes(fileMetadata(content, places));
  const at = footerChecksumAt(footer);
  footer.set(Buffer.from(checksumOf(footer)), at);
  out.push(footer);
  const end = new Uint8Array(8);
  new DataView(end.buffer).setUint32(0, footer.length, true);
  end.set(Buffer.from('PAR1'), 4);
  out.push(end);
}

/** A column index needs bounds of every page that holds a value. */
function writeIndexes(chunk: WrittenChunk, out: ByteTaker): IndexPlace {
  const { pages } = chunk;
  const isBounded = pages.every(({ bounds, nulls, rows }) => bounds !== null || nulls === rows);
  const none = new Uint8Array(0);
  const columnIndex = isBounded
    ? thriftBytes({
        field_1: pages.map(({ bounds }) => bounds === null),
        field_2: pages.map(({ bounds }) => bounds?.min ?? none),
        field_3: pages.map(({ bounds }) => bounds?.max ?? none),
        field_4: BOUNDARY_ORDER.UNORDERED,
        field_5: pages.map(({ nulls }) => BigInt(nulls)),
        field_8: chunk.nans === undefined ? undefined : pages.map(({ nans = 0 }) => BigInt(nans)),
      })
    : null;
  const offsetIndex = thriftBytes({
    field_1: pages.map(({ offset, bytes, firstRow }) => ({
      field_1: BigInt(offset),
      field_2: bytes,
      field_3: BigInt(firstRow),
    })),
  });
  const place = (bytes: Uint8Array): { offset: number; length: number } => {
    const { offset } = out;
    out.push(bytes);
    return { offset, length: bytes.length };
  };
  return {
    columnIndex: columnIndex === null ? null : place(columnIndex),
    offsetIndex: place(offsetIndex),
    checksum: columnIndex === null ? checksumOf(offsetIndex) : checksumOf(columnIndex, offsetIndex),
  };
}

function fileMetadata(
  { schema, groups, codec, metadata, sortedBy }: FooterContent,
  places: ReadonlyMap<WrittenChunk, IndexPlace>,
): ThriftStruct {
  const keyValues = Object.entries({ ...metadata, [CHECKSUM_KEYS.footer]: NO_CHECKSUM });
  return {
    field_1: 2,
    field_2: [{ field_4: 'root', field_5: schema.length }, ...schema.map(elementStruct)],
    field_3: BigInt(groups.reduce((sum, { rows }) => sum + rows, 0)),
    field_4: groups.map(({ rows, chunks }) => ({
      field_1: chunks.map((chunk) => chunkStruct(chunk, schema[chunk.column]!, codec, places.get(chunk)!)),
      field_2: BigInt(chunks.reduce((sum, { uncompressedBytes }) => sum + uncompressedBytes, 0)),
      field_3: BigInt(rows),
      field_4:
        sortedBy.length === 0
          ? undefined
          : sortedBy.map((column) => ({ field_1: column, field_2: false, field_3: false })),
      field_5: BigInt(chunks[0] === undefined ? 0 : (chunks[0].dictionaryOffset ?? chunks[0].dataOffset)),
      field_6: BigInt(chunks.reduce((sum, { compressedBytes }) => sum + compressedBytes, 0)),
    })),
    field_5: keyValues.map(([key, value]) => ({ field_1: key, field_2: value })),
    field_6: CREATED_BY,
    field_7: schema.map(() => ({ field_1: {} })),
  };
}

function chunkStruct(
  chunk: WrittenChunk,
  element: SchemaElement,
  codec: WriteCodec,
  place: IndexPlace,
): ThriftStruct {
  const { bounds, nans } = chunk;
  const checksums = [
    [CHECKSUM_KEYS.chunk, chunk.checksum],
    [CHECKSUM_KEYS.indexes, place.checksum],
  ];
  return {
    field_2: 0n,
    field_3: {
      field_1: TYPE_IDS[element.type!],
      field_2: chunk.encodings.map((encoding) => ENCODING_IDS[encoding]),
      field_3: [element.name],
      field_4: CODEC_IDS[CODEC_NAMES[codec]],
      field_5: BigInt(chunk.rows),
      field_6: BigInt(chunk.uncompressedBytes),
      field_7: BigInt(chunk.compressedBytes),
      field_8: checksums.map(([key, value]) => ({ field_1: key!, field_2: value! })),
      field_9: BigInt(chunk.dataOffset),
      field_11: chunk.dictionaryOffset === null ? undefined : BigInt(chunk.dictionaryOffset),
      field_12: {
        field_3: BigInt(chunk.nulls),
        field_5: bounds?.max,
        field_6: bounds?.min,
        ...(bounds === null ? {} : { field_7: true, field_8: true }),
        field_9: nans === undefined ? undefined : BigInt(nans),
      },
      field_13: [
        ...(chunk.dictionaryOffset === null ? [] : [{ field_1: 2, field_2: ENCODING_IDS.PLAIN, field_3: 1 }]),
        { field_1: 0, field_2: ENCODING_IDS[chunk.encoding], field_3: chunk.pages.length },
      ],
    },
    field_4: BigInt(place.offsetIndex.offset),
    field_5: place.offsetIndex.length,
    field_6: place.columnIndex === null ? undefined : BigInt(place.columnIndex.offset),
    field_7: place.columnIndex === null ? undefined : place.columnIndex.length,
  };
}

function elementStruct(element: SchemaElement): ThriftStruct {
  const { converted_type: converted, logical_type: logical } = element;
  return {
    field_1: TYPE_IDS[element.type!],
    field_3: 1,
    field_4: element.name,
    field_6: converted === undefined ? undefined : CONVERTED_IDS[converted],
    field_7: element.scale,
    field_8: element.precision,
    field_10: logical === undefined ? undefined : logicalStruct(logical),
  };
}

function logicalStruct(logical: NonNullable<SchemaElement['logical_type']>): ThriftStruct {
  switch (logical.type) {
    case 'STRING':
      return { field_1: {} };
    case 'DECIMAL':
      return { field_5: { field_1: logical.scale, field_2: logical.precision } };
    case 'DATE':
      return { field_6: {} };
    case 'TIMESTAMP': {
      const unit = ({ MILLIS: 'field_1', MICROS: 'field_2', NANOS: 'field_3' } as const)[logical.unit];
      return { field_8: { field_1: logical.isAdjustedToUTC, field_2: { [unit]: {} } } };
    }
    default:
      throw new Error(`the logical type ${logical.type} is not written`);
  }
}
