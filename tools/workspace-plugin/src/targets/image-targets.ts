import { readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import {
  createNodesFromFiles,
  type CreateNodesResult,
  type CreateNodesV2,
  type TargetConfiguration,
} from '@nx/devkit';
import { variantsOf } from '@hemline/images/spec';
import { typecheckTarget } from './typecheck-target.ts';

const IMAGES = 'hemline-node tools/images/src/main.ts';

/** What an image depends on besides its own package and those that it imports. */
const INPUTS = [
  'default',
  '^default',
  '{workspaceRoot}/docker/**/*',
  '{workspaceRoot}/tools/images/src/**/*',
  '{workspaceRoot}/tools/setup/src/engine-pins.ts',
];

/**
 * Gives every package that declares engines (`hemline.engines` of its package.json: all models) the targets `bundle`, `image`,
 * `image-test` and `typecheck`, so that no package repeats them. Nx's plugin contract: https://nx.dev/docs/extending-nx/project-graph-plugins
 */
export const createNodesV2: CreateNodesV2 = [
  '{models,packages}/*/package.json',
  (files, _options, context) =>
    createNodesFromFiles((file) => nodesOf(file, context.workspaceRoot), files, {}, context),
];

function nodesOf(file: string, workspaceRoot: string): CreateNodesResult {
  const { hemline } = JSON.parse(readFileSync(join(workspaceRoot, file), 'utf8')) as {
    hemline?: { engines?: readonly string[]; image?: string };
  };
  const root = dirname(file);
  if (hemline?.engines === undefined) return {};
  return {
    projects: {
      [root]: {
        root,
        targets: {
          ...imageTargets(hemline.image ?? basename(root), hemline.engines),
          typecheck: typecheckTarget(root),
        },
      },
    },
  };
}

/**
 * @param image name of the image
 * @param engines that it declares
 * @returns its targets
 */
export function imageTargets(image: string, engines: readonly string[]): Record<string, TargetConfiguration> {
  const configurations = Object.fromEntries(
    variantsOf(engines).map((variant) => [variant, { args: `--variant ${variant}` }]),
  );
  const command = (verb: string, description: string): TargetConfiguration => ({
    executor: 'nx:run-commands',
    options: { command: `${IMAGES} ${verb} ${image}`, cwd: '{workspaceRoot}' },
    inputs: INPUTS,
    metadata: { description },
  });
  const ofVariant = (verb: string, description: string): TargetConfiguration => ({
    ...command(verb, description),
    configurations,
    defaultConfiguration: 'cpu',
  });
  return {
    bundle: {
      ...command('bundle', 'Bundles the programs of the image'),
      cache: true,
      outputs: [`{workspaceRoot}/dist/images/${image}/bundle`],
    },
    // Neither is cached: what they make and look at lies in the store of docker or buildah.
    image: ofVariant('build', 'Builds the image with docker, or with buildah where there is no engine'),
    'image-test': {
      ...ofVariant('test', 'Runs the built image through its programs and compares it with a run outside'),
      dependsOn: ['image'],
    },
  };
}
