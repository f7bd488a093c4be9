import { expect, it } from 'vitest';
import { affectedImages, buildsOf } from '../../src/release/affected-images.ts';
import { archiveCommand } from '../../src/release/archive-image.ts';
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

it('an image is left as a file, with an SBOM and its provenance, and pushed nowhere', () => {
  const command = archiveCommand({
    ...{ file: 'docker/cpu.Dockerfile', context: 'c', archive: 'dist/a.oci.tar' },
    arguments: { IMAGE: 'a' },
  });
  expect(command.slice(0, 3)).toEqual(['docker', 'buildx', 'build']);
  expect(command).toEqual(expect.arrayContaining(['--sbom=true', '--provenance=mode=max']));
  expect(command[command.indexOf('--output') + 1]).toBe('type=oci,dest=dist/a.oci.tar');
  expect(command.join(' ')).not.toMatch(/push|--tag/);
});

it('the scanner that is not here runs as an image, by digest', () => {
  expect(scanCommand('r', true).slice(0, 2)).toEqual(['trivy', 'image']);
  expect(scanCommand('r', false).join(' ')).toMatch(
    /^docker run --rm .*trivy:\S+@sha256:[0-9a-f]{64} image .* r$/,
  );
});
