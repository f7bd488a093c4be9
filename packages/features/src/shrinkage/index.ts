export * from './article-attributes.ts';
export * from './grouped-sums.ts';
export * from './hierarchical-averages.ts';
export * from './hierarchy.ts';
export * from './shrunk-averages.ts';
