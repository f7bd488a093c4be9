// What a process of an experiment's fits on this machine starts with.
import { serveUnits } from '@hemline/experiments';
import { loadModel } from '../workspace.ts';

serveUnits(loadModel);
