import { join } from 'node:path';
import { buildArguments } from '../container/docker.ts';
import { checkedCommand } from '../container/run-command.ts';
import { imageArguments } from '../context/build-arguments.ts';
import { imageFolder } from '../context/lay-out-context.ts';
import { sourceFacts } from '../context/source-facts.ts';
import type { ImageSpec, Variant } from '../spec/image-spec.ts';

/** What docker buildx has to be told. */
export interface ArchiveRequest {
  readonly file: string;
  readonly context: string;
  /** File to leave. */
  readonly archive: string;
  readonly arguments: Readonly<Record<string, string>>;
}

/**
 * Leaves an image as a file, with an SBOM and the provenance of its build: whoever may push it need not be who builds it. It is built
 * from the context that `build` left, whose steps buildx remembers: what was tested is what is left.
 * @param root of the workspace
 * @param spec of the image
 * @param variant of it
 * @param base image below it; by default that of the Dockerfile
 * @returns path of the file, an OCI layout
 * @throws PlatformError when docker fails
 */
export async function archiveImage(
  root: string,
  spec: ImageSpec,
  variant: Variant,
  base?: string,
): Promise<string> {
  const folder = imageFolder(root, spec);
  const archive = join(folder, `${variant}.oci.tar`);
  const request: ArchiveRequest = {
    ...{ archive, context: join(folder, variant) },
    file: join(root, 'docker', `${variant}.Dockerfile`),
    arguments: imageArguments(spec, variant, await sourceFacts(root), base),
  };
  await checkedCommand(archiveCommand(request), { show: true });
  return archive;
}

/**
 * @param request image to leave
 * @returns the command that builds it
 */
export function archiveCommand({ file, context, archive, arguments: values }: ArchiveRequest): string[] {
  return [
    ...['docker', 'buildx', 'build', '--file', file, '--sbom=true', '--provenance=mode=max'],
    ...['--output', `type=oci,dest=${archive}`, ...buildArguments(values)],
    context,
  ];
}
