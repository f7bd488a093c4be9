import { checkedCommand } from '../container/run-command.ts';
import { imageRepository, variantTag } from '../spec/image-name.ts';
import type { ImageBuild } from './affected-images.ts';
import { tagCommand } from './publish-image.ts';

/** Tag of what was released last. */
const LATEST = 'latest';

/** A tag to set. */
export interface TagStep {
  readonly repository: string;
  readonly from: string;
  readonly tag: string;
}

/**
 * A deployment names all its images by one commit. Those that the commit did not touch were not built for it: they are given its
 * tag as they are. Then everything under that tag is the latest.
 * @param all images of the workspace
 * @param built those that were pushed for the commit
 * @param registry of all
 * @param commit of the release
 * @returns tags in the order to set them: `latest` is moved when every image has the commit's
 */
export function releaseSteps(
  all: readonly ImageBuild[],
  built: readonly ImageBuild[],
  registry: string,
  commit: string,
): TagStep[] {
  const isBuilt = ({ image, variant }: ImageBuild): boolean =>
    built.some((each) => each.image === image && each.variant === variant);
  const step = ({ image, variant }: ImageBuild, from: string, tag: string): TagStep => ({
    repository: imageRepository(image, registry),
    from: variantTag(variant, from),
    tag: variantTag(variant, tag),
  });
  return [
    ...all.filter((each) => !isBuilt(each)).map((each) => step(each, LATEST, commit)),
    ...all.map((each) => step(each, commit, LATEST)),
  ];
}

/**
 * Sets the tags of a release.
 * @param steps as {@link releaseSteps} gives them
 * @throws PlatformError for the first that cannot be set
 */
export async function releaseImages(steps: readonly TagStep[]): Promise<void> {
  for (const { repository, from, tag } of steps) await checkedCommand(tagCommand(repository, from, tag));
}
