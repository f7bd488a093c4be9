import { Option, type Command } from 'commander';

/** Options of every command that asks the registry. */
export interface RegistryOptions {
  readonly registry?: string;
  readonly json?: boolean;
}

/**
 * Adds `--registry` and `--json`.
 * @param command to add to
 * @returns it
 */
export function withRegistry(command: Command): Command {
  return command.addOption(registryOption()).option('--json', 'print the result as JSON');
}

/** @returns `--registry` alone, for commands that ask it besides other things */
export function registryOption(): Option {
  return new Option(
    '--registry <url>',
    'a folder, or sagemaker://PREFIX of the model package groups (default: registry/ of HEMLINE_HOME)',
  ).env('HEMLINE_REGISTRY');
}
