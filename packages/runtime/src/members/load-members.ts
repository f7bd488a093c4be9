import { resolveMembers, type AnyModel, type Members } from '@hemline/core';
import { importModel } from './import-model.ts';

/**
 * Loads the members that a model is made of, and theirs, by name.
 * @param model any; without members nothing is loaded
 * @returns their definitions by name: what `fit` and `load` of the model are given
 * @throws ConfigurationError when a member is not there or does not fit the model
 */
export function loadMembers(model: AnyModel): Promise<Members> {
  return resolveMembers(model, importModel);
}
