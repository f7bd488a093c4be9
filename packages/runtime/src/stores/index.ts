export type * from './store.ts';
export * from './open-store.ts';
