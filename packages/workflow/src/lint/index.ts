export { checkDeclaration, lintDeclaration } from './lint-declaration.ts';
export { checkDefinition, lintDefinition } from './lint-definition.ts';
export type { Problem } from './problem.ts';
