import { testModel } from '@hemline/evaluation/testing';
import model from '../src/model.ts';

// Curves are told in single precision: the last bit of a sum over rows in another order may change its last bit.
testModel(model, { tolerance: 1e-6 });
