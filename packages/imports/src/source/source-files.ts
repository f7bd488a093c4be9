import { glob, stat } from 'node:fs/promises';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { ConfigurationError, DataError, listing } from '@hemline/core';
import { isS3 } from '@hemline/stores';
import { isObject, objectsAt, type FoundPaths } from './source-objects.ts';
import { validFiles } from './valid-files.ts';

/** How the lines of a file are written. */
export type FileKind = 'csv' | 'parquet' | 'json' | 'excel';

/** A file with lines. */
export interface SourceFile {
  /** On this machine, or `s3://…`. */
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
  [/\.(xlsx|xlsm)$/i, 'excel'],
];
/** A text that is named is taken for CSV; in a folder it is more likely a note. */
const NAMED: readonly [RegExp, FileKind][] = [...EXTENSIONS, [/\.txt(\.gz)?$/i, 'csv']];
const EXPECTED =
  'CSV (.csv, .tsv, .txt), Parquet (.parquet), JSON lines (.jsonl, .ndjson, .json) or Excel workbooks (.xlsx); CSV and JSON also as .gz';

/**
 * Finds the files of a section.
 * @param source file, folder or glob that the import is given; a path or `s3://…`
 * @param files of the section, relative to the source where it is a folder, else to its folder
 * @returns at least one file
 * @throws DataError where there is no file, or one that cannot be read
 * @throws UnsupportedError where they are of a table whose transaction log is not read
 */
export async function sourceFiles(
  source: string,
  files: string | readonly string[] | undefined,
): Promise<FoundFiles> {
  if (files === undefined) return found(await below(placeOf(source)), source);
  const base = await baseOf(source);
  const all: FoundFiles[] = [];
  for (const each of typeof files === 'string' ? [files] : files) {
    const path = isS3(each) ? each : isS3(base) ? `${base}/${each}` : resolve(base, each);
    all.push(await found(await below(path), isS3(path) ? path : relative('', path)));
  }
  const byPath = new Map(all.flatMap((each) => each.files).map((file) => [file.path, file]));
  return {
    files: [...byPath.values()].sort(byName),
    passedOver: all.flatMap((each) => each.passedOver),
  };
}

/**
 * The folder that files of a map are named from.
 * @param source of the import
 * @returns the source itself where it is a folder, else its folder
 */
export async function baseOf(source: string): Promise<string> {
  if (!isS3(source)) return (await isFolder(source)) ? resolve(source) : dirname(resolve(source));
  const glob = source.search(/[*?[{]/);
  if (glob !== -1) return source.slice(0, source.lastIndexOf('/', glob));
  return (await isObject(source)) ? source.slice(0, source.lastIndexOf('/')) : source.replace(/\/+$/, '');
}

function placeOf(source: string): string {
  return isS3(source) ? source : resolve(source);
}

/** Everything at a place. */
async function below(path: string): Promise<FoundPaths> {
  if (isS3(path)) {
    const { named, paths } = await objectsAt(path);
    return { named, paths: named ? paths : paths.filter((each) => isVisible(each.slice(path.length))) };
  }
  if (await isFolder(path)) {
    const paths = await Array.fromAsync(glob('**/*', { cwd: path }));
    return { named: false, paths: await onlyFiles(paths.filter(isVisible).map((each) => join(path, each))) };
  }
  if (/[*?[{]/.test(path) && (await stat(path).catch(() => null)) === null)
    return { named: true, paths: await onlyFiles(await Array.fromAsync(glob(path))) };
  if ((await stat(path).catch(() => null)) === null) return { named: true, paths: [] };
  return { named: true, paths: [path] };
}

/** Names that begin with a dot or an underscore are no data, as in a dataset; nor is what Excel leaves of an open workbook. */
function isVisible(path: string): boolean {
  return path.split('/').every((part) => !/^([._]|~\$)/.test(part));
}

async function found({ named, paths: all }: FoundPaths, place: string): Promise<FoundFiles> {
  const { valid: paths, replaced } = await validFiles(all);
  const kinds = paths.map((path) => ({ path, kind: kindOf(path, named ? NAMED : EXTENSIONS) }));
  const files = kinds.filter((file): file is SourceFile => file.kind !== null).sort(byName);
  const others = kinds.filter(({ kind }) => kind === null).map(({ path }) => path);
  if (files.length > 0 && !(named && others.length > 0))
    return { files, passedOver: [...others, ...replaced] };
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

/**
 * Checks that a section without files is the only one.
 * @param source of the import
 * @param others sections that have files
 * @throws ConfigurationError where all files of a folder would be of two sections
 */
export async function checkWhole(source: string, others: readonly string[]): Promise<void> {
  if (others.length === 0 || (isS3(source) ? await isObject(source) : !(await isFolder(source)))) return;
  throw new ConfigurationError('the map does not say which files of the folder are sales', {
    expected: `sales.files, since ${listing(others)} ${others.length === 1 ? 'has' : 'have'} files too`,
    found: 'none',
    remedy: 'Name them in the map, such as "files": "sales/*.csv".',
  });
}
