import type { Files, ImportMap, SectionName } from '../map/import-map.ts';
import type { Database } from '../sql/database.ts';
import { fileGroups, type FileGroup } from './file-group.ts';
import type { Staging } from './staged-files.ts';
import { checkWhole, sourceFiles } from './source-files.ts';

/** Files of an import, by section of the map. */
export interface FoundGroups {
  readonly groups: ReadonlyMap<SectionName, readonly FileGroup[]>;
  /** How many files there are. */
  readonly files: number;
  /** Files of folders that are none of those that can be read. */
  readonly passedOver: readonly string[];
}

/** Sections that may have files of their own besides sales. */
const OTHERS = [
  ...(['returns', 'prices', 'stock', 'sizes', 'fulfillment', 'clearance', 'articles', 'markets'] as const),
];

/**
 * Finds the files of all sections and their columns.
 * @param database to ask for columns
 * @param source of the import
 * @param map of the import
 * @param staging for files that DuckDB does not read where they are
 * @returns them
 * @throws DataError where a section has no file
 */
export async function findGroups(
  database: Database,
  source: string,
  map: ImportMap,
  staging: Staging,
): Promise<FoundGroups> {
  const sections = OTHERS.filter((section) => map[section]?.files !== undefined);
  if (map.sales.files === undefined) await checkWhole(source, sections);
  const groups = new Map<SectionName, readonly FileGroup[]>();
  const passedOver: string[] = [];
  let files = 0;
  for (const section of ['sales', ...sections] as const) {
    const { files: places, format } = map[section] as Files;
    const found = await sourceFiles(source, places);
    const written = { ...map.format, ...format };
    groups.set(section, await fileGroups(database, await staging.stage(found.files, written), written));
    files += found.files.length;
    passedOver.push(...found.passedOver);
  }
  return { groups, files, passedOver };
}
