import { copyFile, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Buildah } from '../container/buildah.ts';
import { checkedCommand } from '../container/run-command.ts';

/** Debian's release that the public image of Node 24 stands on. */
export const SUITE = 'trixie';
/** Name of the base image that {@link makeBase} makes. */
export const OFFLINE_BASE = `localhost/hemline/base:${SUITE}-node${process.versions.node}`;

/** What to make a base image of. */
export interface BaseOptions {
  /** Mirror of Debian's packages. */
  readonly mirror?: string;
  /** Path of the Node binary. */
  readonly node: string;
}

/**
 * Makes a base image where no registry can be reached: Debian's smallest system, by debootstrap, and this Node's binary. It
 * stands for the public image of Node, which has the same release below.
 * @param options mirror and Node
 * @returns the reference, {@link OFFLINE_BASE}
 * @throws PlatformError when debootstrap or buildah is missing or fails
 */
export async function makeBase({ mirror, node }: BaseOptions): Promise<string> {
  const context = await mkdtemp(join(tmpdir(), 'hemline-base-'));
  try {
    const root = join(context, 'root');
    const options = ['--variant=minbase', '--include=ca-certificates,libstdc++6'];
    await checkedCommand(
      ['debootstrap', ...options, SUITE, root, ...(mirror === undefined ? [] : [mirror])],
      { show: true },
    );
    for (const name of ['var/cache/apt/archives', 'var/lib/apt/lists', 'var/log/bootstrap.log'])
      await rm(join(root, name), { recursive: true, force: true });
    await mkdir(join(root, 'usr/local/bin'), { recursive: true });
    await copyFile(node, join(root, 'usr/local/bin/node'));
    await new Buildah().commitFolder(root, OFFLINE_BASE);
    return OFFLINE_BASE;
  } finally {
    await rm(context, { recursive: true, force: true });
  }
}
