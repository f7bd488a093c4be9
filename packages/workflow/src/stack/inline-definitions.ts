import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Template } from './template.ts';

/**
 * Puts the definitions of state machines back into a template, which has them as files of the assembly: here nothing is uploaded.
 * @param template as synthesized
 * @param directory of the assembly
 * @returns the template, whole by itself
 */
export function inlineDefinitions(template: Template, directory: string): Template {
  return {
    ...template,
    Resources: Object.fromEntries(
      Object.entries(template.Resources).map(([id, resource]) => {
        const { DefinitionS3Location: location, ...properties } = resource.Properties ?? {};
        if (location === undefined) return [id, resource];
        const { DefinitionSubstitutions: references = {}, ...others } = properties;
        const text = readFileSync(join(directory, `asset.${(location as { Key: string }).Key}`), 'utf8');
        // Every second part is the name of a reference.
        const parts = text
          .split(/\$\{(\w+)\}/)
          .map((part, i) => (i % 2 === 0 ? part : (references as Record<string, unknown>)[part]));
        return [
          id,
          { ...resource, Properties: { ...others, DefinitionString: { 'Fn::Join': ['', parts] } } },
        ];
      }),
    ),
  };
}
