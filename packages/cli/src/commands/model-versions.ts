import { Option, type Command } from 'commander';
import { ConfigurationError } from '@hemline/core';
import { APPROVAL_STATUSES, type ApprovalStatus, type ModelRegistry, type ModelVersion } from '@hemline/runs';
import { registryOf } from '@hemline/hemline';
import { withRegistry, type RegistryOptions } from './registry-options.ts';
import { compareValues } from '../terminal/compare-values.ts';
import { printResult } from '../terminal/print.ts';
import { drawTable, showCell } from '../terminal/table.ts';
import { parseWhole } from './options.ts';

/**
 * Adds `hemline models list | show | compare`.
 * @param models the command to add to
 */
export function addModelVersions(models: Command): void {
  withRegistry(models.command('list'))
    .description('versions in the registry, newest first')
    .argument('[model]', 'only of this model')
    .addOption(new Option('--status <status>', 'only with this status').choices(APPROVAL_STATUSES))
    .option('--dataset <name>', 'only trained on this dataset')
    .action(listVersions);
  withRegistry(models.command('show'))
    .description('everything about a version: metrics, where it comes from, every decision')
    .argument('<model>', 'name of a model')
    .argument('[version]', 'number (default: the latest approved, else the newest)', parseWhole)
    .action(showVersion);
  withRegistry(models.command('compare'))
    .description('metrics and origins of versions side by side')
    .argument('<model>', 'name of a model')
    .argument(
      '[versions...]',
      'two or more numbers (default: the latest approved and the newest)',
      (text: string, before: readonly number[] | undefined) => [...(before ?? []), parseWhole(text)],
    )
    .action(compareVersions);
}

async function listVersions(
  model: string | undefined,
  options: RegistryOptions & { status?: ApprovalStatus; dataset?: string },
): Promise<void> {
  const registry = await registryOf(options.registry);
  const versions = (await registry.list(model))
    .filter(({ status }) => options.status === undefined || status === options.status)
    .filter(({ dataset }) => options.dataset === undefined || dataset === options.dataset)
    .toSorted((a, b) => (a.model === b.model ? b.version - a.version : a.model < b.model ? -1 : 1));
  const rows = versions.map((each) => [
    each.model,
    each.version,
    each.status,
    each.dataset,
    each.cutoff,
    metricsText(each.metrics),
    each.history.at(-1)!.reason,
  ]);
  const text =
    rows.length === 0
      ? `No such version in ${registry.url}`
      : drawTable(['model', 'version', 'status', 'dataset', 'cutoff', 'metrics', 'reason'], rows);
  printResult(versions, text, options.json);
}

async function showVersion(
  model: string,
  number: number | undefined,
  options: RegistryOptions,
): Promise<void> {
  const registry = await registryOf(options.registry);
  const version =
    number === undefined
      ? ((await registry.latestApproved(model)) ?? (await newest(registry, model)))
      : await registry.get(model, number);
  printResult(version, versionText(version), options.json);
}

async function compareVersions(
  model: string,
  numbers: readonly number[],
  options: RegistryOptions,
): Promise<void> {
  const registry = await registryOf(options.registry);
  const versions =
    numbers.length === 0
      ? await defaultPair(registry, model)
      : await Promise.all(numbers.map((each) => registry.get(model, each)));
  if (new Set(versions.map(({ version }) => version)).size < 2)
    throw new ConfigurationError('there is nothing to compare', {
      expected: 'two versions',
      found: versions.map(({ version }) => version).join(', '),
      remedy: '"hemline models list" shows what is registered.',
    });
  const compared = compareValues(versions.map(({ metrics }) => metrics));
  const heads = versions.map(({ version, status }) => `${version} (${status})`);
  const origins = ['dataset', 'cutoff', 'run', 'artifact', 'createdAt'] as const;
  const lineage = [...new Set(versions.flatMap((each) => Object.keys(each.lineage)))].sort();
  const text = [
    `${model}: metrics, the change from the first to the last`,
    drawTable(
      ['metric', ...heads, 'change', 'change %'],
      compared.map(({ name, values, change, relative }) => [
        name,
        ...values,
        change,
        relative === null ? null : 100 * relative,
      ]),
    ),
    'Origins',
    drawTable(
      ['of', ...heads],
      [
        ...origins.map((name) => [name, ...versions.map((each) => each[name])]),
        ...lineage.map((name) => [name, ...versions.map((each) => each.lineage[name] ?? null)]),
      ],
    ),
  ].join('\n');
  printResult({ model, versions, metrics: compared }, text, options.json);
}

async function defaultPair(registry: ModelRegistry, model: string): Promise<ModelVersion[]> {
  const last = await newest(registry, model);
  const approved = await registry.latestApproved(model);
  return approved === null ? [last] : [approved, last];
}

async function newest(registry: ModelRegistry, model: string): Promise<ModelVersion> {
  const versions = await registry.list(model);
  // The registry's own words for a version that is not there.
  return versions.at(-1) ?? registry.get(model, 1);
}

/**
 * A version for people.
 * @param version of the registry
 * @returns facts, metrics, lineage and history
 */
export function versionText(version: ModelVersion): string {
  const { model, status, history } = version;
  return [
    `${model} ${version.version}: ${status}`,
    drawTable(
      ['of', 'value'],
      [
        ...(['artifact', 'dataset', 'cutoff', 'run', 'createdAt'] as const).map((name) => [
          name,
          version[name],
        ]),
        ...Object.entries(version.lineage),
      ],
    ),
    drawTable(['metric', 'value'], Object.entries(version.metrics)),
    drawTable(
      ['at', 'status', 'by', 'reason'],
      history.map(({ at, status, by, reason }) => [at, status, by, reason]),
    ),
  ].join('\n');
}

function metricsText(metrics: Readonly<Record<string, number>>): string {
  const entries = Object.entries(metrics);
  const shown = entries.slice(0, 3).map(([name, value]) => `${name} ${showCell(value)}`);
  return entries.length > 3 ? `${shown.join(', ')}, …` : shown.join(', ');
}
