import { join } from 'node:path';
import { checkedCommand } from '../container/run-command.ts';
import { imageSpecs, type ImageSpec, type Variant } from '../spec/image-spec.ts';

/** One image to build: a row of the matrix of CI. */
export interface ImageBuild {
  readonly image: string;
  readonly variant: Variant;
}

/**
 * The images that a range of commits touches, as `nx affected -t image` has it.
 * @param root of the workspace
 * @param base commit before the changes; null for all images
 * @param head commit with the changes
 * @returns one row for every image and variant, by name
 */
export async function affectedImages(root: string, base: string | null, head: string): Promise<ImageBuild[]> {
  const specs = imageSpecs(root);
  if (base === null) return buildsOf(specs);
  const nx = [process.execPath, join(root, 'node_modules', 'nx', 'dist', 'bin', 'nx.js')];
  const query = ['show', 'projects', '--affected', '--with-target', 'image', '--json'];
  const text = await checkedCommand([...nx, ...query, `--base=${base}`, `--head=${head}`], {
    cwd: root,
    environment: { NX_DAEMON: 'false' },
  });
  const projects = JSON.parse(text) as string[];
  return buildsOf(specs.filter(({ project }) => projects.includes(project)));
}

/**
 * @param specs of images
 * @returns one row for every variant of each
 */
export function buildsOf(specs: readonly ImageSpec[]): ImageBuild[] {
  return specs.flatMap(({ name, variants }) => variants.map((variant) => ({ image: name, variant })));
}
