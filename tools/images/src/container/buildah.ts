import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BuildRequest, ContainerProgram, RunRequest } from './container-program.ts';
import { buildArguments } from './docker.ts';
import { checkedCommand, runCommand, type CommandResult } from './run-command.ts';

/**
 * Runs a command in a working container that is removed afterwards. `buildah run` knows no read-only root: the container's is
 * mounted over itself as such, in a namespace of its own, with a `/run` that buildah can write to. Arguments: the image, then
 * those of `buildah run` with `CONTAINER` in place of its name.
 */
const RUN = `
set -eu
container=$(buildah from --pull-never "$1"); shift
trap 'buildah rm "$container" >/dev/null' EXIT
root=$(buildah mount "$container")
for file in etc/hosts etc/hostname etc/resolv.conf; do [ -e "$root/$file" ] || : >"$root/$file"; done
unshare --mount sh -eu -c '
  mount --bind "$1" "$1"
  mount -o remount,bind,ro "$1"
  mount -t tmpfs tmpfs "$1/run"
  container=$2; shift 2
  for text; do
    shift
    [ "$text" = CONTAINER ] && text=$container
    set -- "$@" "$text"
  done
  exec buildah run "$@"
' sh "$root" "$container" "$@"`;

/** buildah, which needs no engine. Chroot isolation, unless `BUILDAH_ISOLATION` names another, also works within a container. */
export class Buildah implements ContainerProgram {
  readonly name = 'buildah';

  async build({ file, context, reference, arguments: values }: BuildRequest): Promise<void> {
    const options = ['--format', 'docker', '--file', file, '--tag', reference];
    await this.#checked(['bud', ...options, ...buildArguments(values), context], true);
  }

  run(request: RunRequest): Promise<CommandResult> {
    return runCommand(buildahRun(request), { environment: this.#environment() });
  }

  async has(reference: string): Promise<boolean> {
    const { code } = await runCommand(['buildah', 'inspect', '--type', 'image', reference]);
    return code === 0;
  }

  async labels(reference: string): Promise<Readonly<Record<string, string>>> {
    const text = await this.#checked(['inspect', '--type', 'image', reference]);
    const { OCIv1 } = JSON.parse(text) as { OCIv1: { config: { Labels?: Record<string, string> } } };
    return OCIv1.config.Labels ?? {};
  }

  /** What the files come to: buildah tells no number that can be computed with. */
  async bytes(reference: string): Promise<number> {
    const container = await this.#checked(['from', '--pull-never', reference]);
    try {
      return bytesBelow(await this.#checked(['mount', container]));
    } finally {
      await this.#checked(['rm', container]);
    }
  }

  /**
   * Makes an image of a folder.
   * @param folder its root
   * @param reference of the image
   */
  async commitFolder(folder: string, reference: string): Promise<void> {
    const container = await this.#checked(['from', 'scratch']);
    try {
      await this.#checked(['add', '--quiet', container, folder, '/']);
      await this.#checked(['commit', '--quiet', '--format', 'docker', container, reference]);
    } finally {
      await this.#checked(['rm', container]);
    }
  }

  #checked(args: readonly string[], show = false): Promise<string> {
    return checkedCommand(['buildah', ...args], { show, environment: this.#environment() });
  }

  #environment(): Record<string, string> {
    return { BUILDAH_ISOLATION: process.env['BUILDAH_ISOLATION'] ?? 'chroot' };
  }
}

/**
 * @param request container to run
 * @returns the command
 */
export function buildahRun({ reference, command, root, user, environment = {} }: RunRequest): string[] {
  return [
    ...['sh', '-c', RUN, 'sh', reference, '--user', `${user}:${user}`, '--volume', `${root}:/opt/ml`],
    ...['--mount', 'type=tmpfs,destination=/tmp,tmpfs-mode=1777'],
    ...Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    ...['CONTAINER', '--', ...command],
  ];
}

function bytesBelow(folder: string): number {
  let bytes = 0;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    bytes += entry.isDirectory() ? bytesBelow(path) : lstatSync(path).size;
  }
  return bytes;
}
