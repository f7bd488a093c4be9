import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Option, type Command } from 'commander';
import { ConfigurationError } from '@hemline/core';
import { readArtifactCard } from '@hemline/runtime';
import { APPROVAL_STATUSES, type ApprovalStatus, Home } from '@hemline/runs';
import { registryOf, modelPackage } from '@hemline/hemline';
import { withRegistry, type RegistryOptions } from './registry-options.ts';
import { printResult } from '../terminal/print.ts';
import { versionText } from './model-versions.ts';
import { parseWhole } from './options.ts';

interface DecisionOptions extends RegistryOptions {
  readonly reason: string;
  readonly by: string;
}

interface RegisterOptions extends DecisionOptions {
  readonly dataset: string;
  readonly modelDir?: string;
  readonly artifact?: string;
  readonly metrics?: string;
  readonly status: ApprovalStatus;
  readonly image?: string;
}

/**
 * Adds `hemline models approve | reject | register`.
 * @param models the command to add to
 */
export function addModelDecisions(models: Command): void {
  for (const [verb, status, effect] of [
    ['approve', 'approved', 'may forecast from now on'],
    ['reject', 'rejected', 'no longer forecasts'],
  ] as const)
    withReason(withRegistry(models.command(verb)))
      .description(`decide that a version ${effect}`)
      .argument('<model>', 'name of a model')
      .argument('<version>', 'number', parseWhole)
      .action(async (model: string, number: number, options: DecisionOptions) => {
        const registry = await registryOf(options.registry);
        const { reason, by } = options;
        const version = await registry.setStatus(model, number, { status, reason, by });
        const latest = await registry.latestApproved(model, version.dataset);
        const now = latest === null ? 'No version' : `Version ${latest.version}`;
        printResult(
          version,
          `${model} ${number} is ${status}. ${now} of ${model} forecasts ${version.dataset} now.`,
          options.json,
        );
      });
  withReason(withRegistry(models.command('register')))
    .description('add a trained model to the registry; the same model again gives the same version')
    .argument('<model>', 'name of a model')
    .requiredOption('--dataset <name>', 'name of the dataset that it was trained on')
    .option('--model-dir <dir>', 'folder of the trained model (default: the latest trained on the dataset)')
    .option('--artifact <uri>', 's3: URI of a copy of that folder or its model.tar.gz, for a registry on AWS')
    .option('--metrics <file>', 'metrics.json that an evaluation left (default: those of the training)')
    .option('--image <uri>', 'image that forecasts with it')
    .addOption(
      new Option('--status <status>', 'status to begin with').choices(APPROVAL_STATUSES).default('pending'),
    )
    .action(register);
}

async function register(model: string, options: RegisterOptions): Promise<void> {
  modelPackage(model);
  const directory = resolve(options.modelDir ?? new Home().require(model, options.dataset).directory);
  const card = await readArtifactCard(directory);
  if (card.model !== model)
    throw new ConfigurationError('the folder holds another model', {
      expected: model,
      found: card.model,
      where: { file: directory },
    });
  const registry = await registryOf(options.registry);
  const identity = [model, options.dataset, card.runId, card.cutoff, card.dataFingerprint, card.entries];
  const version = await registry.register({
    model,
    artifact: options.artifact ?? pathToFileURL(directory).href,
    dataset: options.dataset,
    cutoff: card.cutoff,
    run: card.runId,
    metrics: options.metrics === undefined ? card.metrics : await readMetrics(options.metrics),
    lineage: {
      data: card.dataFingerprint,
      code: card.codeVersion,
      seed: String(card.seed),
      ...(options.image === undefined ? {} : { image: options.image }),
    },
    status: options.status,
    reason: options.reason,
    by: options.by,
    token: createHash('sha256').update(JSON.stringify(identity)).digest('hex'),
  });
  printResult(version, versionText(version), options.json);
}

async function readMetrics(file: string): Promise<Record<string, number>> {
  let found: unknown;
  try {
    found = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new ConfigurationError('the metrics cannot be read', {
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
  const table = found as { metrics?: object } | null;
  const metrics = Object.entries(table?.metrics ?? table ?? {});
  if (metrics.length > 0 && metrics.every(([, value]) => value === null || typeof value === 'number'))
    return Object.fromEntries(metrics.map(([name, value]) => [name, (value as number | null) ?? NaN]));
  throw new ConfigurationError('these are no metrics', {
    expected: 'metrics.json of an evaluation: numbers by name, or below "metrics"',
    found: JSON.stringify(found).slice(0, 100),
    where: { file },
  });
}

function withReason(command: Command): Command {
  return command
    .requiredOption('--reason <text>', 'why; kept in the history for good')
    .option('--by <name>', 'who decides', userName());
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // A container's user may have no name.
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
