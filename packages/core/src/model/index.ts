export * from './quantity.ts';
export * from './artifact.ts';
export * from './job.ts';
export * from './forecast-curves.ts';
export * from './forecast-request.ts';
export * from './define-model.ts';
export * from './panel-recipe.ts';
export * from './scenario-rows.ts';
