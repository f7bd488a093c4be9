import type { BuildRequest, ContainerProgram, RunRequest } from './container-program.ts';
import { checkedCommand, runCommand, type CommandResult } from './run-command.ts';

/** Docker, with BuildKit. */
export class Docker implements ContainerProgram {
  readonly name = 'docker';

  async build(request: BuildRequest): Promise<void> {
    await checkedCommand(dockerBuild(request), { show: true, environment: { DOCKER_BUILDKIT: '1' } });
  }

  run(request: RunRequest): Promise<CommandResult> {
    return runCommand(dockerRun(request));
  }

  async has(reference: string): Promise<boolean> {
    return (await runCommand(['docker', 'image', 'inspect', reference])).code === 0;
  }

  async labels(reference: string): Promise<Readonly<Record<string, string>>> {
    const format = ['--format', '{{json .Config.Labels}}'];
    const text = await checkedCommand(['docker', 'image', 'inspect', ...format, reference]);
    return (JSON.parse(text) as Record<string, string> | null) ?? {};
  }

  async bytes(reference: string): Promise<number> {
    // BuildKit keeps the image below another one to itself.
    if (!(await this.has(reference))) await checkedCommand(['docker', 'pull', '--quiet', reference]);
    return Number(await checkedCommand(['docker', 'image', 'inspect', '--format', '{{.Size}}', reference]));
  }
}

/**
 * @param request image to build
 * @returns the command
 */
export function dockerBuild({ file, context, reference, arguments: values }: BuildRequest): string[] {
  return [
    'docker',
    'build',
    '--load',
    '--file',
    file,
    '--tag',
    reference,
    ...buildArguments(values),
    context,
  ];
}

/**
 * @param values by name
 * @returns them as docker and buildah take them
 */
export function buildArguments(values: Readonly<Record<string, string>>): string[] {
  return Object.entries(values).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]);
}

/**
 * @param request container to run
 * @returns the command
 */
export function dockerRun({ reference, command, root, user, environment = {} }: RunRequest): string[] {
  return [
    ...['docker', 'run', '--rm', '--network', 'none', '--read-only', '--tmpfs', '/tmp:mode=1777'],
    ...['--user', `${user}:${user}`, '--volume', `${root}:/opt/ml`],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    reference,
    ...command,
  ];
}
