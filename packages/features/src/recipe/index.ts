export * from './panel-data.ts';
export * from './panel-recipe.ts';
export * from './standard-features.ts';
