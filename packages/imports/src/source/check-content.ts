import { open } from 'node:fs/promises';
import { DataError } from '@hemline/core';
import type { TextFormat } from '../map/import-map.ts';

/** So many bytes tell what a file is. */
const LOOKED_AT = 512;

/** What files are that are called CSV and are none: their first bytes, what they are, and what to do. */
const OTHERS: readonly [test: (bytes: Buffer) => boolean, what: string, remedy: string][] = [
  [
    (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0x50, 0x4b, 3, 4])),
    'a ZIP archive or a workbook',
    'Unpack it; a workbook is read when its name ends with .xlsx.',
  ],
  [(bytes) => bytes[0] === 0x1f && bytes[1] === 0x8b, 'gzip', 'Let its name end with .gz.'],
  [
    (bytes) => bytes.subarray(0, 4).equals(Buffer.from([0xd0, 0xcf, 0x11, 0xe0])),
    'an old workbook (.xls), or one with a password',
    'Save it as .xlsx without a password, or as CSV.',
  ],
  [
    (bytes) => /^\s*<(!doctype|html|table|\?xml)/i.test(bytes.toString('latin1')),
    'a web page or XML, as some systems export under other names',
    'Export CSV, or open it in a spreadsheet and save it as .xlsx.',
  ],
  [
    (bytes) => bytes[0] === 0xfe && bytes[1] === 0xff,
    'text in UTF-16 that begins with the higher byte',
    'Save it as UTF-8.',
  ],
];

/**
 * Refuses files that are called CSV and are something else, or are written in another encoding than the map says.
 * @param file as it is read
 * @param format that the map says
 * @param name of the file, as people know it
 * @throws DataError that says what it is
 */
export async function checkContent(file: string, { encoding }: TextFormat, name: string): Promise<void> {
  if (/\.gz$/i.test(file)) return;
  const handle = await open(file);
  let bytes: Buffer;
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(LOOKED_AT), 0, LOOKED_AT, 0);
    bytes = buffer.subarray(0, bytesRead);
  } finally {
    await handle.close();
  }
  const refused = (what: string, remedy: string): DataError =>
    new DataError('the file is no CSV as the map describes it', {
      expected: `text in ${(encoding ?? 'utf-8').toUpperCase()}`,
      found: what,
      where: { file: name },
      remedy,
    });
  for (const [test, what, remedy] of OTHERS) if (test(bytes)) throw refused(what, remedy);
  if (encoding === 'utf-16') return;
  if (bytes[0] === 0xff && bytes[1] === 0xfe)
    throw refused('text in UTF-16', 'Say "format": {"encoding": "utf-16"} in the map.');
  if (bytes.includes(0)) throw refused('bytes that are no text', 'Convert it to CSV, or take it out.');
}
