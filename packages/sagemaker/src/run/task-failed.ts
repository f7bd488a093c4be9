/** How a job ended that failed. */
export interface JobEnd {
  /** As the entrypoint gave it, 143 where SIGTERM ended it, 70 where another signal did. */
  readonly exitCode: number;
  /** What it left as its reason; null where it left none. */
  readonly reason: string | null;
  /** How it ended, in words. */
  readonly how: string;
  /** File with everything that it printed. */
  readonly log: string;
}

/** What Step Functions raises for a job that failed: `ErrorEquals` matches its name, the cause is the job's description. */
export class TaskFailed extends Error {
  /** Null where the task was no job. */
  readonly end: JobEnd | null;

  /**
   * @param cause plain data
   * @param end of the job
   */
  constructor(cause: object, end: JobEnd | null = null) {
    super(JSON.stringify(cause));
    this.name = 'States.TaskFailed';
    this.end = end;
  }
}

/** The executor was told to stop: nothing may catch it and go on. */
export class ExecutionStopped extends Error {
  constructor() {
    super('the execution was stopped');
    this.name = 'Hemline.Stopped';
  }
}
