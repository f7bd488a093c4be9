import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { App, aws_lambda as lambda } from 'aws-cdk-lib';
import { APP_CONTEXT } from './app-context.ts';
import type { Deployment } from './deployment.ts';
import { HemlineStack } from './hemline-stack.ts';
import { bundleSteps } from './step-bundle.ts';

/**
 * The CDK's app of all deployments: a stack each, from one declaration.
 * @param deployments staging, production
 * @param outdir of the cloud assembly; by default the CDK's own
 * @returns the app, to be synthesized
 */
export function hemlineApp(deployments: readonly Deployment[], outdir?: string): App {
  const app = new App({
    ...(outdir === undefined ? {} : { outdir }),
    analyticsReporting: false,
    context: APP_CONTEXT,
  });
  const bundle = mkdtempSync(join(tmpdir(), 'hemline-steps-'));
  bundleSteps(bundle);
  for (const deployment of deployments)
    new HemlineStack(app, `hemline-${deployment.stage}`, deployment, lambda.Code.fromAsset(bundle));
  return app;
}
