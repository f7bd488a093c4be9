import { testModel } from '@hemline/evaluation/testing';
import { describe } from 'vitest';
import model from '../src/model.ts';

for (const method of ['last', 'seasonal', 'mean'])
  describe(`method ${method}`, () => testModel(model, { hyperparameters: { method, season: 26 } }));
