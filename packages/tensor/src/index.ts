export * from './blocks/index.ts';
export * from './compiled/index.ts';
export * from './engine/index.ts';
export * from './training/index.ts';
export type { Tensor, Tensor2D } from '@tensorflow/tfjs';
