import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ConfigurationError, UnsupportedError, listing, nearest } from '@hemline/core';

/** Engines that a package may declare. */
export const ENGINES = ['lightgbm', 'tensorflow'] as const;
/** One of them. */
export type Engine = (typeof ENGINES)[number];

/** Images of one package: every machine runs the first; the second needs an NVIDIA GPU. */
export const VARIANTS = ['cpu', 'gpu'] as const;
/** One of them. */
export type Variant = (typeof VARIANTS)[number];

/** The image that a package of the workspace becomes. */
export interface ImageSpec {
  /** Name of the image: `hemline/<name>` in a registry. */
  readonly name: string;
  /** Name of the package. */
  readonly project: string;
  readonly version: string;
  /** Folder of the package. */
  readonly directory: string;
  /** Its own, and those of its members. */
  readonly engines: readonly Engine[];
  readonly variants: readonly Variant[];
  /** Commands of the image, each with the module that it starts. */
  readonly programs: Readonly<Record<string, string>>;
  /** Modules of the models that it is made of, by name: its dependencies among the models, and theirs. */
  readonly members: Readonly<Record<string, string>>;
}

/** What a package.json says of its image. */
interface Manifest {
  readonly name: string;
  readonly version: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly hemline?: {
    readonly engines?: readonly string[];
    /** Name of the image, where it is not that of the folder. */
    readonly image?: string;
    /** Commands, where they are not those of a model. */
    readonly programs?: Readonly<Record<string, string>>;
  };
}

/** What SageMaker and the workflow start a model by. */
const MODEL_PROGRAMS = { train: './src/train.ts', process: './src/process.ts' };
/** The module that defines a model. */
const MODEL_MODULE = 'src/model.ts';
const FOLDERS = ['models', 'packages'];

/**
 * The images of a workspace: one for every package whose package.json has `hemline.engines`.
 * @param root of the workspace
 * @returns them by name
 * @throws ConfigurationError for an engine that no image can hold
 */
export function imageSpecs(root: string): ImageSpec[] {
  const packages = FOLDERS.flatMap((folder) =>
    existsSync(join(root, folder))
      ? readdirSync(join(root, folder)).flatMap((name) => packageOf(join(root, folder, name), folder, name))
      : [],
  );
  const models = new Map(
    packages.filter(({ isModel }) => isModel).map((each) => [each.manifest.name, each] as const),
  );
  return packages
    .map((each) => specOf(each, membersOf(each, models)))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param root of the workspace
 * @param name of an image, or of the package that becomes it
 * @returns the image
 * @throws UnsupportedError that lists the images there are
 */
export function imageSpec(root: string, name: string): ImageSpec {
  const specs = imageSpecs(root);
  const found = specs.find((each) => each.name === name || each.project === name);
  if (found !== undefined) return found;
  const names = specs.map((each) => each.name);
  const close = nearest(name, names);
  throw new UnsupportedError(`there is no image ${name}`, {
    expected: `one of ${listing(names, 20)}`,
    ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
  });
}

/**
 * @param engines that a package declares
 * @returns the variants of its image: a GPU is of use to TensorFlow alone
 */
export function variantsOf(engines: readonly string[]): readonly Variant[] {
  return engines.includes('tensorflow') ? VARIANTS : ['cpu'];
}

/** A package that becomes an image. */
interface ImagePackage {
  readonly directory: string;
  readonly folder: string;
  readonly isModel: boolean;
  readonly manifest: Manifest & { readonly hemline: { readonly engines: readonly Engine[] } };
}

function packageOf(directory: string, parent: string, folder: string): ImagePackage[] {
  const file = join(directory, 'package.json');
  if (!existsSync(file)) return [];
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  const engines = manifest.hemline?.engines;
  if (engines === undefined) return [];
  const unknown = engines.filter((engine) => !ENGINES.includes(engine as Engine));
  if (unknown.length > 0)
    throw new ConfigurationError('a package declares an engine that no image can hold', {
      expected: `hemline.engines of ${ENGINES.join(', ')}`,
      found: unknown.join(', '),
      where: { file },
    });
  return [
    { directory, folder, isModel: parent === 'models', manifest: manifest as ImagePackage['manifest'] },
  ];
}

/** The models among the dependencies of a package, and theirs, each once. */
function membersOf(
  { manifest }: ImagePackage,
  models: ReadonlyMap<string, ImagePackage>,
  found = new Map<string, ImagePackage>(),
): ReadonlyMap<string, ImagePackage> {
  for (const name of Object.keys(manifest.dependencies ?? {})) {
    const model = models.get(name);
    if (model === undefined || found.has(model.folder)) continue;
    found.set(model.folder, model);
    membersOf(model, models, found);
  }
  return found;
}

function specOf(
  { directory, folder, manifest }: ImagePackage,
  members: ReadonlyMap<string, ImagePackage>,
): ImageSpec {
  const { name, version, hemline } = manifest;
  const programs = Object.entries(hemline.programs ?? MODEL_PROGRAMS);
  const needed = new Set(
    [hemline, ...[...members.values()].map((each) => each.manifest.hemline)].flatMap(
      ({ engines }) => engines,
    ),
  );
  const engines = ENGINES.filter((engine) => needed.has(engine));
  return {
    name: hemline.image ?? folder,
    project: name,
    version,
    directory,
    engines,
    variants: variantsOf(engines),
    programs: Object.fromEntries(programs.map(([command, path]) => [command, join(directory, path)])),
    members: Object.fromEntries(
      [...members].map(([member, each]) => [member, join(each.directory, MODEL_MODULE)]),
    ),
  };
}
