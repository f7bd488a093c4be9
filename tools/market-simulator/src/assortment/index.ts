export * from './groups.ts';
export * from './brands.ts';
export * from './markets.ts';
export * from './article.ts';
