import { DataError } from '@hemline/core';
import type { StepServices } from './step-services.ts';

/** The object that ends a delivery: nothing is read before it is there. */
const SUCCESS = '_SUCCESS';
/** What the clock starts is of a week: what is older has had its run. */
const MOST_DAYS = 7;
const DAY = 86_400_000;
/** Folders looked at, at the same time. */
const AT_ONCE = 16;

/** A folder of data that is complete. */
export interface Delivery {
  /** URI of the folder, with a slash at its end. */
  readonly folder: string;
  /** When its `_SUCCESS` was written; with the folder it tells deliveries apart. */
  readonly at: string;
}

/**
 * The delivery that a run is to work on which the clock has started, not the data: the newest that is complete.
 * @param prefixes URIs of folders below which data is delivered, at any depth
 * @param services of the place
 * @returns the delivery
 * @throws DataError when none is complete, or the newest is older than a week: a run on last week's data would be taken for this week's
 */
export async function newestDelivery(
  prefixes: readonly string[],
  { files, now }: Pick<StepServices, 'files' | 'now'>,
): Promise<Delivery> {
  const found: Delivery[] = [];
  for (let open = [...prefixes]; open.length > 0;) {
    const looked = await Promise.all(
      open.slice(0, AT_ONCE).map(async (folder) => ({ folder, ...(await files.folder(folder)) })),
    );
    open = open.slice(AT_ONCE);
    for (const { folder, objects, folders } of looked) {
      const success = objects.find(({ uri }) => uri === `${folder}${SUCCESS}`);
      if (success !== undefined && !prefixes.includes(folder)) found.push({ folder, at: success.at });
      else open.push(...folders.filter((each) => !isPartOfTable(each)));
    }
  }
  const newest = found.sort((a, b) => (a.at < b.at ? 1 : a.at > b.at ? -1 : a.folder < b.folder ? 1 : -1))[0];
  const oldest = new Date(now().getTime() - MOST_DAYS * DAY).toISOString();
  if (newest !== undefined && newest.at >= oldest) return newest;
  throw new DataError('no delivery of this week is complete', {
    expected: `a folder below ${prefixes.join(' or ')} whose ${SUCCESS} was written after ${oldest}`,
    found: newest === undefined ? 'none at all' : `${newest.folder} of ${newest.at} as the newest`,
    remedy: `Deliver the data with ${SUCCESS} as its last object, then start the workflow with {"data": "s3://BUCKET/FOLDER/"}.`,
  });
}

/** A delivery that is under way has tables, not deliveries, below it: partitions of them are not looked into. */
function isPartOfTable(folder: string): boolean {
  const name = folder.split('/').at(-2)!;
  return name.includes('=') || /^[._]/.test(name);
}
