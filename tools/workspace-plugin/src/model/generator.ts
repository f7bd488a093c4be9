import { logger, type GeneratorCallback, type Tree } from '@nx/devkit';
import { writeGenerated } from '../write-generated.ts';
import { checkName } from './check-name.ts';
import { isInstalled, markInstalled } from './installed-stamp.ts';
import { linkPackage, lockPackage } from './link-package.ts';
import { packageFiles } from './package-files.ts';
import { recipeFor } from './recipes.ts';

/** What the generator is asked for. */
export interface ModelOptions {
  /** Kebab-case. */
  readonly name: string;
  /** `average`, `trees` or `tensor`. */
  readonly kind: string;
  /** `demand`, `return-rate`, `return-time`, `fulfillment-cost` or `residual-value`. */
  readonly quantity: string;
}

/**
 * Makes a model package. Everything else finds it by its folder: the command, the weekly workflow, the images. Run again it changes
 * nothing, and what a person has edited stays.
 * @param tree of the workspace
 * @param options name, kind, quantity
 * @returns links the package once the files are written
 * @throws ConfigurationError for a name that cannot be
 * @throws UnsupportedError for a kind or quantity that there is not, or that do not go together
 */
export default async function modelGenerator(tree: Tree, options: ModelOptions): Promise<GeneratorCallback> {
  const recipe = recipeFor(options.kind, options.quantity);
  const name = options.name.trim();
  checkName(tree, name, recipe);
  const files = packageFiles(tree.root, name, recipe);
  const outcomes = new Set<string>();
  for (const [path, text] of files) outcomes.add(await writeGenerated(tree, `models/${name}/${path}`, text));
  const wasInstalled = isInstalled(tree.root);
  lockPackage(tree, name, JSON.parse(files.get('package.json')!) as Record<string, unknown>);
  return () => {
    linkPackage(tree.root, name);
    if (wasInstalled) markInstalled(tree.root);
    if (!outcomes.has('written')) logger.info(`models/${name} is there already: nothing was written`);
    else
      logger.info(
        `models/${name} is a part of the workspace now. Try: npx hemline models ${name}; npx vitest models/${name}/`,
      );
  };
}
