import { expect, it } from 'vitest';
import { affectedImages, buildsOf } from '../../src/release/affected-images.ts';
import { publishCommand, tagCommand } from '../../src/release/publish-image.ts';
import { releaseSteps } from '../../src/release/release-images.ts';
import { scanCommand } from '../../src/release/scan-image.ts';
import { imageSpecs } from '../../src/spec/image-spec.ts';
import { WORKSPACE } from '../../src/spec/workspace.ts';

it('without a base all images are built, each in all its variants', async () => {
  const all = await affectedImages(WORKSPACE, null, 'HEAD');
  expect(all).toEqual(buildsOf(imageSpecs(WORKSPACE)));
  expect(all).toContainEqual({ image: 'data', variant: 'cpu' });
  expect(all).toContainEqual({ image: 'demand-transformer', variant: 'gpu' });
  expect(all).not.toContainEqual({ image: 'demand-naive', variant: 'gpu' });
});

it('an image is pushed by digest, with an SBOM and its provenance, and under no tag', () => {
  const command = publishCommand({
    ...{ file: 'docker/cpu.Dockerfile', context: 'c', repository: 'r/hemline/a', metadata: 'm.json' },
    arguments: { IMAGE: 'a' },
  });
  expect(command.slice(0, 3)).toEqual(['docker', 'buildx', 'build']);
  expect(command).toEqual(expect.arrayContaining(['--sbom=true', '--provenance=mode=max']));
  expect(command[command.indexOf('--output') + 1]).toBe(
    'type=image,name=r/hemline/a,push-by-digest=true,name-canonical=true,push=true',
  );
  expect(command).not.toContain('--tag');
});

it('a tag is given to a digest or to another tag', () => {
  expect(tagCommand('r/a', 'sha256:12', 'abc').slice(-2)).toEqual(['r/a:abc', 'r/a@sha256:12']);
  expect(tagCommand('r/a', 'latest', 'abc').slice(-2)).toEqual(['r/a:abc', 'r/a:latest']);
});

it('images that a commit did not touch are given its tag as they are, before any becomes the latest', () => {
  const [a, aGpu, b] = [
    { image: 'a', variant: 'cpu' },
    { image: 'a', variant: 'gpu' },
    { image: 'b', variant: 'cpu' },
  ] as const;
  expect(releaseSteps([a, aGpu, b], [b], 'r', 'abc')).toEqual([
    { repository: 'r/hemline/a', from: 'latest', tag: 'abc' },
    { repository: 'r/hemline/a', from: 'latest-gpu', tag: 'abc-gpu' },
    { repository: 'r/hemline/a', from: 'abc', tag: 'latest' },
    { repository: 'r/hemline/a', from: 'abc-gpu', tag: 'latest-gpu' },
    { repository: 'r/hemline/b', from: 'abc', tag: 'latest' },
  ]);
});

it('the scanner that is not here runs as an image, by digest', () => {
  expect(scanCommand('r', true).slice(0, 2)).toEqual(['trivy', 'image']);
  expect(scanCommand('r', false).join(' ')).toMatch(
    /^docker run --rm .*trivy:\S+@sha256:[0-9a-f]{64} image .* r$/,
  );
});
