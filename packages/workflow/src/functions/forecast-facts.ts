import type { ForecastFacts } from './state.ts';
import type { StepServices } from './step-services.ts';

/** What a host of a job leaves in `_SUCCESS` when it has ended well, `ManifestTotals` of the stores. */
interface HostTotals {
  readonly hosts: number;
  readonly files: number;
  readonly rows: number;
  readonly bytes: number;
}

/**
 * What a job has forecast, by what its hosts left at their end. The manifests are not read: a million files are more than the function of
 * small steps has memory for.
 * @param folder URI of the forecast
 * @param services of the place
 * @returns null while what a host has to leave is missing: the forecast is then not whole
 */
export async function forecastFacts(folder: string, { files }: StepServices): Promise<ForecastFacts | null> {
  const names = (await files.list(`${folder}_SUCCESS`)).filter((uri) => /\/_SUCCESS(-[^/]+)?$/.test(uri));
  const hosts = await Promise.all(
    names.map(async (uri) => JSON.parse((await files.read(uri))!) as HostTotals),
  );
  if (hosts.length === 0 || hosts.some((each) => each.hosts !== hosts.length)) return null;
  const sum = (key: 'files' | 'rows' | 'bytes'): number =>
    hosts.reduce((total, each) => total + each[key], 0);
  return { folder, files: sum('files'), rows: sum('rows'), bytes: sum('bytes') };
}
