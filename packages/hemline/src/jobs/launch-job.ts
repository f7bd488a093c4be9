import { ConflictError, InterruptedError, throwIfAborted, type ProgressEvent } from '@hemline/core';
import { parseTelemetryLine } from '@hemline/sagemaker';
import type { JobInput, JobRequest, LaunchKind } from '@hemline/sagemaker/requests';
import { RunRecorder, readPrices, readRun, type RunVersion, pricesFile, type Home } from '@hemline/runs';
import {
  checkLaunch,
  followJob,
  openSageMaker,
  stopJob,
  type JobStatus,
  type LogLine,
  type SageMaker,
} from '@hemline/sagemaker/submit';
import { codeFacts } from '../runs/code-facts.ts';
import { LaunchError } from './launch-error.ts';

/** Who is told what a job on SageMaker does. */
export interface LaunchListener {
  /** A line for people: of the job's log, or about the job. */
  readonly onLine: (text: string) => void;
  /** How far a host of the job has come. */
  readonly onProgress: (host: string, event: ProgressEvent) => void;
}

/** How a job is followed. */
export interface FollowSettings extends LaunchListener {
  readonly pollSeconds: number;
  /** Raised when the person wants to leave. */
  readonly signal: AbortSignal;
  /** Whether the signal stops the job too; else it goes on. */
  readonly stopOnInterrupt: boolean;
  /** Of the process that submitted the job; null in another one, which goes on with the record. */
  readonly recorder: RunRecorder | null;
}

/** A job to submit, and what its record says. */
export interface Launch {
  readonly launch: JobRequest;
  readonly name: string;
  readonly model: string;
  readonly inputs: readonly JobInput[];
  readonly image: string;
  readonly instanceType: string;
  readonly instances: number;
  readonly parameters: Readonly<Record<string, string>>;
  /** Place in S3 that a processing job writes to. */
  readonly output: string | null;
  /** Trained model that a processing job works with. */
  readonly version: Pick<RunVersion, 'role' | 'artifact' | 'version' | 'trainedBy'> | null;
}

/**
 * Submits a job. From then on it runs whatever becomes of this process, and its record is that of the run of its name.
 * @param home where records are kept
 * @param job to submit
 * @param options how the record says that it was asked for, and a signal which is taken from when there may be a job: it does
 *   not take back what has been asked
 * @returns the recorder of the run
 * @throws ConfigurationError when it breaks a limit, or the platform does not take it
 */
export async function submitJob(
  home: Home,
  job: Launch,
  options: {
    readonly command: readonly string[];
    readonly signal: () => AbortSignal;
    readonly onLine: (text: string) => void;
  },
): Promise<RunRecorder> {
  const { launch, name, model } = job;
  home.prepared();
  await checkLaunch(launch);
  const recorder = await RunRecorder.open(home.runFolder(name), {
    run: name,
    kind: `launch-${launch.kind}`,
    command: options.command,
    parameters: { model, ...job.parameters },
    code: await codeFacts(),
    prices: await readPrices(pricesFile(home)),
  });
  const step = stepOf(launch.kind, model);
  try {
    for (const { name: input, uri } of job.inputs)
      await recorder.addInput({ name: input, url: uri, fingerprint: null });
    await recorder.addImage({ name: model, uri: job.image });
    if (job.output !== null) await recorder.addOutput({ step, name: 'output', url: job.output });
    await recorder.stepStarted(step, { instanceType: job.instanceType, instances: job.instances });
    if (job.version !== null) await recorder.addVersion({ step, model, ...job.version });
    const { jobs } = await openSageMaker();
    // From here on there may be a job: whoever wants to leave waits for the answer, and whoever follows it deals with it.
    throwIfAborted(options.signal());
    // Told before it is asked: if this process dies meanwhile, the name is known.
    options.onLine(`Submitting ${name}`);
    await jobs.submit(launch);
    return recorder;
  } catch (error) {
    await recorder.stepFailed(step, error);
    await recorder.finish('failed');
    throw error;
  }
}

/**
 * Follows a job to its end, and writes that down. The signal leaves the job running, and says so, unless it is to stop it.
 * @param home where records are kept
 * @param kind of the job
 * @param name of it
 * @param settings listener, pace, what the signal means
 * @returns its status: complete
 * @throws LaunchError when it failed or was stopped
 * @throws InterruptedError when it was left running
 */
