/** Facts that every line of a job carries. */
export interface JobFacts {
  readonly model: string;
  readonly job: string;
  readonly host: string;
}
