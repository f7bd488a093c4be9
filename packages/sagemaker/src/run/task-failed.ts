/** What Step Functions raises for a job that failed: `ErrorEquals` matches its name, the cause is the job's description. */
export class TaskFailed extends Error {
  /** @param cause plain data */
  constructor(cause: object) {
    super(JSON.stringify(cause));
    this.name = 'States.TaskFailed';
  }
}

/** The executor was told to stop: nothing may catch it and go on. */
export class ExecutionStopped extends Error {
  constructor() {
    super('the execution was stopped');
    this.name = 'Hemline.Stopped';
  }
}
