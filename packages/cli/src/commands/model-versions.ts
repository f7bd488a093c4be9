import { Option, type Command } from 'commander';
import { models, registryOf } from '@hemline/hemline';
import { APPROVAL_STATUSES, type ApprovalStatus, type ModelVersion } from '@hemline/runs';
import { printResult } from '../terminal/print.ts';
import { drawTable, showCell } from '../terminal/table.ts';
import { wrap } from '../terminal/wrap.ts';
import { parseWhole } from './options.ts';
import { withRegistry, type RegistryOptions } from './registry-options.ts';

/** Longer texts are broken, so that a table fits a terminal. */
const REASON_WIDTH = 36;
const STANDARD_ERROR = 'StandardError';
const REQUIREMENT_NAMES = {
  anyMetric: 'is scored',
  maximum: 'not too large',
  bias: 'not too far off in all',
  betterThan: 'better than the baseline',
  monotone: 'curves never fall',
  approvedTolerance: 'not worse than before',
} as const;

/**
 * Adds `hemline models list | show | compare`.
 * @param command to add to
 */
export function addModelVersions(command: Command): void {
  withRegistry(command.command('list'))
    .description('versions in the registry, newest first')
    .argument('[model]', 'only of this model')
    .addOption(new Option('--status <status>', 'only with this status').choices(APPROVAL_STATUSES))
    .option('--dataset <name>', 'only trained on this dataset')
    .action(listVersions);
  withRegistry(command.command('show'))
    .description('everything about a version: metrics, where it comes from, every decision')
    .argument('<model>', 'name of a model')
    .argument('[version]', 'number (default: the latest approved, else the newest)', parseWhole)
    .action(showVersion);
  withRegistry(command.command('compare'))
    .description('metrics and origins of versions side by side')
    .argument('<model>', 'name of a model')
    .argument(
      '[versions...]',
      'two or more numbers (default: the newest and the latest approved before it)',
      (text: string, before: readonly number[] | undefined) => [...(before ?? []), parseWhole(text)],
    )
    .action(compareVersions);
}

async function listVersions(
  model: string | undefined,
  { json, ...options }: RegistryOptions & { status?: ApprovalStatus; dataset?: string },
): Promise<void> {
  const versions = await models.list({ ...options, model });
  const rows = versions.map((each) => {
    const { by, at, reason } = each.history.at(-1)!;
    return [
      ...[each.model, each.version, each.status, `${by}\n${at.slice(0, 10)}`],
      ...[`${each.dataset}\n${each.cutoff}`, metricsText(each.metrics), wrap(reason, REASON_WIDTH)],
    ];
  });
  const text =
    rows.length === 0
      ? `No such version in ${(await registryOf(options.registry)).url}`
      : drawTable(['model', 'version', 'status', 'by', 'dataset, cutoff', 'metrics', 'reason'], rows);
  printResult(versions, text, json);
}

async function showVersion(
  model: string,
  number: number | undefined,
  options: RegistryOptions,
): Promise<void> {
  const version = await models.show(model, number, options);
  const requirements = await models.requirements(version, options);
  const text = [versionText(version), ...requirementsText(requirements)].join('\n');
  printResult({ ...version, requirements }, text, options.json);
}

async function compareVersions(
  model: string,
  numbers: readonly number[],
  options: RegistryOptions,
): Promise<void> {
  const compared = await models.compare(model, numbers, options);
  printResult(compared, comparisonText(compared), options.json);
}

function comparisonText({ model, versions, metrics }: models.VersionComparison): string {
  const heads = versions.map(({ version, status }) => `${version} (${status})`);
  const origins = ['dataset', 'cutoff', 'run', 'artifact', 'createdAt'] as const;
  const lineage = [...new Set(versions.flatMap((each) => Object.keys(each.lineage)))].sort();
  return [
    `${model}: metrics, the change from the first to the last`,
    drawTable(
      ['metric', ...heads, 'change', 'change %'],
      metrics.map(({ name, values, change, relative }) => [
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
    'Decisions, oldest first',
    drawTable(
      ['at', 'status', 'by', 'reason'],
      history.map(({ at, status, by, reason }) => [at, status, by, reason]),
    ),
  ].join('\n');
}

/** What is asked of the version, and what it has. */
function requirementsText(requirements: Awaited<ReturnType<typeof models.requirements>>): string[] {
  if (requirements === null)
    return ['The workspace has no model of this name: what is required of its versions is not known here.'];
  return [
    'Requirements, as they are now',
    drawTable(
      ['requirement', 'metric', 'limit', 'value', 'met', 'why not'],
      requirements.map(({ requirement, metric, limit, value, met, reasons }) => [
        ...[REQUIREMENT_NAMES[requirement], metric, wrap(limit, REASON_WIDTH), value],
        met === null ? 'not asked yet' : met ? 'yes' : 'NO',
        wrap(reasons.join('; '), REASON_WIDTH),
      ]),
    ),
  ];
}

/** Every metric; its standard error beside it. */
function metricsText(metrics: Readonly<Record<string, number>>): string {
  const shown = Object.entries(metrics).flatMap(([name, value]) => {
    if (name.endsWith(STANDARD_ERROR)) return [];
    const error = metrics[`${name}${STANDARD_ERROR}`];
    return `${name} ${showCell(value)}${error === undefined ? '' : ` ± ${showCell(error)}`}`;
  });
  return shown.join('\n');
}
