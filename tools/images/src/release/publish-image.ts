import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { buildArguments } from '../container/docker.ts';
import { PlatformError } from '../container/platform-error.ts';
import { checkedCommand } from '../container/run-command.ts';
import { imageArguments } from '../context/build-arguments.ts';
import { imageFolder } from '../context/lay-out-context.ts';
import { sourceFacts } from '../context/source-facts.ts';
import { imageRepository, variantTag } from '../spec/image-name.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';

/** Where an image goes. */
export interface PublishOptions {
  readonly variant: Variant;
  readonly registry: string;
  /** Commit, which becomes the tag. */
  readonly commit: string;
  readonly base?: string;
}

/** What docker buildx has to be told. */
export interface PublishRequest {
  readonly file: string;
  readonly context: string;
  readonly repository: string;
  /** File for what buildx says of the image it pushed. */
  readonly metadata: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * Pushes an image by digest, with an SBOM and the provenance of its build, then tags the digest with the commit. It is built from the
 * context that `build` left, whose steps buildx remembers: what was tested is what is pushed.
 * @param root of the workspace
 * @param spec of the image
 * @param options variant, registry, commit
 * @returns the reference with its digest
 * @throws PlatformError when docker fails
 */
export async function publishImage(
  root: string,
  spec: ImageSpec,
  { variant, registry, commit, base }: PublishOptions,
): Promise<string> {
  const folder = imageFolder(root, spec);
  const repository = imageRepository(spec.name, registry);
  const metadata = join(folder, `${variant}.metadata.json`);
  const request: PublishRequest = {
    ...{ repository, metadata, context: join(folder, variant) },
    file: join(root, 'docker', `${variant}.Dockerfile`),
    arguments: imageArguments(spec, variant, await sourceFacts(root), base),
  };
  await checkedCommand(publishCommand(request), { show: true });
  const told = JSON.parse(await readFile(metadata, 'utf8')) as { 'containerimage.digest'?: string };
  const digest = told['containerimage.digest'];
  if (digest === undefined)
    throw new PlatformError('docker buildx does not say what it pushed', {
      expected: 'containerimage.digest',
      found: Object.keys(told).join(', '),
      where: { file: metadata },
    });
  const reference = `${repository}@${digest}`;
  await checkedCommand(tagCommand(repository, digest, variantTag(variant, commit)));
  return reference;
}

/**
 * @param request image to push
 * @returns the command that builds and pushes it
 */
export function publishCommand(request: PublishRequest): string[] {
  const output = [
    'type=image',
    `name=${request.repository}`,
    'push-by-digest=true',
    'name-canonical=true',
    'push=true',
  ];
  return [
    ...['docker', 'buildx', 'build', '--file', request.file, '--sbom=true', '--provenance=mode=max'],
    ...['--output', output.join(','), '--metadata-file', request.metadata],
    ...buildArguments(request.arguments),
    request.context,
  ];
}

/**
 * @param repository of an image
 * @param from tag or digest that is there
 * @param tag to give it as well
 * @returns the command, which moves nothing but the tag: SBOM and provenance stay with the image
 */
export function tagCommand(repository: string, from: string, tag: string): string[] {
  const source = from.startsWith('sha256:') ? `${repository}@${from}` : `${repository}:${from}`;
  return ['docker', 'buildx', 'imagetools', 'create', '--tag', `${repository}:${tag}`, source];
}
