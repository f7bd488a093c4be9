export { defineBlend, type BlendOptions } from './define-blend.ts';
export { BLEND_CURVES } from './forecast/blend-table.ts';
export { blendHyperparameters, type BlendHyperparameters } from './hyperparameters.ts';
export type { BlendPart } from './part.ts';
