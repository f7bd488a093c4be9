import { chmod, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundlePrograms } from '../bundle/bundle-programs.ts';
import { copyFiles } from '../engines/copy-files.ts';
import { HOME } from '../engines/engine-record.ts';
import { engineFacts, stageEngines } from '../engines/stage-engines.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';

/**
 * Folder of everything that is made of a package on its way to an image.
 * @param root of the workspace
 * @param spec of the image
 * @returns the folder, below `dist/`
 */
export function imageFolder(root: string, { name }: ImageSpec): string {
  return join(root, 'dist', 'images', name);
}

/**
 * Bundles an image's programs, and the checks of its engines.
 * @param root of the workspace
 * @param spec of the image
 * @returns what was bundled
 */
export function bundleImage(root: string, spec: ImageSpec): ReturnType<typeof bundlePrograms> {
  const checks = spec.variants.flatMap((variant) => engineFacts(spec.engines, variant).checks);
  return bundlePrograms(
    root,
    {
      ...spec.programs,
      ...Object.fromEntries(checks.map((check) => [`check-${check}`, checkModule(check)])),
    },
    join(imageFolder(root, spec), 'bundle'),
    spec.members,
  );
}

/**
 * Lays out what an image is built from: `bundle/` as {@link bundleImage} left it, `engines/` and `bin/`.
 * @param root of the workspace
 * @param spec of the image
 * @param variant of it
 * @returns folder of the context
 */
export async function layOutContext(root: string, spec: ImageSpec, variant: Variant): Promise<string> {
  const context = join(imageFolder(root, spec), variant);
  await rm(context, { recursive: true, force: true });
  await copyFiles(join(imageFolder(root, spec), 'bundle'), join(context, 'bundle'));
  await stageEngines(root, join(context, 'engines'), spec.engines, variant);
  await mkdir(join(context, 'bin'), { recursive: true });
  for (const command of Object.keys(spec.programs)) {
    const file = join(context, 'bin', command);
    await writeFile(file, launcher(command));
    await chmod(file, 0o755);
  }
  return context;
}

/** What a command of an image is. */
function launcher(command: string): string {
  return `#!/bin/sh
# What root leaves below /opt/ml must be deletable for whoever looks after it outside of the container.
umask 000
exec node ${HOME}/${command}.mjs "$@"
`;
}

function checkModule(check: string): string {
  return fileURLToPath(new URL(`../checks/${check}.ts`, import.meta.url));
}
