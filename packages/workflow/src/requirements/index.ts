export * from './check-requirements.ts';
export { parseRequirements, requirementsSchema, type Requirements } from './requirements.ts';
