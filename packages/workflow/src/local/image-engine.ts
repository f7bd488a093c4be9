import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { createInterface } from 'node:readline';
import { ConfigurationError } from '@hemline/core';
import type { Container, ContainerEngine, RunningContainer } from './container-engine.ts';

/** Programs that run images. */
export type ImageProgram = 'docker' | 'buildah';

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
    const [program, ...texts] = this.name === 'docker' ? dockerRun(container, name) : buildahRun(container);
    const child = spawn(program!, texts, { stdio: ['ignore', 'pipe', 'pipe'] });
    for (const input of [child.stdout, child.stderr]) createInterface({ input }).on('line', onLine);
    return {
      // buildah does not hand signals on to the process: the container is ended with it.
      kill: (signal) => {
        if (this.name === 'docker') spawn('docker', ['kill', '--signal', signal, name], { stdio: 'ignore' });
        else child.kill(signal);
      },
      ended: new Promise((resolve, reject) =>
        child.on('error', reject).on('close', (code, signal) => resolve({ code, signal })),
      ),
    };
  }

  /** Containers carry the folder as a label. */
  endOrphans(folder: string): Promise<number> {
    if (this.name !== 'docker') return Promise.resolve(0);
    const filter = ['--filter', `label=hemline.run=${digest(folder)}`];
    const ids = spawnSync('docker', ['ps', '--quiet', ...filter], { encoding: 'utf8' })
      .stdout.split('\n')
      .filter(Boolean);
    if (ids.length > 0) spawnSync('docker', ['rm', '--force', ...ids], { stdio: 'ignore' });
    return Promise.resolve(ids.length);
  }
}

function dockerRun({ image, command, root, environment, reaches }: Container, name: string): string[] {
  const [entrypoint, ...texts] = command;
  return [
    'docker',
    ...['run', '--rm', '--name', name, '--entrypoint', entrypoint!, '--network', 'none'],
    ...['--label', `hemline.run=${digest(runFolder(root))}`, '--volume', `${root}:/opt/ml`],
    ...reaches.flatMap((folder) => ['--volume', `${folder}:${folder}`]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
    image,
    ...texts,
  ];
}

/** `buildah run` works on a working container and ignores the image's entrypoint: the whole command is given. */
function buildahRun({ image, command, root, environment, reaches }: Container): string[] {
  const volumes = [`${root}:/opt/ml`, ...reaches.map((folder) => `${folder}:${folder}`)];
  const script =
    'c=$(buildah from --pull-never "$1") || exit 78; shift; trap "buildah rm $c >/dev/null" EXIT; buildah run "$@"';
  const options = [
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...Object.entries(environment).flatMap(([key, value]) => ['--env', `${key}=${value}`]),
  ];
  return [
    'sh',
    '-c',
    script.replace('buildah run "$@"', `buildah run ${options.map(quote).join(' ')} "$c" -- "$@"`),
    'sh',
    image,
    ...command,
  ];
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

function nameOf({ root }: Container): string {
  return `hemline-${digest(root)}-${process.pid}`;
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** A root lies in `<run>/jobs/…`. */
function runFolder(root: string): string {
  return root.slice(0, root.lastIndexOf('/jobs/') + '/jobs'.length);
}
