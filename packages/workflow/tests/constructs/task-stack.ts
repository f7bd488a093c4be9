import { App, Stack, aws_iam as iam, aws_stepfunctions as sfn } from 'aws-cdk-lib';
import { resolveMachines } from '../../src/stack/resolve-definition.ts';
import type { Template } from '../../src/stack/template.ts';

/** A stack with a role for jobs, and a state machine of one task. */
export class TaskStack {
  readonly #app = new App({ analyticsReporting: false });
  readonly stack: Stack = new Stack(this.#app, 'stack');
  readonly role: iam.IRole = new iam.Role(this.stack, 'Job', {
    assumedBy: new iam.ServicePrincipal('sagemaker.amazonaws.com'),
  });

  /**
   * @param task the only state
   * @returns it as it is deployed, and the template around it
   */
  synthesize(task: sfn.TaskStateBase): { state: unknown; template: Template } {
    new sfn.StateMachine(this.stack, 'Machine', {
      stateMachineName: 'm',
      definitionBody: sfn.DefinitionBody.fromChainable(task),
    });
    const template = this.#app.synth().getStackByName('stack').template as Template;
    const { definition } = resolveMachines(template).get('m')!;
    return { state: (definition as { States: Record<string, unknown> }).States[task.id], template };
  }
}
