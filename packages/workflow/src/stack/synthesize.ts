import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_lambda as lambda, type cx_api as cxapi } from 'aws-cdk-lib';
import { APP_CONTEXT } from './app-context.ts';
import type { Deployment } from './deployment.ts';
import { HemlineStack } from './hemline-stack.ts';
import { inlineDefinitions } from './inline-definitions.ts';
import type { Template } from './template.ts';

export type { Template } from './template.ts';

/** A synthesized stack. */
export interface Synthesized {
  readonly stackName: string;
  readonly template: Template;
}

/**
 * Synthesizes a deployment, offline. State machines do not depend on the bundle of the function of small steps, so that it is
 * left out here; `cdk synth` makes it.
 * @param deployment what to synthesize
 * @returns the template
 */
export function synthesize(deployment: Deployment): Synthesized {
  const outdir = mkdtempSync(join(tmpdir(), 'hemline-synth-'));
  try {
    const app = new App({ outdir, analyticsReporting: false, context: APP_CONTEXT });
    const stackName = `hemline-${deployment.stage}`;
    new HemlineStack(
      app,
      stackName,
      deployment,
      lambda.Code.fromInline('// The bundle is made when it is deployed.'),
    );
    return { stackName, template: templateOf(app.synth(), stackName) };
  } finally {
    rmSync(outdir, { recursive: true, force: true });
  }
}

/**
 * @param assembly as synthesized
 * @param stackName of a stack in it
 * @returns its template, definitions included
 */
export function templateOf(assembly: cxapi.CloudAssembly, stackName: string): Template {
  return inlineDefinitions(assembly.getStackByName(stackName).template as Template, assembly.directory);
}
