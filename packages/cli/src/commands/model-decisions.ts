import { userInfo } from 'node:os';
import { Option, type Command } from 'commander';
import { models } from '@hemline/hemline';
import { APPROVAL_STATUSES } from '@hemline/runs';
import { printResult } from '../terminal/print.ts';
import { versionText } from './model-versions.ts';
import { parseWhole } from './options.ts';
import { withRegistry, type RegistryOptions } from './registry-options.ts';

interface DecisionOptions extends RegistryOptions {
  readonly reason: string;
  readonly by: string;
}

type RegisterOptions = models.RegisterOptions & { readonly json?: boolean };

/**
 * Adds `hemline models approve | reject | register`.
 * @param command to add to
 */
export function addModelDecisions(command: Command): void {
  for (const [verb, status, effect] of [
    ['approve', 'approved', 'may forecast from now on'],
    ['reject', 'rejected', 'no longer forecasts'],
  ] as const)
    withReason(withRegistry(command.command(verb)))
      .description(`decide that a version ${effect}`)
      .argument('<model>', 'name of a model')
      .argument('<version>', 'number', parseWhole)
      .action(async (model: string, number: number, options: DecisionOptions) => {
        const { reason, by } = options;
        const { version, inUse } = await models.decide(model, number, { status, reason, by }, options);
        const now = inUse === null ? 'No version' : `Version ${inUse.version}`;
        printResult(
          version,
          `${model} ${number} is ${status}. ${now} of ${model} forecasts ${version.dataset} now.`,
          options.json,
        );
      });
  withReason(withRegistry(command.command('register')))
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

async function register(model: string, { json, ...options }: RegisterOptions): Promise<void> {
  const version = await models.register(model, options);
  printResult(version, versionText(version), json);
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
