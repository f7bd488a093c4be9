import type { Workflow } from '../declaration/workflow.ts';
import { backtest } from './backtest.ts';
import { inference } from './inference.ts';
import { training } from './training.ts';
import { weekly } from './weekly.ts';

/** All there are. */
export const WORKFLOWS: readonly Workflow[] = [training, inference, backtest, weekly];
