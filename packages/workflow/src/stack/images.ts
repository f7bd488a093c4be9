import { Aws } from 'aws-cdk-lib';
import { ConfigurationError } from '@hemline/core';
import { hasGpu } from '../declaration/compute.ts';
import type { Deployment } from './deployment.ts';

/** Names the images of a deployment. */
export class Images {
  readonly #deployment: Deployment;

  /** @param deployment registry, tag, digests */
  constructor(deployment: Deployment) {
    this.#deployment = deployment;
  }

  /**
   * The image that a job runs: by digest where the deployment has them, so that what is deployed stays what it is.
   * @param image name of a model, or `data`
   * @param instanceType of the machine that it runs on
   * @returns its URI
   * @throws ConfigurationError when there are digests, and none of it
   */
  uri(image: string, instanceType?: string): string {
    const { gpuImages = true, imageDigests, stage } = this.#deployment;
    const isForGpu = gpuImages && instanceType !== undefined && hasGpu(instanceType);
    if (imageDigests === undefined) return this.#tagged(image, isForGpu);
    const digest = imageDigests[image]?.[isForGpu ? 'gpu' : 'cpu'];
    if (digest !== undefined && /^sha256:[0-9a-f]{64}$/.test(digest))
      return `${this.#repository(image)}@${digest}`;
    throw new ConfigurationError(`the image ${image} of the deployment ${stage} has no digest`, {
      expected: `the digest of its image for ${isForGpu ? 'GPUs' : 'CPUs'}, sha256: and 64 hexadecimal digits`,
      found: digest ?? `digests of ${Object.keys(imageDigests).join(', ') || 'nothing'}`,
      remedy:
        'Release the images of the commit (.ci/release prints their digests), or leave the model out of the deployment.',
    });
  }

  /**
   * The form of all images, for who knows a model by name alone. Tags are never moved, so that it names the same as a digest.
   * @returns with `{model}` in the place of the name
   */
  pattern(): string {
    return this.#tagged('{model}', false);
  }

  #tagged(image: string, isForGpu: boolean): string {
    return `${this.#repository(image)}:${this.#deployment.imageTag}${isForGpu ? '-gpu' : ''}`;
  }

  #repository(image: string): string {
    const { imageRegistry } = this.#deployment;
    const registry = imageRegistry ?? `${Aws.ACCOUNT_ID}.dkr.ecr.${Aws.REGION}.${Aws.URL_SUFFIX}`;
    return `${registry}/hemline/${image}`;
  }
}
