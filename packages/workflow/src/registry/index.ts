export type { ApprovalDecision, ApprovalStatus, ModelVersion, NewVersion } from './model-version.ts';
export { APPROVAL_STATUSES } from './model-version.ts';
export type { ModelRegistry, StatusChange } from './model-registry.ts';
export { openRegistry, type RegistryOptions } from './open-registry.ts';
