import { Duration, aws_stepfunctions as sfn, aws_stepfunctions_tasks as tasks } from 'aws-cdk-lib';
import type { ChainWorkflow } from '../declaration/workflow.ts';
import { beginning } from './beginning.ts';
import { ending } from './compile-models.ts';
import { checkTask, type Frame } from './frame.ts';
import { at } from './paths.ts';
import { keepFailure, tryAgain } from './try-again.ts';

/** Nothing of a run is of use after this: a run is of a week. */
export const LONGEST_RUN = Duration.days(3);

/**
 * Compiles a workflow of workflows: the data is checked once, then each runs as an execution of its own. One that breaks does
 * not stop the next: a week without forecasts is worse than a week with last week's models.
 * @param frame where it stands
 * @param declared the workflow
 * @returns its first state, with all others behind it
 */
export function compileChain(frame: Frame, declared: ChainWorkflow): sfn.IChainable {
  const { scope, workflow, platform } = frame;
  const check = checkTask(frame);
  // Every task and what follows when it breaks lead to the next.
  let open: sfn.INextable[] = [check];
  const lead = (to: sfn.IChainable): void => {
    for (const state of open) state.next(to);
  };
  declared.chain.forEach((name, i) => {
    const task = new tasks.StepFunctionsStartExecution(scope, name, {
      stateMachine: platform.machine(name),
      integrationPattern: sfn.IntegrationPattern.RUN_JOB,
      associateWithParent: true,
      taskTimeout: sfn.Timeout.duration(LONGEST_RUN),
      // A name makes a retry find the execution that the first attempt has started.
      name: sfn.JsonPath.format(`{}-${name}`, at('$.run')),
      input: sfn.TaskInput.fromObject({
        run: at('$.run'),
        data: at('$.data'),
        facts: at('$.facts'),
        parameters: at('$.parameters'),
        startedAt: at('$.startedAt'),
        deadlineAt: at('$.deadlineAt'),
        chain: workflow,
        nested: true,
        alone: at('$.alone'),
        // What the workflow before it came to: the forecasts tell which models are not this week's.
        training: at(i === 0 ? '$.training' : `$.${declared.chain[i - 1]!}`),
      }),
      resultSelector: { outcome: at('$.Output') },
      resultPath: `$.${name}`,
    });
    const broke = new sfn.Pass(scope, `${name} broke`, {
      parameters: { failure: at('$.failure') },
      resultPath: `$.${name}`,
    });
    task.addCatch(broke, { resultPath: '$.failure' });
    lead(task);
    open = [task, broke];
  });
  const { broken } = ending(frame, lead, 'chain');
  tryAgain(scope, check, {
    step: 'check',
    retries: 1,
    failed: keepFailure(scope, 'check the data: why', broken),
  });
  return beginning(frame, false, () => check);
}
