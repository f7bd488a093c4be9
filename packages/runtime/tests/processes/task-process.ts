// What a process of the tests starts with.
import { DataError } from '@hemline/core';
import { serveTasks } from '../../src/processes/index.ts';

serveTasks<{ readonly factor: number }, string, { readonly value: number; readonly pid: number }, number>(
  ({ factor }) => {
    if (factor < 0) throw new DataError('the opening is wrong', { expected: 'a factor from 0' });
    return factor;
  },
  async (task, factor, tell) => {
    if (task === 'die') process.kill(process.pid, 'SIGKILL');
    if (task === 'wait') await new Promise(() => setInterval(() => undefined, 1000));
    if (task === 'fail') throw new DataError('the task is wrong', { found: task });
    tell({ phase: 'work', done: 1, total: 2, unit: 'parts' });
    return { value: factor * Number(task), pid: process.pid };
  },
);
