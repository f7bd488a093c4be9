import { writeFileSync, mkdirSync, existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { formatWeek } from '@hemline/core';
import { RECORD_FILE, readRun, Home } from '@hemline/runs';
import { ImageEngine, ProcessEngine, type ContainerEngine } from '@hemline/sagemaker/run';
import { machinesOf, planText, runLocally, type LocalRunResult } from '@hemline/workflow/local';
import { synthesize } from '@hemline/workflow/stack';
import {
  registryOf,
  REPORT_FILE,
  reportOfRun,
  modelPackage,
  modelPackages,
  localDeployment,
  modelCatalog,
  jobEnvironment,
  programOf,
  sourceVersion,
} from '@hemline/hemline';
import { interruptSignal } from '../terminal/interrupt.ts';
import { printResult } from '../terminal/print.ts';
import { StepTree } from '../terminal/step-tree.ts';
import { openData } from '../commands/options.ts';
import type { RunOptions } from '../commands/run.ts';
import { WorkflowRecord } from './record-workflow.ts';
import { exitCodeOf, pathOfUri, reportOf, reportToText, type RunReport } from './run-report.ts';

/**
 * Runs a workflow on this machine, prints what came of it, and sets the exit code.
 * @param workflow name
 * @param options as on the command line
 */
export async function runWorkflow(workflow: string, options: RunOptions): Promise<void> {
  const started = performance.now();
  const names =
    options.models?.split(',').map((name) => name.trim()) ?? modelPackages().map((each) => each.name);
  for (const name of names) modelPackage(name);
  const dataset = await openData(options);
  const catalog = await modelCatalog();
  const home = new Home(options.out);
  const deployment = localDeployment({
    catalog,
    models: names,
    tables: dataset.tables.names,
    hyperparameters: options.set ?? {},
    requirements: options.requirements ?? true,
  });
  const { template } = synthesize(deployment);
  if (options.dryRun === true) {
    printResult(
      { workflow, models: names },
      planText(machinesOf(template, deployment.stage), workflow),
      options.json,
    );
    return;
  }
  const codeVersion = sourceVersion();
  const registry = await registryOf(join(home.directory, 'registry'));
  const parameters = {
    seed: String(options.seed),
    horizon: String(options.horizon),
    discounts: options.discounts,
    ...(options.cutoff === undefined ? {} : { cutoffs: options.cutoff.map(formatWeek) }),
  };
  let record: WorkflowRecord | null = null;
  const tree = new StepTree();
  try {
    const result = await runLocally({
      template,
      stage: deployment.stage,
      workflow,
      data: {
        directory: resolve(options.data),
        descriptor: options.descriptor ?? descriptorOf(home, dataset.name, options.data),
        fingerprint: dataset.fingerprint,
      },
      out: home.directory,
      parameters,
      registry,
      engine: engineOf(options.engine),
      jobs: options.jobs,
      hosts: options.hosts ?? 1,
      codeVersion,
      environment: jobEnvironment(catalog, options.jobs, codeVersion),
      ...(options.runId === undefined ? {} : { name: options.runId }),
      signal: interruptSignal(),
      onBegin: async ({ run, folder, resumed }) => {
        record = await WorkflowRecord.open(home, folder, {
          run,
          workflow,
          dataset,
          parameters: Object.fromEntries(
            Object.entries(parameters).map(([name, value]) => [name, String(value)]),
          ),
          codeVersion,
          resumed,
          mlflow: options.mlflow,
        });
        tree.log(resumed ? `going on with run ${run}` : `run ${run}`);
      },
      onEvent: (event) => {
        tree.take(event);
        record?.take(event);
      },
    });
    tree.stop();
    remember(home, dataset.name, result);
    const report = reportOf(result, {
      workflow,
      record: join(result.folder, RECORD_FILE),
      data: {
        name: dataset.name,
        directory: dataset.directory,
        fingerprint: dataset.fingerprint,
        lastWeek: null,
      },
      catalog,
      models: names,
      seconds: Math.round((performance.now() - started) / 100) / 10,
      pathOf: (uri) => pathOfUri(uri.replace(/^s3:\/\/[^/]+\//, `${home.directory}/`)),
    });
    const keep = (known: RunReport): void =>
      writeFileSync(join(result.folder, 'run.json'), `${JSON.stringify(known, null, 2)}\n`);
    keep(report);
    await (record as WorkflowRecord | null)?.finish(result, report);
    record = null;
    const finished = { ...report, ...(await writePage(home, result.folder)) };
    keep(finished);
    printResult(finished, reportToText(finished), options.json);
    process.exitCode = exitCodeOf(finished);
  } finally {
    await (record as WorkflowRecord | null)?.close();
    tree.stop();
  }
}

/** The report for people. The run has ended, and well or not is not decided by its looks. */
async function writePage(home: Home, folder: string): Promise<{ page: string | null }> {
  try {
    const known = (await readRun(folder))!;
    return { page: (await reportOfRun(home, known, join(folder, REPORT_FILE))).file };
  } catch (error) {
    process.stderr.write(
      `The report of the run could not be written, everything else is there: ${(error as Error).message}\n`,
    );
    return { page: null };
  }
}

function engineOf(name: RunOptions['engine']): ContainerEngine {
  return name === undefined || name === 'process' ? new ProcessEngine(programOf) : new ImageEngine(name);
}

/** Data that arrives in AWS says its name itself; a folder without a descriptor has that of its folder. */
function descriptorOf(home: Home, name: string, data: string): string | undefined {
  if (existsSync(join(data, 'dataset.json'))) return undefined;
  const file = join(home.directory, 'descriptors', `${encodeURIComponent(name)}.json`);
  mkdirSync(join(home.directory, 'descriptors'), { recursive: true });
  writeFileSync(file, `${JSON.stringify({ name })}\n`);
  return file;
}

/** The versions that have forecast are what `hemline forecast` takes by default. */
function remember(home: Home, dataset: string, { run, summary }: LocalRunResult): void {
  for (const { model, forecastBy } of summary?.models ?? [])
    if (forecastBy !== null && forecastBy.run === run)
      home.remember({
        model,
        dataset,
        run,
        directory: pathOfUri(forecastBy.artifact),
        cutoff: forecastBy.cutoff,
        data: summary?.dataset?.fingerprint ?? '',
      });
}
