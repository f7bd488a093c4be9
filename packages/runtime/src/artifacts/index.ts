export * from './model-artifact.ts';
export * from './checkpoints.ts';
export { writeWhole } from './entry-folder.ts';
export { fetchArtifactCard } from './fetch-card.ts';
