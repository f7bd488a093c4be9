import {
  DescribeLogStreamsCommand,
  GetLogEventsCommand,
  type CloudWatchLogsClient,
} from '@aws-sdk/client-cloudwatch-logs';
import { awsFailure, isNotThere } from '../aws/aws-failure.ts';
import type { LaunchKind } from '../requests/job-request.ts';

/** A line that a job printed. */
export interface LogLine {
  /** Such as `algo-1`. */
  readonly host: string;
  readonly text: string;
}

const GROUPS: Readonly<Record<LaunchKind, string>> = {
  train: '/aws/sagemaker/TrainingJobs',
  process: '/aws/sagemaker/ProcessingJobs',
};

/** What a job prints, read from CloudWatch Logs as it comes. */
export class JobLogs {
  readonly #client: CloudWatchLogsClient;
  readonly #group: string;
  readonly #prefix: string;
  /** Stream → where to read on; undefined from its beginning. */
  readonly #positions = new Map<string, string | undefined>();

  /**
   * @param client of CloudWatch Logs
   * @param kind of the job
   * @param name of it
   */
  constructor(client: CloudWatchLogsClient, kind: LaunchKind, name: string) {
    this.#client = client;
    this.#group = GROUPS[kind];
    this.#prefix = `${name}/`;
  }

  /**
   * Reads what has come since the last time, host by host.
   * @returns the lines; none before the job has printed anything
   * @throws ConfigurationError when the logs may not be read
   */
  async read(): Promise<LogLine[]> {
    const lines: LogLine[] = [];
    for (const stream of await this.#streams()) {
      const host = stream.slice(this.#prefix.length).replace(/-\d+$/, '');
      for (;;) {
        const before = this.#positions.get(stream);
        const { events, next } = await this.#page(stream, before);
        lines.push(...events.map((text) => ({ host, text })));
        this.#positions.set(stream, next);
        // At its end a stream gives the same position again.
        if (next === before || events.length === 0) break;
      }
    }
    return lines;
  }

  async #streams(): Promise<string[]> {
    const names: string[] = [];
    let next: string | undefined;
    try {
      do {
        const page = await this.#client.send(
          new DescribeLogStreamsCommand({
            logGroupName: this.#group,
            logStreamNamePrefix: this.#prefix,
            nextToken: next,
          }),
        );
        names.push(...(page.logStreams ?? []).map(({ logStreamName: name }) => name!));
        next = page.nextToken;
      } while (next !== undefined);
    } catch (error) {
      // The group is made by the account's first job of this kind.
      if (isNotThere(error)) return [];
      throw awsFailure(error, 'logs:DescribeLogStreams', this.#group);
    }
    return names.sort();
  }

  async #page(
    stream: string,
    position: string | undefined,
  ): Promise<{ events: string[]; next: string | undefined }> {
    try {
      const page = await this.#client.send(
        new GetLogEventsCommand({
          logGroupName: this.#group,
          logStreamName: stream,
          startFromHead: true,
          nextToken: position,
        }),
      );
      return {
        events: (page.events ?? []).map(({ message }) => (message ?? '').replace(/\r?\n$/, '')),
        next: page.nextForwardToken,
      };
    } catch (error) {
      throw awsFailure(error, 'logs:GetLogEvents', `${this.#group} ${stream}`);
    }
  }
}
