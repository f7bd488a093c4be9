import { open } from 'node:fs/promises';
import type { TextFormat } from '../map/import-map.ts';
import { firstLine, splitLine } from '../source/csv-header.ts';
import { textOf } from '../source/csv-lines.ts';
import type { StagedFile } from '../source/staged-files.ts';

const DELIMITERS = [',', ';', '\t', '|'];
/** Files whose first lines are looked at for the place of the header, and so many lines of each. */
const PLACED = 20;
const LINES = 20;
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
  const places = new Set<number>();
  for (const { path, kind, sheet } of files.slice(0, PLACED))
    if (kind === 'csv' && sheet === undefined)
      places.add(headerPlace(await firstLines(path, { encoding }, LINES)));
  // A map has one place for all files, unless a section says otherwise.
  const skip = places.size === 1 ? [...places][0]! : 0;
  const line = await firstLine(file.path, { encoding, ...(skip === 0 ? {} : { skip }) });
  const counts = DELIMITERS.map((delimiter) => splitLine(line, delimiter, '"').length);
  const delimiter = DELIMITERS[counts.indexOf(Math.max(...counts))]!;
  // The extension says it already.
  const isTold = delimiter === ',' || (delimiter === '\t' && /\.tsv(\.gz)?$/i.test(file.path));
  return {
    ...(skip === 0 ? {} : { skip }),
    ...(isTold ? {} : { delimiter }),
    ...(encoding === 'utf-8' ? {} : { encoding }),
  };
}

/**
 * How many lines stand above the header: one for Excel, or such as have fewer columns than the header and the line after it, which have as
 * many.
 */
function headerPlace(lines: readonly string[]): number {
  if (/^sep=.?$/i.test(lines[0]?.trim() ?? '')) return 1;
  const widths = DELIMITERS.map((delimiter) =>
    lines.map((line) => (line.split('"').length % 2 === 0 ? 0 : splitLine(line, delimiter, '"').length)),
  );
  const places = widths.map((of) =>
    of.findIndex(
      (width, i) => width > 1 && width === of[i + 1] && of.slice(0, i).every((above) => above < width),
    ),
  );
  // The delimiter that makes most columns.
  const widest = places
    .map((place, i) => ({ place, width: place === -1 ? 0 : widths[i]![place]! }))
    .sort((a, b) => b.width - a.width)[0]!;
  return Math.max(0, widest.place);
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

/** The first lines of a file, as they are. */
async function firstLines(file: string, format: TextFormat, count: number): Promise<string[]> {
  let text = '';
  for await (const piece of textOf(file, format)) {
    text += piece;
    if (text.length > LOOKED_AT || text.split('\n').length > count) break;
  }
  return text.split(/\r\n|\r|\n/).slice(0, count);
}
