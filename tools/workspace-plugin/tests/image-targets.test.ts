import { execFileSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { imageTargets } from '../src/targets/image-targets.ts';

const workspace = fileURLToPath(new URL('../../..', import.meta.url));

/** Every model of the workspace, by the name of its package. */
const MODELS = readdirSync(join(workspace, 'models')).map((folder) => `@hemline/${folder}`);

/** Every package with an image: models, the data check, the optimiser. */
const IMAGES = [...MODELS, '@hemline/pricing', '@hemline/runtime'].sort();

/** The projects whose image a change of some files touches, as `nx affected -t image` has it. */
function affected(...files: string[]): string[] {
  const output = execFileSync(
    process.execPath,
    [
      ...['node_modules/nx/dist/bin/nx.js', 'show', 'projects', '--affected', `--files=${files.join(',')}`],
      ...['--with-target', 'image', '--json'],
    ],
    { cwd: workspace, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
  );
  return (JSON.parse(output) as string[]).sort();
}

describe('targets of images', () => {
  it('a model without TensorFlow has no variant for GPUs', () => {
    expect(Object.keys(imageTargets('a', ['lightgbm']).image!.configurations!)).toEqual(['cpu']);
    expect(imageTargets('a', ['tensorflow']).image!.configurations).toEqual({
      cpu: { args: '--variant cpu' },
      gpu: { args: '--variant gpu' },
    });
  });

  it('only the bundle is cached: images lie where Nx cannot see them', () => {
    const { bundle, image, 'image-test': test } = imageTargets('a', []);
    expect([bundle!.cache, image!.cache, test!.cache]).toEqual([true, undefined, undefined]);
    expect(bundle!.outputs).toEqual(['{workspaceRoot}/dist/images/a/bundle']);
    expect(test!.dependsOn).toEqual(['image']);
  });

  it('no package repeats them', () => {
    for (const folder of readdirSync(join(workspace, 'models')))
      expect(readFileSync(join(workspace, 'models', folder, 'package.json'), 'utf8')).not.toContain(
        'tools/images',
      );
  });
});

describe('the target that type-checks', () => {
  it('is that of every package with an image', () => {
    const output = execFileSync(
      process.execPath,
      ['node_modules/nx/dist/bin/nx.js', 'show', 'projects', '--with-target', 'typecheck', '--json'],
      { cwd: workspace, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false' } },
    );
    expect((JSON.parse(output) as string[]).filter((name) => name.startsWith('@hemline/')).sort()).toEqual(
      IMAGES,
    );
  });
});

describe('affected images', () => {
  it('a change in one model touches its image alone', () => {
    expect(affected('models/return-rate-trees/src/model.ts')).toEqual(['@hemline/return-rate-trees']);
  });

  it('a change in a member touches the images of its blends', () => {
    expect(affected('models/demand-naive/src/model.ts')).toEqual([
      '@hemline/demand-blend',
      '@hemline/demand-naive',
    ]);
  });

  it('a change in core touches all, those of the data check and of the optimiser included', () => {
    expect(affected('packages/core/src/index.ts')).toEqual(IMAGES);
  });

  it('a change in the command, the workflow or the documents touches none', () => {
    expect(affected('packages/cli/src/main.ts', 'packages/workflow/src/index.ts', 'README.md')).toEqual([]);
  });

  it('a change in a Dockerfile touches all', () => {
    expect(affected('docker/cpu.Dockerfile')).toEqual(IMAGES);
  });
});
