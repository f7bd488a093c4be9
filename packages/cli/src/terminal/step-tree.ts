import type { ProgressEvent } from '@hemline/core';
import type { WorkflowOptions } from '@hemline/hemline';
import type { StepEvent } from '@hemline/workflow/local';
import { interruptSignal } from './interrupt.ts';
import { typed } from './with-bars.ts';

/** How a step stands. */
interface Node {
  readonly group: string;
  readonly label: string;
  status: 'waiting' | 'running' | 'done' | 'reused' | 'failed';
  began: number;
  seconds: number;
  progress: ProgressEvent | null;
  phase: string;
  /** Why its last attempt failed: told when it is tried again, and otherwise by the result of the run, which tells it once. */
  failure: string | null;
}

/** Events that change what is shown. */
type ShownEvent = Exclude<StepEvent, { kind: 'message' | 'metric' | 'memory' }>;

/** Milliseconds between two drawings. */
const INTERVAL = 120;

const SIGNS = { waiting: '·', running: '▶', done: '✓', reused: '↺', failed: '✗' } as const;

/**
 * The steps of a run as a tree that is drawn anew while they go on: workflow, model, step, with progress and durations. Without a
 * terminal a line is written when a step begins, enters a phase, and ends. Writes to standard error.
 */
export class StepTree {
  readonly #nodes = new Map<string, Node>();
  readonly #isTerminal: boolean;
  #drawn = 0;
  #timer: NodeJS.Timeout | null = null;

  /** @param isTerminal whether standard error is one */
  constructor(isTerminal: boolean = process.stderr.isTTY === true) {
    this.#isTerminal = isTerminal;
  }

  /**
   * Takes what happened to a step.
   * @param event of the executor
   */
  take(event: StepEvent): void {
    const { workflow, state, root } = event.step;
    // What takes no time is told only when it fails; messages to people say what the run's result says.
    if (event.kind === 'message' || event.kind === 'metric' || event.kind === 'memory') return;
    if (root === null && event.kind !== 'failed') return;
    const [first, ...rest] = state.split(': ');
    const group = rest.length === 0 ? workflow : `${workflow}/${first}`;
    const key = root ?? `${workflow}/${state}`;
    const node = this.#nodes.get(key) ?? {
      group,
      label: rest.length === 0 ? first! : rest.join(': '),
      status: 'waiting',
      began: performance.now(),
      seconds: 0,
      progress: null,
      phase: '',
      failure: null,
    };
    this.#nodes.set(key, node);
    if (event.kind === 'started' && node.failure !== null) {
      this.log(`${state} is tried again, it failed: ${node.failure}`);
      node.failure = null;
    }
    if (event.kind === 'failed') node.failure = reasonOf(event.reason);
    if (this.#isTerminal) this.#change(node, event);
    else this.#write(state, node, event);
  }

  /**
   * Writes a line above the tree.
   * @param text may have several lines
   */
  log(text: string): void {
    this.#clear();
    process.stderr.write(`${text}\n`);
    if (this.#isTerminal) this.#draw();
  }

  /** Begins anew: the steps before were those of another run. */
  begin(): void {
    this.stop();
    this.#nodes.clear();
  }

  /** Draws the tree for the last time. */
  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
    this.#timer = null;
    if (!this.#isTerminal || this.#nodes.size === 0) return;
    this.#draw();
    this.#drawn = 0;
  }

  #change(node: Node, event: ShownEvent): void {
    this.#timer ??= setInterval(() => this.#draw(), INTERVAL).unref();
    if (event.kind === 'progress') node.progress = event.progress;
    else if (event.kind === 'started') Object.assign(node, { status: 'running', began: performance.now() });
    else if (event.kind === 'waiting') node.status = 'waiting';
    else {
      const status = event.kind === 'finished' ? 'done' : event.kind;
      Object.assign(node, { status, seconds: event.seconds });
      if (event.kind === 'failed') this.log(`${event.step.state} failed${logOf(event.reason)}`);
    }
  }

  #write(state: string, node: Node, event: ShownEvent): void {
    const line = (text: string): void => void process.stderr.write(`${state}: ${text}\n`);
    switch (event.kind) {
      case 'started':
        return line('started');
      case 'progress':
        if (event.progress.phase !== node.phase) {
          node.phase = event.progress.phase;
          line(event.progress.phase);
        }
        return;
      case 'finished':
        return line(`done in ${event.seconds.toFixed(1)} s`);
      case 'reused':
        return line(`was done before, in ${event.seconds.toFixed(1)} s`);
      case 'failed':
        return line(`failed after ${event.seconds.toFixed(1)} s${logOf(event.reason)}`);
    }
  }

  #draw(): void {
    this.#clear();
    const lines = this.#lines().map((line) => cut(line, process.stderr.columns ?? 80));
    process.stderr.write(lines.map((line) => `${line}\n`).join(''));
    this.#drawn = lines.length;
  }

  #clear(): void {
    if (this.#drawn > 0) process.stderr.write(`\x1b[${this.#drawn}A\x1b[0J`);
    this.#drawn = 0;
  }

  /** Models that are through take one line, so that what goes on fits the screen. */
  #lines(): string[] {
    const lines: string[] = [];
    let workflow = '';
    for (const [group, nodes] of Map.groupBy(this.#nodes.values(), (node) => node.group)) {
      const [name, model] = group.split('/');
      if (name !== workflow) lines.push((workflow = name!));
      if (model === undefined) lines.push(...nodes.map((node) => `  ${describe(node)}`));
      else if (nodes.every(({ status }) => status === 'done' || status === 'reused'))
        lines.push(
          `  ✓ ${model}: ${nodes.map((node) => `${node.label} ${node.seconds.toFixed(1)} s`).join(', ')}`,
        );
      else lines.push(`  ${model}`, ...nodes.map((node) => `    ${describe(node)}`));
    }
    return lines;
  }
}

/**
 * Runs workflows with their steps on the terminal and Ctrl-C as their signal.
 * @param work is given both, what was typed, and the tree
 * @returns what the work returns; the terminal is as it was
 */
export async function withStepTree<T>(
  work: (
    told: Required<Pick<WorkflowOptions, 'command' | 'signal' | 'onStep' | 'onNotice'>>,
    tree: StepTree,
  ) => Promise<T>,
): Promise<T> {
  const tree = new StepTree();
  const told = {
    ...{ command: typed(), signal: interruptSignal() },
    onStep: (event: StepEvent) => tree.take(event),
    onNotice: (text: string) => tree.log(text),
  };
  try {
    return await work(told, tree);
  } finally {
    tree.stop();
  }
}

/** Between a failure's reason and the place of its log. */
const LOG = '\nlog: ';

function reasonOf(told: string): string {
  return told.split(LOG)[0]!;
}

function logOf(told: string): string {
  const at = told.indexOf(LOG);
  return at === -1 ? '' : `, log: ${told.slice(at + LOG.length)}`;
}

function describe(node: Node): string {
  const { status, label, progress } = node;
  const seconds = status === 'running' ? (performance.now() - node.began) / 1000 : node.seconds;
  const time = status === 'waiting' ? '' : `  ${seconds.toFixed(1)} s`;
  const detail = status === 'running' && progress !== null ? `  ${progressText(progress)}` : '';
  return `${SIGNS[status]} ${label}${time}${detail}`;
}

function progressText({ phase, done, total, unit }: ProgressEvent): string {
  return `${phase} ${done.toLocaleString('en')}${total === null ? '' : `/${total.toLocaleString('en')}`} ${unit}`;
}

function cut(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`;
}
