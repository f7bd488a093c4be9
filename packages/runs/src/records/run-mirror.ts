import type { Measurement } from './measurement.ts';
import type { Outcome, RunEvent } from './run-event.ts';

/** Another place that is told what a run does, besides its record. It never makes the run wait, nor fail. */
export interface RunMirror {
  /**
   * @param event that is in the record
   */
  take(event: RunEvent): void;
  /**
   * @param measurement that is in the record
   */
  measured(measurement: Measurement): void;
  /**
   * Sends what is left.
   * @param outcome of the run; null: it goes on later
   * @returns what the other place lacks and why; null when it has everything
   */
  end(outcome: Outcome | null): Promise<string | null>;
}
