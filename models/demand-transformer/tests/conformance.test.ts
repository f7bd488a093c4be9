import { testModel } from '@hemline/evaluation/testing';
import { loadTensorflow } from '@hemline/tensor';
import model from '../src/model.ts';

const { tf } = await loadTensorflow();

// Single-precision sums of a network differ a little with the place of a series in its batch.
testModel(model, { tolerance: 1e-4, liveTensors: () => tf.memory().numTensors });
