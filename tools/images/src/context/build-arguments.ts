import { engineFacts } from '../engines/stage-engines.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';
import type { SourceFacts } from './source-facts.ts';

/**
 * What the Dockerfiles take as arguments.
 * @param spec of the image
 * @param variant of it
 * @param source where its code comes from
 * @param base image below it; by default that of the Dockerfile
 * @returns values by name
 */
export function imageArguments(
  spec: ImageSpec,
  variant: Variant,
  source: SourceFacts,
  base?: string,
): Record<string, string> {
  const { checks, systemPackages } = engineFacts(spec.engines, variant);
  return {
    ...(base === undefined ? {} : { BASE_IMAGE: base }),
    IMAGE: spec.name,
    ENGINES: checks.join(' '),
    SYSTEM_PACKAGES: systemPackages.join(' '),
    VERSION: spec.version,
    REVISION: source.revision,
    SOURCE: source.source,
    CREATED: source.created,
  };
}
