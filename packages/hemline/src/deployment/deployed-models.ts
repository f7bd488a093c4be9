import { ConfigurationError } from '@hemline/core';
import type { ModelPackage } from '../workspace.ts';

/** The deployments there are. */
export const STAGES = ['staging', 'production'] as const;

/** Name of a deployment. */
export type Stage = (typeof STAGES)[number];

/** What a package says of its deployment: `hemline.deploy` of its package.json. */
export type Deployable = Pick<ModelPackage, 'name' | 'deploy'>;

/**
 * The models of a stage: those whose packages name it. A model that is being worked on is in none.
 * @param packages of the models
 * @param stage of the deployment
 * @returns their names
 * @throws ConfigurationError when a package names a stage that there is not, or none names this one
 */
export function deployedModels(packages: readonly Deployable[], stage: Stage): string[] {
  for (const { name, deploy } of packages) {
    const unknown = deploy.find((each) => !(STAGES as readonly string[]).includes(each));
    if (unknown !== undefined)
      throw new ConfigurationError(`the model ${name} is to be deployed where nothing is`, {
        expected: `hemline.deploy: a list of ${STAGES.join(', ')}`,
        found: unknown,
        where: { file: `models/${name}/package.json` },
      });
  }
  const names = packages.filter(({ deploy }) => deploy.includes(stage)).map(({ name }) => name);
  if (names.length > 0) return names;
  throw new ConfigurationError(`the deployment ${stage} has no model`, {
    expected: `at least one package of models/ with "deploy": ["${stage}"] under "hemline" in its package.json`,
    found: 'none',
  });
}
