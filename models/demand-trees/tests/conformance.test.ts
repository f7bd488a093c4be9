import { testModel } from '@hemline/evaluation/testing';
import model from '../src/model.ts';

testModel(model);
