export * from './panel-recipe.ts';
export * from './standard-features.ts';
