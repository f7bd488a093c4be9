import { join } from 'node:path';
import { OFFLINE_BASE } from '../base/make-base.ts';
import type { ContainerProgram } from '../container/container-program.ts';
import { PlatformError } from '../container/platform-error.ts';
import { imageReference } from '../spec/image-name.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';
import { imageArguments } from './build-arguments.ts';
import { bundleImage, layOutContext } from './lay-out-context.ts';
import { sourceFacts } from './source-facts.ts';

/** How to build. */
export interface ImageOptions {
  readonly variant: Variant;
  /** Image below it; by default the one that `image base` made, where it did, else the public one of Node. */
  readonly base?: string;
  readonly reference?: string;
}

/** An image that was built. */
export interface BuiltImage {
  readonly reference: string;
  readonly base: string;
  /** Bytes of its files. */
  readonly bytes: number;
  /** Bytes on top of the base image. */
  readonly added: number;
}

/**
 * Bundles a package and builds its image on this machine.
 * @param root of the workspace
 * @param spec of the image
 * @param program docker or buildah
 * @param options variant, base, reference
 * @returns the image and its size
 * @throws PlatformError when the build fails, an engine's check included
 */
export async function buildImage(
  root: string,
  spec: ImageSpec,
  program: ContainerProgram,
  { variant, base, reference = imageReference(spec.name, variant) }: ImageOptions,
): Promise<BuiltImage> {
  await bundleImage(root, spec);
  const context = await layOutContext(root, spec, variant);
  const below = base ?? ((await program.has(OFFLINE_BASE)) ? OFFLINE_BASE : undefined);
  const facts = imageArguments(spec, variant, await sourceFacts(root), below);
  const file = join(root, 'docker', `${variant}.Dockerfile`);
  try {
    await program.build({ file, context, reference, arguments: facts });
  } catch (cause) {
    if (!(cause instanceof PlatformError)) throw cause;
    throw new PlatformError(`the image of ${spec.name} (${variant}) cannot be built`, {
      found: cause.message,
      remedy:
        below === undefined
          ? 'Where no registry can be reached, make a base image first: npx hemline-node tools/images/src/main.ts base'
          : `Its log is above; the base image is ${below}.`,
      cause,
    });
  }
  const labels = await program.labels(reference);
  const used = labels['org.opencontainers.image.base.name'] ?? 'unknown';
  const bytes = await program.bytes(reference);
  return { reference, base: used, bytes, added: bytes - (await program.bytes(used)) };
}
