import { open } from 'node:fs/promises';
import type { TextFormat } from '../map/import-map.ts';
import { firstLine, splitLine } from '../source/csv-header.ts';
import type { StagedFile } from '../source/staged-files.ts';

const DELIMITERS = [',', ';', '\t', '|'];
/** So much of a file is looked at. */
const LOOKED_AT = 1 << 20;

/**
 * How the CSV files of a source seem to be written; what is the default is not told.
 * @param files of the source
 * @returns delimiter and encoding
 */
export async function guessFormat(files: readonly StagedFile[]): Promise<TextFormat> {
  const file = files.find(({ kind, sheet }) => kind === 'csv' && sheet === undefined);
  if (file === undefined) return {};
  const encoding = await guessEncoding(file.path);
  const line = await firstLine(file.path, { encoding });
  const counts = DELIMITERS.map((delimiter) => splitLine(line, delimiter, '"').length);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  // The extension says it already.
  const isTold = delimiter === ',' || (delimiter === '\t' && /\.tsv(\.gz)?$/i.test(file.path));
  return { ...(isTold ? {} : { delimiter }), ...(encoding === 'utf-8' ? {} : { encoding }) };
}

/** What is packed is taken for UTF-8; the import tells where it is not. */
async function guessEncoding(path: string): Promise<'utf-8' | 'latin-1' | 'utf-16'> {
  if (path.endsWith('.gz')) return 'utf-8';
  const handle = await open(path);
  try {
    const buffer = Buffer.alloc(LOOKED_AT);
    const { bytesRead } = await handle.read(buffer, 0, LOOKED_AT, 0);
    const bytes = buffer.subarray(0, bytesRead);
    if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16';
    try {
      // A character may be cut at the end.
      new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: bytesRead === LOOKED_AT });
      return 'utf-8';
    } catch {
      return 'latin-1';
    }
  } finally {
    await handle.close();
  }
}
