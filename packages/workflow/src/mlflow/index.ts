export { openMlflow } from './open-mlflow.ts';
