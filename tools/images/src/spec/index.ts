export * from './image-name.ts';
export * from './image-spec.ts';
