import { testModel } from '@hemline/evaluation/testing';
import averageDemand from '../../src/model/templates/average-demand/model.ts';

testModel(averageDemand);
