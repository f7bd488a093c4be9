import { App, aws_lambda as lambda } from 'aws-cdk-lib';
import { expect, it } from 'vitest';
import { APP_CONTEXT } from '../../src/stack/app-context.ts';
import { HemlineStack } from '../../src/stack/hemline-stack.ts';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import { templateOf } from '../../src/stack/synthesize.ts';
import { toyDeployment, toyModel } from '../fixtures/toys.ts';

/** Images of the jobs of the workflow `training`, by the kind of job. */
function imagesOf(gpuImages: boolean | undefined): ReadonlySet<string> {
  const app = new App({ context: APP_CONTEXT, analyticsReporting: false });
  const deployment = toyDeployment({
    models: [{ name: 'ape', compute: { train: { instanceType: 'ml.g5.2xlarge' } } }, 'bee'],
    catalog: [toyModel('ape', { engines: ['tensorflow'] }), toyModel('bee')],
  });
  const code = lambda.Code.fromInline('// not here');
  new HemlineStack(app, 'hemline-test', { ...deployment, imageRegistry: 'registry', gpuImages }, code);
  const template = templateOf(app.synth(), 'hemline-test');
  const definitions = JSON.stringify(
    [...resolveMachines(template).values()].map(({ definition }) => definition),
  );
  return new Set(
    [...definitions.matchAll(/"(TrainingImage|ImageUri)":"registry\/hemline\/([^"]+)"/g)].map(
      ([, kind, image]) => `${kind === 'TrainingImage' ? 'train' : 'process'} ${image}`,
    ),
  );
}

it('a job on a machine with a GPU takes the image made for it, every other the one for CPUs', () => {
  const images = new Set([
    'process data:v1',
    'process pricing:v1',
    'train ape:v1-gpu',
    'process ape:v1',
    'train bee:v1',
    'process bee:v1',
  ]);
  expect(imagesOf(undefined)).toEqual(images);
});

it('where there are no such images, all take those for CPUs', () => {
  expect(imagesOf(false)).toContain('train ape:v1');
  expect(imagesOf(false)).not.toContain('train ape:v1-gpu');
});
