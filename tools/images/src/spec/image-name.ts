import type { Variant } from './image-spec.ts';

/** Where images live that were built on this machine and belong to no registry. */
export const LOCAL_REGISTRY = 'localhost';
/** Tag of an image that was built on this machine. */
export const LOCAL_TAG = 'local';

/**
 * The reference of an image, in the form that the workflow's stack expects.
 * @param name of the image
 * @param variant of it; that for GPUs has `-gpu` behind its tag
 * @param registry without a slash at its end
 * @param tag a commit, or {@link LOCAL_TAG}
 * @returns for example `localhost/hemline/demand-naive:local`
 */
export function imageReference(
  name: string,
  variant: Variant,
  registry: string = LOCAL_REGISTRY,
  tag: string = LOCAL_TAG,
): string {
  return `${imageRepository(name, registry)}:${variantTag(variant, tag)}`;
}

/**
 * @param name of the image
 * @param registry without a slash at its end
 * @returns the reference without a tag
 */
export function imageRepository(name: string, registry: string): string {
  return `${registry}/hemline/${name}`;
}

/**
 * @param variant of an image
 * @param tag of all its variants
 * @returns the tag of this one
 */
export function variantTag(variant: Variant, tag: string): string {
  return variant === 'cpu' ? tag : `${tag}-${variant}`;
}