export async function followToEnd(
  home: Home,
  kind: LaunchKind,
  name: string,
  settings: FollowSettings,
): Promise<JobStatus> {
  const { stopOnInterrupt, signal } = settings;
  const sageMaker = await openSageMaker();
  let status: JobStatus | null;
  try {
    status = await follow(sageMaker, kind, name, settings, signal);
    if (status === null && stopOnInterrupt) {
      await stopJob(sageMaker, kind, name);
      status = await follow(sageMaker, kind, name, settings, new AbortController().signal);
    }
  } catch (error) {
    settings.onLine(`${name} is no longer followed, and may go on.\n${hintsOf(kind, name)}`);
    await settings.recorder?.close();
    throw error;
  }
  const recorder = settings.recorder ?? (await resumeRecord(home, name));
  if (recorder !== null) await writeEnd(recorder, kind, status);
  if (status === null)
    throw new InterruptedError(`${name} goes on: nothing has been stopped`, {
      remedy: hintsOf(kind, name).replace('\n', '. '),
    });
  if (status.status !== 'Completed') throw new LaunchError(status);
  return status;
}

/**
 * What the first signal means; a second one ends this process at once, when all that matters has been said.
 * @param kind of the job
 * @param name of it
 * @param stops whether the signal stops the job too
 * @returns lines for people
 */
export function leavingNotice(kind: LaunchKind, name: string, stops: boolean): string {
  const what = stops
    ? `Telling ${name} to stop; once more leaves it to itself.`
    : `Leaving; ${name} goes on.`;
  return `${what}\n${hintsOf(kind, name)}`;
}

function follow(
  { jobs, logsOf }: SageMaker,
  kind: LaunchKind,
  name: string,
  settings: FollowSettings,
  signal: AbortSignal,
): Promise<JobStatus | null> {
  return followJob(
    jobs,
    logsOf(kind, name),
    { kind, name },
    {
      signal,
      pollMilliseconds: 1000 * settings.pollSeconds,
      onStatus: ({ status, phase }) =>
        settings.onLine(`${name}: ${status}${phase === null ? '' : `, ${phase}`}`),
      onLine: (line) => tellLine(settings, name, line),
      onFailure: (error) => settings.onLine(`${name}: ${error.message}`),
    },
  );
}

/** Progress as such, lines of the log as text; the metrics that CloudWatch reads are for CloudWatch. */
function tellLine({ onLine, onProgress }: LaunchListener, name: string, { host, text }: LogLine): void {
  if (text.startsWith('{"_aws"')) return;
  const told = parseTelemetryLine(text);
  if (told?.kind === 'progress') onProgress(`${name} ${host}`, told.event);
  else if (told?.kind === 'metric') onLine(`${host}: ${told.name} = ${told.value}`);
  else onLine(`${host}: ${told === null ? text : `${told.level}: ${told.message}`}`);
}

/** A job that was not launched from here has no record, and gets none; nor is one written that has its end. */
async function resumeRecord(home: Home, name: string): Promise<RunRecorder | null> {
  const directory = home.runFolder(name);
  const known = await readRun(directory);
  if (known === null || known.state === 'succeeded' || known.state === 'failed') return null;
  const { kind, code } = known.record;
  try {
    return await RunRecorder.open(directory, { run: name, kind, code });
  } catch (error) {
    // The process that submitted the job follows it still, and writes its end.
    if (error instanceof ConflictError) return null;
    throw error;
  }
}

async function writeEnd(recorder: RunRecorder, kind: LaunchKind, status: JobStatus | null): Promise<void> {
  const { run, parameters } = recorder.record;
  const model = parameters['model'] ?? 'unknown';
  const step = stepOf(kind, model);
  if (status === null) {
    await recorder.addProblem('nobody followed the job to its end', step);
    return recorder.finish('interrupted');
  }
  await recorder.addMetrics(step, status.metrics);
  if (status.status === 'Completed') {
    if (status.artifact !== null)
      await recorder.addVersion({ step, model, role: 'trained', artifact: status.artifact, trainedBy: run });
    await recorder.stepFinished(step, status.billableSeconds);
    return recorder.finish('succeeded');
  }
  await recorder.stepFailed(step, new LaunchError(status));
  return recorder.finish(status.status === 'Stopped' ? 'interrupted' : 'failed');
}

function hintsOf(kind: LaunchKind, name: string): string {
  return `Follow it: hemline launch follow ${kind} ${name}\nStop it: hemline launch stop ${kind} ${name}`;
}

function stepOf(kind: LaunchKind, model: string): string {
  return `${kind} ${model}`;
}
