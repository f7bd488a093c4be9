export { synthesize, type Synthesized, type Template } from './synthesize.ts';
export type { Deployment, ImageDigests } from './deployment.ts';
export { hemlineApp } from './hemline-app.ts';
export { quotasOf, type Quota } from './quotas.ts';
