// `models` of the library: the definitions of the workspace, and the versions of the registry with the decisions about them.
export { definition, definitions, type ModelDefinition, type ModelDescription } from './definitions.ts';
export { register, type RegisterOptions } from './register.ts';
export { requirements } from './requirements.ts';
export {
  compare,
  decide,
  list,
  show,
  type Decided,
  type ListVersionsOptions,
  type VersionComparison,
  type VersionOptions,
} from './versions.ts';
