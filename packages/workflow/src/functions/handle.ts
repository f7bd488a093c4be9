import { ConfigurationError } from '@hemline/core';
import { begin, type BeginRequest } from './begin.ts';
import type { CompleteRequest } from './complete-request.ts';
import { complete } from './complete.ts';
import { forecasts, type ForecastsRequest } from './forecasts.ts';
import { overdue, type OverdueRequest } from './overdue.ts';
import { plan, type PlanRequest } from './plan.ts';
import { register, type RegisterRequest } from './register.ts';
import type { StepServices } from './step-services.ts';
import { untold, type UntoldRequest } from './untold.ts';

/** What the function of small steps is asked to do. */
export type StepRequest =
  | ({ readonly action: 'begin' } & BeginRequest)
  | ({ readonly action: 'plan' } & PlanRequest)
  | ({ readonly action: 'register' } & RegisterRequest)
  | ({ readonly action: 'forecasts' } & ForecastsRequest)
  | ({ readonly action: 'complete' } & CompleteRequest)
  | ({ readonly action: 'untold' } & UntoldRequest)
  | ({ readonly action: 'overdue' } & OverdueRequest);

/**
 * Does a small step: the same code in the Lambda function and within the local executor.
 * @param request payload of the state
 * @param services of the place
 * @returns the answer
 * @throws ConfigurationError for an action that there is not
 */
export async function handleStep(request: StepRequest, services: StepServices): Promise<unknown> {
  switch (request.action) {
    case 'begin':
      return begin(request, services);
    case 'plan':
      return plan(request, services);
    case 'register':
      return register(request, services);
    case 'forecasts':
      return forecasts(request, services);
    case 'complete':
      return complete(request, services);
    case 'untold':
      return untold(request, services);
    case 'overdue':
      return overdue(request, services);
    default:
      throw new ConfigurationError('there is no such step', {
        expected: 'begin, plan, register, forecasts, complete, untold or overdue',
        found: String((request as { action?: unknown }).action),
        remedy: 'Deploy the state machines and the function of one version.',
      });
  }
}
