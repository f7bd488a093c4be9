import { join } from 'node:path';
import type { RunContext, WrittenReport } from '@hemline/report';
import type { KnownRun, ModelVersion, Home } from '@hemline/runs';
import { registryOf } from '../registry.ts';
import { modelCatalog } from '../workflow/model-catalog.ts';
import { loadModel } from '../workspace.ts';

/** Name of the report in the folder of its run. */
export const REPORT_FILE = 'report.html';

/**
 * Writes the report of a run, with what only the command knows: quantities of models, and versions of the registry.
 * @param home with runs and registry
 * @param run with its record
 * @param file to write
 * @returns where it is, and how large
 */
export async function reportOfRun(home: Home, run: KnownRun, file: string): Promise<WrittenReport> {
  const catalog = await modelCatalog();
  const registry = await registryOf(join(home.directory, 'registry'));
  const context: RunContext = {
    quantityOf: (model) => catalog.find(({ name }) => name === model)?.quantity ?? null,
    curvesOf: async (model) => (await loadModel(model)).curves ?? null,
    championOf: async (model) => {
      const champion = championOf(await registry.list(model), run);
      return champion === null
        ? null
        : { version: champion.version, run: champion.run, directory: home.runFolder(champion.run) };
    },
  };
  // Plots take a while to load: only those who need them wait.
  const { writeReport } = await import('@hemline/report');
  return writeReport(run, context, file);
}

/** The latest version that was approved when the run began, and is not its own. */
function championOf(versions: readonly ModelVersion[], { record }: KnownRun): ModelVersion | null {
  const before = versions.filter((version) => {
    const decision = version.history.findLast(({ at }) => at < record.startedAt);
    // A model of other data is nothing to compare with.
    const isOfData = record.inputs.some(({ name }) => name === version.dataset);
    return isOfData && version.run !== record.run && decision?.status === 'approved';
  });
  return before.toSorted((a, b) => b.version - a.version)[0] ?? null;
}
