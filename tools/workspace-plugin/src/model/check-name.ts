import type { Tree } from '@nx/devkit';
import { ConfigurationError } from '@hemline/core';
import type { Recipe } from './recipes.ts';

/** Names that `hemline models NAME` takes for verbs. */
const VERBS = ['list', 'show', 'compare', 'register', 'approve', 'reject', 'archive', 'help'];

/** SageMaker's names of a model's registry have 63 characters, and stage and project go before. */
const LONGEST = 40;

/** Where a package comes from, as its package.json says under `hemline`. */
export interface Origin {
  readonly kind: string;
  readonly quantity: string;
}

/**
 * @param tree of the workspace
 * @param name as typed
 * @param recipe what is to be generated
 * @throws ConfigurationError for a name that is no kebab-case, too long, or taken by something else
 */
export function checkName(tree: Tree, name: string, recipe: Recipe): void {
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name)) {
    const kebab = kebabOf(name);
    throw refused(name, 'a name in kebab-case: lower case letters and digits, single hyphens between', {
      remedy: kebab === '' ? 'Choose a name such as demand-boosted.' : `Try ${kebab}.`,
    });
  }
  if (name.length > LONGEST) throw refused(name, `at most ${LONGEST} characters`, { remedy: 'Shorten it.' });
  if (VERBS.includes(name))
    throw refused(name, 'a name that is no verb of "hemline models"', {
      remedy: `Try ${recipe.quantity}-${name}.`,
    });
  for (const folder of ['packages', 'tools'])
    if (tree.exists(`${folder}/${name}`))
      throw refused(name, `a name that no package of the workspace has`, {
        found: `${folder}/${name}, which is @hemline/${name}`,
        remedy: `Try ${recipe.quantity}-${name}.`,
      });
  if (!tree.exists(`models/${name}`)) return;
  const origin = originOf(tree, name);
  if (origin?.kind === recipe.kind && origin.quantity === recipe.quantity) return;
  throw refused(name, 'a name that no model has', {
    found: `models/${name}${origin === null ? '' : `, generated as --kind ${origin.kind} --quantity ${origin.quantity}`}`,
    remedy: 'Choose another name, or move the folder away.',
  });
}

function originOf(tree: Tree, name: string): Origin | null {
  const manifest = tree.read(`models/${name}/package.json`, 'utf8');
  if (manifest === null) return null;
  const { hemline } = JSON.parse(manifest) as { hemline?: { generated?: Origin } };
  return hemline?.generated ?? null;
}

/**
 * @param name as typed
 * @returns the nearest kebab-case; empty where nothing is left
 */
export function kebabOf(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^[^a-z]+|-+$/g, '');
}

function refused(
  name: string,
  expected: string,
  { found = name, remedy }: { readonly found?: string; readonly remedy: string },
): ConfigurationError {
  return new ConfigurationError(`${name === '' ? 'an empty name' : name} cannot be the name of a model`, {
    expected,
    found: found === '' ? 'nothing' : found,
    remedy,
  });
}
