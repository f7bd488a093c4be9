import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import { destination, pino, type Logger } from 'pino';
import type { ProgressEvent } from '@hemline/core';
import { peakMemoryBytes } from './peak-memory.ts';
import { embeddedMetric, type JobFacts, metricLine } from '@hemline/sagemaker';

/** How a job tells what it does. */
export interface Telemetry {
  info(message: string, facts?: Readonly<Record<string, unknown>>): void;
  warn(message: string, facts?: Readonly<Record<string, unknown>>): void;
  error(message: string, facts?: Readonly<Record<string, unknown>>): void;
  progress(event: ProgressEvent): void;
  metric(name: string, value: number): void;
  /** Leaves the terminal as it was. */
  close(): void;
}

/** Milliseconds between two progress lines of one phase when nobody draws bars from them. */
const QUIET_INTERVAL = 10_000;

/**
 * The telemetry of a job. On a terminal: lines for people and progress bars. Elsewhere: JSON lines (pino) on standard
 * error, and metrics on standard output, once as a stable line for the platform's metric definitions and once in
 * CloudWatch's embedded metric format. `HEMLINE_PROGRESS=json` gives JSON progress without delay, for a parent to draw.
 * @param facts that every line carries
 * @param environment of the process
 * @param isTerminal whether standard error is one
 * @returns the telemetry
 */
export function createTelemetry(
  facts: JobFacts,
  environment: NodeJS.ProcessEnv = process.env,
  isTerminal: boolean = process.stderr.isTTY === true,
): Telemetry {
  if (isTerminal && environment['HEMLINE_PROGRESS'] !== 'json') return new TerminalTelemetry();
  return new StructuredTelemetry(facts, environment['HEMLINE_PROGRESS'] === 'json' ? 200 : QUIET_INTERVAL);
}

/** JSON lines. Synchronous: a line that was logged before a crash is there. */
class StructuredTelemetry implements Telemetry {
  readonly #log: Logger;
  readonly #facts: JobFacts;
  readonly #interval: number;
  #phase = '';
  #told = -Infinity;

  constructor(facts: JobFacts, interval: number) {
    this.#facts = facts;
    this.#interval = interval;
    this.#log = pino(
      {
        base: facts,
        timestamp: () => `,"time":"${new Date().toISOString()}"`,
        formatters: { level: (level) => ({ level }) },
      },
      destination({ dest: 2, sync: true }),
    );
  }

  info(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#log.info(facts, message);
  }

  warn(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#log.warn(facts, message);
  }

  error(message: string, facts: Readonly<Record<string, unknown>> = {}): void {
    this.#log.error(facts, message);
  }

  progress(event: ProgressEvent): void {
    const now = performance.now();
    const ends = event.total !== null && event.done >= event.total;
    if (event.phase === this.#phase && !ends && now - this.#told < this.#interval) return;
    this.#phase = event.phase;
    this.#told = now;
    this.#log.info(
      // A process that is killed for its memory has said how much it had.
      { progress: event, peakMemoryBytes: peakMemoryBytes() },
      `${event.phase}: ${event.done}${event.total === null ? '' : ` of ${event.total}`} ${event.unit}`,
    );
  }

  metric(name: string, value: number): void {
    process.stdout.write(`${metricLine(name, value)}\n`);
    // The embedded format takes numbers only: one that is none would be rejected with its whole line.
    if (Number.isFinite(value)) process.stdout.write(`${embeddedMetric(this.#facts, name, value)}\n`);
  }

  close(): void {
    this.#log.info({ peakMemoryBytes: peakMemoryBytes() }, 'the job ends');
    this.#log.flush();
  }
}

/** Lines and bars for people. */
class TerminalTelemetry implements Telemetry {
  readonly #bars = new MultiBar(
    {
      format: '{phase} {bar} {value}/{total} {unit}',
      hideCursor: true,
      clearOnComplete: true,
      stream: process.stderr,
    },
    Presets.shades_classic,
  );
  #bar: SingleBar | null = null;
  #phase = '';

  info(message: string): void {
    this.#write(message);
  }

  warn(message: string): void {
    this.#write(`Warning: ${message}`);
  }

  error(message: string): void {
    this.#write(`Error: ${message}`);
  }

  progress({ phase, done, total, unit }: ProgressEvent): void {
    if (phase !== this.#phase || this.#bar === null) {
      if (this.#bar !== null) this.#bars.remove(this.#bar);
      this.#bar = this.#bars.create(total ?? done, 0, { phase: phase.padEnd(20), unit });
      this.#phase = phase;
    }
    this.#bar.setTotal(Math.max(total ?? done, 1));
    this.#bar.update(done);
  }

  metric(name: string, value: number): void {
    this.#write(metricLine(name, value));
  }

  close(): void {
    this.#bars.stop();
  }

  #write(text: string): void {
    if (this.#bar === null) process.stderr.write(`${text}\n`);
    else this.#bars.log(`${text}\n`);
  }
}
