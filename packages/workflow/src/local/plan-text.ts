import type { ResolvedMachine } from '../stack/resolve-definition.ts';
import { branchesByItem, mapOf, type AslMachine, type AslState } from './definition.ts';

/**
 * What a workflow would do, read off its definition.
 * @param machines by workflow
 * @param workflow name
 * @returns a tree, a line a step
 */
export function planText(machines: ReadonlyMap<string, ResolvedMachine>, workflow: string): string {
  return [workflow, ...walk(machines, machineOf(machines, workflow), '  ')].join('\n');
}

function machineOf(machines: ReadonlyMap<string, ResolvedMachine>, workflow: string): AslMachine {
  return machines.get(workflow)!.definition as unknown as AslMachine;
}

/** The way that an execution takes when nothing fails. */
function walk(machines: ReadonlyMap<string, ResolvedMachine>, machine: AslMachine, indent: string): string[] {
  const lines: string[] = [];
  const seen = new Set<string>();
  for (let name: string | undefined = machine.StartAt; name !== undefined && !seen.has(name);) {
    seen.add(name);
    const state: AslState = machine.States[name]!;
    if (state.Type === 'Task') lines.push(`${indent}${taskText(name, state)}`);
    if (state.Type === 'Task' && state.Resource!.endsWith('startExecution.sync:2')) {
      const id = (state['Parameters'] as { StateMachineArn: string }).StateMachineArn;
      const nested = [...machines.values()].find(({ logicalId }) => logicalId === id)!;
      lines.push(...walk(machines, nested.definition as unknown as AslMachine, `${indent}  `));
    }
    const branches = branchesOf(state);
    if (branches.length > 0) {
      lines.push(`${indent}${name}${howMany(state, branches)}`);
      for (const branch of branches) lines.push(...walk(machines, branch, `${indent}  `));
    }
    name = nextOf(state);
  }
  return lines;
}

/** The ways that are gone beside each other, each as a machine of its own. */
function branchesOf(state: AslState): readonly AslMachine[] {
  const map = mapOf(state);
  if (map === undefined) return state.Branches ?? [];
  return (branchesByItem(map) ?? [map.StartAt]).map((StartAt) => ({ ...map, StartAt }));
}

function howMany(state: AslState, branches: readonly AslMachine[]): string {
  if (branches.length > 1) {
    const most = state['MaxConcurrency'] as number | undefined;
    return most === undefined || most >= branches.length ? ', at the same time' : `, ${most} at a time`;
  }
  return state.Type === 'Map' && branchesByItem(mapOf(state)!) === null ? ', each' : '';
}

function nextOf(state: AslState): string | undefined {
  if (state.Type !== 'Choice') return state['Next'] as string | undefined;
  // The rules are for the case that something is amiss, but for the first: whether the run is ours.
  const [rule] = state['Choices'] as readonly { readonly Next: string; readonly BooleanEquals?: boolean }[];
  return rule?.BooleanEquals === true ? rule.Next : (state['Default'] as string);
}

function taskText(name: string, state: AslState): string {
  const parameters = state['Parameters'] as {
    readonly ResourceConfig?: { readonly InstanceType: string };
    readonly EnableManagedSpotTraining?: boolean;
    readonly ProcessingResources?: {
      readonly ClusterConfig: { readonly InstanceType: string; readonly InstanceCount: number };
    };
    readonly StoppingCondition?: { readonly MaxRuntimeInSeconds: number };
    readonly HyperParameters?: Readonly<Record<string, string>>;
  };
  const cluster = parameters.ProcessingResources?.ClusterConfig;
  const type = parameters.ResourceConfig?.InstanceType ?? cluster?.InstanceType;
  if (type === undefined) return name;
  const count = cluster?.InstanceCount ?? 1;
  const hours = (parameters.StoppingCondition?.MaxRuntimeInSeconds ?? 0) / 3600;
  const set = Object.entries(parameters.HyperParameters ?? {}).filter(([key]) => !key.endsWith('.$'));
  const told = [
    `in AWS ${count > 1 ? `${count} × ` : ''}${type}${parameters.EnableManagedSpotTraining === true ? ' (spot)' : ''}`,
    `at most ${hours} h`,
    ...set.map(([key, value]) => `${key}=${value}`),
  ];
  return `${name}  (${told.join(', ')})`;
}
