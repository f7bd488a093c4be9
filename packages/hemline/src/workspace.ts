import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ModelSettings } from '@hemline/workflow';
import { ConfigurationError, UnsupportedError, listing, nearest, type AnyModel } from '@hemline/core';

/** A model package of the workspace. */
export interface ModelPackage {
  readonly name: string;
  readonly description: string;
  readonly directory: string;
  /** Quantity whose other models have to be better than it. */
  readonly baseline?: string;
  /** Machines by kind of job, where it needs others than most. */
  readonly compute?: ModelSettings['compute'];
  /** Deployments that it is part of. */
  readonly deploy: readonly string[];
}

/** Folder of the workspace: the nearest above this file that holds `nx.json`. */
export const WORKSPACE = findWorkspace(dirname(fileURLToPath(import.meta.url)));

/**
 * The model packages: every folder of `models/` whose package.json has a `hemline` entry.
 * @returns them by name, in alphabetical order
 */
export function modelPackages(): ModelPackage[] {
  const folder = join(WORKSPACE, 'models');
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, 'package.json')))
    .flatMap((name) => {
      const manifest = JSON.parse(readFileSync(join(folder, name, 'package.json'), 'utf8')) as {
        description?: string;
        hemline?: { baseline?: string; compute?: ModelSettings['compute']; deploy?: readonly string[] };
      };
      if (manifest.hemline === undefined) return [];
      const { baseline, compute, deploy = [] } = manifest.hemline;
      const description = manifest.description ?? '';
      return [
        {
          ...{ name, description, directory: join(folder, name), deploy },
          ...(baseline === undefined ? {} : { baseline }),
          ...(compute === undefined ? {} : { compute }),
        },
      ];
    })
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/**
 * @param name of a model
 * @returns its package
 * @throws UnsupportedError that lists the models there are
 */
export function modelPackage(name: string): ModelPackage {
  const packages = modelPackages();
  const found = packages.find((each) => each.name === name);
  if (found !== undefined) return found;
  const names = packages.map((each) => each.name);
  const close = nearest(name, names);
  throw new UnsupportedError(`there is no model ${name}`, {
    expected: `one of ${listing(names, 20)}`,
    ...(close === undefined ? {} : { remedy: `Did you mean ${close}?` }),
  });
}

/**
 * Imports a model's definition. The only place where the command and a model meet; jobs start as processes of their own.
 * @param name of a model
 * @returns the definition
 */
export async function loadModel(name: string): Promise<AnyModel> {
  const { default: model } = (await import(join(modelPackage(name).directory, 'src', 'model.ts'))) as {
    default: AnyModel;
  };
  return model;
}

function findWorkspace(from: string): string {
  for (let folder = from; folder !== dirname(folder); folder = dirname(folder)) {
    if (existsSync(join(folder, 'nx.json'))) return folder;
  }
  throw new ConfigurationError('the hemline command stands outside a workspace', {
    expected: 'a folder above it with nx.json',
    found: from,
    remedy: 'Run it from a clone of the repository, with npx hemline.',
  });
}
