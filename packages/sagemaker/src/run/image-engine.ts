import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@hemline/core';
import type { Container, ContainerEngine, RunningContainer } from './container-engine.ts';
import { processesMarked, signalProcess } from './marked-processes.ts';

/** Programs that run images. */
export type ImageProgram = 'docker' | 'buildah';

/** Variable of the environment of what runs in a container of buildah: its name. */
const MARK = 'HEMLINE_CONTAINER';

/**
 * Runs each job as a container of its image, its root mounted at `/opt/ml`. Links in the root lead to where the data lies, so
 * those folders are mounted under their own names.
 */
export class ImageEngine implements ContainerEngine {
  readonly name: ImageProgram;

  /**
   * @param name of the program
   * @throws ConfigurationError when it is not there
   */
  constructor(name: ImageProgram) {
    this.name = name;
    const { error, status } = spawnSync(name, ['--version'], { stdio: 'ignore' });
    if (error !== undefined || status !== 0)
      throw new ConfigurationError(`${name} cannot be started`, {
        found: error?.message ?? `exit code ${status}`,
        remedy: `Install ${name}, or leave --engine out: jobs then run as processes.`,
      });
  }

  start(container: Container, onLine: (line: string) => void): RunningContainer {
    const name = nameOf(container);
    const [program, ...texts] =
      this.name === 'docker' ? dockerRun(container, name) : buildahRun(container, name);
    const child = spawn(program!, texts, {
      stdio: ['ignore', 'pipe', 'pipe'],
      // Ctrl-C at the terminal is for the executor, which asks jobs to stop: buildah would kill its container at once.
      detached: true,
      env: this.name === 'docker' ? process.env : buildahEnvironment(),
    });
    let hasEnded = false;
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
    return {
      kill: (signal) => {
        if (this.name === 'docker') spawn('docker', ['kill', '--signal', signal, name], { stdio: 'ignore' });
        else void signalContainer(name, signal, () => hasEnded);
      },
      ended: new Promise((resolve, reject) =>
        child.on('error', reject).on('close', (code, signal) => {
          hasEnded = true;
          resolve({ code, signal });
        }),
      ),
    };
  }

  /** Containers carry the folder: those of docker as a label, those of buildah in their name and environment. */
  endOrphans(folder: string): Promise<number> {
    return Promise.resolve(
      this.name === 'docker' ? endDockerOrphans(digest(folder)) : endBuildahOrphans(digest(folder)),
    );
  }
}

function dockerRun({ image, command, root, environment, reaches }: Container, name: string): string[] {
  const [entrypoint, ...texts] = command;
  // What the jobs leave is moved about by this process: it has to be this user's.
  const user = process.getuid === undefined ? [] : ['--user', `${process.getuid()}:${process.getgid!()}`];
  return [
    'docker',
    ...['run', '--rm', '--name', name, '--entrypoint', entrypoint!, '--network', 'none', ...user],
    ...['--label', `hemline.run=${digest(runFolder(root))}`, '--volume', `${root}:/opt/ml`],
    ...reaches.flatMap((folder) => ['--volume', `${folder}:${folder}`]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    image,
    ...texts,
  ];
}

function endDockerOrphans(run: string): number {
  const filter = ['--filter', `label=hemline.run=${run}`];
  const ids = linesOf('docker', ['ps', '--quiet', ...filter]);
  if (ids.length > 0) spawnSync('docker', ['rm', '--force', ...ids], { stdio: 'ignore' });
  return ids.length;
}

/** Runs in a working container that is removed when the job has ended. Arguments: image, name, those of `buildah run`. */
const BUILDAH_SCRIPT = `buildah from --pull-never --name "$2" "$1" >/dev/null || exit 78
shift 2
buildah run "$@"
code=$?
buildah rm "$container" >/dev/null
exit $code`;

/** `buildah run` ignores the image's entrypoint: the whole command is given. */
function buildahRun({ image, command, root, environment, reaches }: Container, name: string): string[] {
  const volumes = [`${root}:/opt/ml`, ...reaches.map((folder) => `${folder}:${folder}`)];
  return [
    ...['sh', '-c', `container='${name}'\n${BUILDAH_SCRIPT}`, 'sh', image, name],
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...Object.entries({ ...environment, [MARK]: name }).flatMap(([key, value]) => [
      '--env',
      `${key}=${value}`,
    ]),
    ...[name, '--', ...command],
  ];
}

/** Isolation by chroot needs no rights over cgroups, and works within a container too. */
function buildahEnvironment(): NodeJS.ProcessEnv {
  return { ...process.env, BUILDAH_ISOLATION: process.env['BUILDAH_ISOLATION'] ?? 'chroot' };
}

/**
 * buildah kills its container when it is told to stop: the job is told itself, by the mark in its environment, as soon as it
 * runs.
 */
async function signalContainer(name: string, signal: NodeJS.Signals, hasEnded: () => boolean): Promise<void> {
  while (!hasEnded()) {
    const pids = processesMarked(MARK, (mark) => mark === name);
    for (const pid of pids) signalProcess(pid, signal);
    if (pids.length > 0) return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function endBuildahOrphans(run: string): number {
  const isOfRun = (name: string): boolean => name.startsWith(`hemline-${run}-`);
  const pids = processesMarked(MARK, isOfRun);
  for (const pid of pids) signalProcess(pid, 'SIGKILL');
  const left = linesOf('buildah', ['containers', '--format', '{{.ContainerName}}']).filter(isOfRun);
  if (left.length > 0) spawnSync('buildah', ['rm', ...left], { stdio: 'ignore', env: buildahEnvironment() });
  return pids.length;
}

function linesOf(program: string, args: readonly string[]): string[] {
  return (spawnSync(program, args, { encoding: 'utf8' }).stdout ?? '').split('\n').filter(Boolean);
}

/** Unique, and tells the run that it belongs to. */
function nameOf({ root }: Container): string {
  return `hemline-${digest(runFolder(root))}-${digest(root)}-${process.pid}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** A root lies in `<run>/jobs/…`. */
function runFolder(root: string): string {
  return root.slice(0, root.lastIndexOf('/jobs/') + '/jobs'.length);
}
