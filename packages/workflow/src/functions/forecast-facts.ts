import type { ForecastFacts } from './state.ts';
import type { StepServices } from './step-services.ts';

interface ForecastManifest {
  readonly hosts: number;
  readonly files: readonly { readonly rows: number; readonly bytes: number }[];
}

/**
 * What a job has forecast, by what its hosts left.
 * @param folder URI of the forecast
 * @param services of the place
 * @returns null while what a host has to leave is missing: the forecast is then not whole
 */
export async function forecastFacts(folder: string, { files }: StepServices): Promise<ForecastFacts | null> {
  const names = (await files.list(`${folder}manifest`)).filter((uri) => /manifest(-[^/]+)?\.json$/.test(uri));
  const manifests = await Promise.all(
    names.map(async (uri) => JSON.parse((await files.read(uri))!) as ForecastManifest),
  );
  // Every host of a job leaves a manifest; while one is missing, the forecast is not whole.
  if (manifests.length === 0 || manifests.some(({ hosts }) => hosts !== manifests.length)) return null;
  const all = manifests.flatMap((manifest) => manifest.files);
  const sum = (key: 'rows' | 'bytes'): number => all.reduce((total, file) => total + file[key], 0);
  return { folder, files: all.length, rows: sum('rows'), bytes: sum('bytes') };
}
