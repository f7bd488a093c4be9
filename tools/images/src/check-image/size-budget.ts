import type { Engine, ImageSpec, Variant } from '../spec/image-spec.ts';

/** Bytes that programs may add to the base image. */
const PROGRAMS = 15e6;
/** Bytes that each engine may add besides. */
const ENGINE: Readonly<Record<Engine, number>> = { lightgbm: 25e6, tensorflow: 650e6 };

/**
 * What an image may come to on top of its base image. Pulling is what a job begins with, on every machine.
 * @param spec of the image
 * @param variant of it
 * @returns bytes; null for the variant with CUDA, whose libraries are NVIDIA's
 */
export function sizeBudget({ engines }: ImageSpec, variant: Variant): number | null {
  if (variant === 'gpu') return null;
  return engines.reduce((bytes, engine) => bytes + ENGINE[engine], PROGRAMS);
}
