import { glob, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ConfigurationError, DataError, UnsupportedError, listing } from '@hemline/core';
import { isS3 } from '@hemline/stores';

/** How the lines of a file are written. */
export type FileKind = 'csv' | 'parquet' | 'json';

/** A file with lines. */
export interface SourceFile {
  readonly path: string;
  readonly kind: FileKind;
}

/** Files that were found, and those that are none. */
export interface FoundFiles {
  /** Sorted by path: the order in which lines are read. */
  readonly files: readonly SourceFile[];
  /** Files of a folder whose names say nothing that can be read. */
  readonly passedOver: readonly string[];
}

const EXTENSIONS: readonly [RegExp, FileKind][] = [
  [/\.(csv|tsv)(\.gz)?$/i, 'csv'],
  [/\.(parquet|pq)$/i, 'parquet'],
  [/\.(jsonl|ndjson|json)(\.gz)?$/i, 'json'],
];
/** A text that is named is taken for CSV; in a folder it is more likely a note. */
const NAMED: readonly [RegExp, FileKind][] = [...EXTENSIONS, [/\.txt(\.gz)?$/i, 'csv']];
const EXPECTED =
  'CSV (.csv, .tsv, .txt), Parquet (.parquet) or JSON lines (.jsonl, .ndjson, .json); CSV and JSON also as .gz';

/**
 * Finds the files of a section.
 * @param source file, folder or glob that the import is given
 * @param files of the section, relative to the source where it is a folder, else to its folder
 * @returns at least one file
 * @throws UnsupportedError for what is not on this machine
 * @throws DataError where there is no file, or one that cannot be read
 */
export async function sourceFiles(
  source: string,
  files: string | readonly string[] | undefined,
): Promise<FoundFiles> {
  if (isS3(source)) throw elsewhere(source);
  if (files === undefined) return found(await below(resolve(source)), source);
  const base = (await isFolder(source)) ? resolve(source) : dirname(resolve(source));
  const all: FoundFiles[] = [];
  for (const each of typeof files === 'string' ? [files] : files) {
    if (isS3(each)) throw elsewhere(each);
    const path = resolve(base, each);
    all.push(found(await below(path), relative('', path)));
  }
  const byPath = new Map(all.flatMap((each) => each.files).map((file) => [file.path, file]));
  return {
    files: [...byPath.values()].sort(byName),
    passedOver: all.flatMap((each) => each.passedOver),
  };
}

/** Everything at a place. */
async function below(path: string): Promise<{ named: boolean; paths: string[] }> {
  if (await isFolder(path)) {
    const paths = await Array.fromAsync(glob('**/*', { cwd: path }));
    return { named: false, paths: await onlyFiles(paths.filter(isVisible).map((each) => join(path, each))) };
  }
  if (/[*?[{]/.test(path) && (await stat(path).catch(() => null)) === null)
    return { named: true, paths: await onlyFiles(await Array.fromAsync(glob(path))) };
  if ((await stat(path).catch(() => null)) === null) return { named: true, paths: [] };
  return { named: true, paths: [path] };
}

/** Names that begin with a dot or an underscore are no data, as in a dataset. */
function isVisible(path: string): boolean {
  return path.split('/').every((part) => !/^[._]/.test(part));
}

function found({ named, paths }: { named: boolean; paths: string[] }, place: string): FoundFiles {
  const kinds = paths.map((path) => ({ path, kind: kindOf(path, named ? NAMED : EXTENSIONS) }));
  const files = kinds.filter((file): file is SourceFile => file.kind !== null).sort(byName);
  const others = kinds.filter(({ kind }) => kind === null).map(({ path }) => path);
  if (files.length > 0 && !(named && others.length > 0)) return { files, passedOver: others };
  throw new DataError('there is no file to import', {
    expected: paths.length === 0 ? 'a file, a folder, or a glob that some file matches' : EXPECTED,
    found: others.length > 0 ? listing(others.map((path) => basename(path))) : 'nothing',
    where: { file: place },
    remedy:
      paths.length === 0
        ? 'Check the path; quote a glob, so that the shell leaves it alone.'
        : 'Rename the files by what they are, or convert them.',
  });
}

function kindOf(path: string, extensions: readonly [RegExp, FileKind][]): FileKind | null {
  return extensions.find(([extension]) => extension.test(path))?.[1] ?? null;
}

function byName(a: SourceFile, b: SourceFile): number {
  return a.path < b.path ? -1 : a.path > b.path ? 1 : 0;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(() => null))?.isDirectory() ?? false;
}

async function onlyFiles(paths: readonly string[]): Promise<string[]> {
  const files: string[] = [];
  for (const path of paths) if ((await stat(path)).isFile()) files.push(path);
  return files;
}

function elsewhere(place: string): UnsupportedError {
  return new UnsupportedError('only files on this machine can be imported', {
    found: place,
    remedy: `Copy them here first, with aws s3 sync ${place} FOLDER, and import the folder.`,
  });
}

/**
 * Checks that a section without files is the only one.
 * @param source of the import
 * @param others sections that have files
 * @throws ConfigurationError where all files of a folder would be of two sections
 */
export async function checkWhole(source: string, others: readonly string[]): Promise<void> {
  if (others.length === 0 || isS3(source) || !(await isFolder(source))) return;
  throw new ConfigurationError('the map does not say which files of the folder are sales', {
    expected: `sales.files, since ${listing(others)} ${others.length === 1 ? 'has' : 'have'} files too`,
    found: 'none',
    remedy: 'Name them in the map, such as "files": "sales/*.csv".',
  });
}
