import { train } from '@hemline/runtime';
import model from './model.ts';

await train(model);
