import { parseArgs } from 'node:util';
import { ConfigurationError } from '@hemline/core';
import { makeBase } from './base/make-base.ts';
import { checkImage } from './check-image/check-image.ts';
import { PROGRAM_NAMES, type ProgramName } from './container/container-program.ts';
import { findProgram } from './container/find-program.ts';
import { buildImage } from './context/build-image.ts';
import { bundleImage } from './context/lay-out-context.ts';
import { affectedImages } from './release/affected-images.ts';
import { archiveImage } from './release/archive-image.ts';
import { scanImage } from './release/scan-image.ts';
import { imageReference } from './spec/image-name.ts';
import { imageSpec, imageSpecs, VARIANTS, type ImageSpec, type Variant } from './spec/image-spec.ts';
import { WORKSPACE } from './spec/workspace.ts';

/** What `--help` prints. */
export const HELP = `Bundles the programs of model packages, and builds and tests their images.

  list                       the images there are, with engines and variants
  bundle NAME                bundles the programs of an image into dist/images/NAME/bundle
  build NAME                 builds it on this machine, as localhost/hemline/NAME:local, and says how large it is
  test NAME                  runs the built image through train and process, as root and as another user, and compares
                             what it leaves with the same run outside
  base                       makes a base image with debootstrap and this Node, where no registry can be reached
  affected                   prints the images that --base to --head touch, as the matrix of CI (JSON); all without --base
  scan NAME                  looks for known vulnerabilities with trivy, or its image
  archive NAME               leaves the built image as a file, with SBOM and provenance, for .ci/publish to push

Options:
  --variant cpu|gpu          of build and test (default cpu)
  --engine docker|buildah    what builds and runs (default docker where its engine answers, else buildah)
  --base IMAGE               of build: image below (default HEMLINE_BASE_IMAGE, else the one that "base" made, else Node's)
  --set NAME=VALUE           of test: hyperparameter besides those of the preset tiny; may be given again
  --base, --head COMMIT      of affected: before and after the changes (head: HEAD)
  --mirror URL               of base: Debian's packages (default: that of debootstrap)
`;

const OPTIONS = {
  variant: { type: 'string', default: 'cpu' },
  engine: { type: 'string' },
  base: { type: 'string' },
  set: { type: 'string', multiple: true },
  head: { type: 'string', default: 'HEAD' },
  mirror: { type: 'string' },
} as const;

/** The commands by name; each takes the arguments behind it. */
export const COMMANDS: Readonly<Record<string, (args: string[]) => Promise<void> | void>> = {
  list: () => {
    for (const { name, engines, variants } of imageSpecs(WORKSPACE))
      print(`${name}  ${variants.join(' ')}  engines: ${engines.join(', ') || 'none'}`);
  },
  bundle: async (args) => {
    const { spec } = parse(args);
    const { folder, entries, bytes } = await bundleImage(WORKSPACE, spec);
    print(`${folder}: ${megabytes(bytes)} (${entries.join(', ')})`);
  },
  build: async (args) => {
    const { spec, variant, program, values } = parse(args);
    const base = values.base ?? (process.env['HEMLINE_BASE_IMAGE'] || undefined);
    const image = await buildImage(WORKSPACE, spec, findProgram(program), { variant, base });
    print(`${image.reference}: ${megabytes(image.added)} on top of ${image.base}`);
  },
  test: async (args) => {
    const { spec, variant, program, values } = parse(args);
    await checkImage(spec, findProgram(program), {
      reference: imageReference(spec.name, variant),
      variant,
      hyperparameters: { preset: 'tiny', ...assignments(values.set ?? []) },
      onPass: (text) => print(`ok  ${text}`),
    });
    print(`${spec.name} (${variant}) does what it does outside`);
  },
  affected: async (args) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    print(JSON.stringify(await affectedImages(WORKSPACE, values.base?.trim() || null, values.head)));
  },
  scan: async (args) => {
    const { spec, variant } = parse(args);
    await scanImage(imageReference(spec.name, variant));
  },
  archive: async (args) => {
    const { spec, variant } = parse(args);
    print(await archiveImage(WORKSPACE, spec, variant, process.env['HEMLINE_BASE_IMAGE'] || undefined));
  },
  base: async (args) => {
    const { values } = parseArgs({ args, options: OPTIONS });
    print(await makeBase({ mirror: values.mirror, node: process.execPath }));
  },
};

/** Options as given. */
interface Values {
  readonly base?: string;
  readonly set?: string[];
}

interface Parsed {
  readonly spec: ImageSpec;
  readonly variant: Variant;
  readonly program: ProgramName | undefined;
  readonly values: Values;
}

function parse(args: string[]): Parsed {
  const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
  const [name] = positionals;
  if (name === undefined || positionals.length > 1)
    throw new ConfigurationError('one image is worked on at a time', {
      expected: 'a name',
      found: positionals.join(' ') || 'none',
      remedy: '"npx hemline-node tools/images/src/main.ts list" tells the names.',
    });
  const spec = imageSpec(WORKSPACE, name);
  return {
    spec,
    variant: oneOf('--variant', values.variant, VARIANTS, spec.variants),
    program: values.engine === undefined ? undefined : oneOf('--engine', values.engine, PROGRAM_NAMES),
    values,
  };
}

function assignments(texts: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    texts.map((text) => {
      const at = text.indexOf('=');
      if (at > 0) return [text.slice(0, at), text.slice(at + 1)];
      throw new ConfigurationError('--set cannot be understood', { expected: 'name=value', found: text });
    }),
  );
}

function oneOf<T extends string>(
  option: string,
  text: string,
  all: readonly T[],
  here: readonly T[] = all,
): T {
  if (here.includes(text as T)) return text as T;
  throw new ConfigurationError(`${option} is not known`, {
    expected: here.join(' or '),
    found: text,
    ...(all.includes(text as T) ? { remedy: 'Only images with TensorFlow have a variant for GPUs.' } : {}),
  });
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
