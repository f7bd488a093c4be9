import { ConfigurationError, type AnyModel } from '@hemline/core';

/**
 * Imports the definition of a model by its name. In an image, where there are no packages, the bundle has this module replaced by
 * one that knows the members of the model by name (tools/images, `member-modules.ts`).
 * @param name of the model
 * @returns its definition
 * @throws ConfigurationError when there is no such package, or it exports no model
 */
export async function importModel(name: string): Promise<AnyModel> {
  const specifier = `@hemline/${name}`;
  try {
    const { default: model } = (await import(specifier)) as { default?: AnyModel };
    if (typeof model?.fit === 'function') return model;
  } catch (cause) {
    const { code, message } = cause as NodeJS.ErrnoException;
    // What a package that is there lacks is told as it is.
    if (code !== 'ERR_MODULE_NOT_FOUND' || !message.includes(`'${specifier}'`)) throw cause;
    throw unknownModel(name, `no package ${specifier}`);
  }
  throw unknownModel(name, `a package ${specifier} whose default export is no model`);
}

function unknownModel(name: string, found: string): ConfigurationError {
  return new ConfigurationError(`the member ${name} cannot be loaded`, {
    expected: `a package @hemline/${name} whose default export is its definition`,
    found,
    remedy: 'Name it among the dependencies in the package.json of the model, and run npm install.',
  });
}
