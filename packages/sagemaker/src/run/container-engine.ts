/** A container to run, or a process in its place. */
export interface Container {
  /** URI of the image. */
  readonly image: string;
  /** Program and arguments as the platform would start it: `train`, or an entrypoint with its arguments. */
  readonly command: readonly string[];
  /** Folder in place of `/opt/ml`. */
  readonly root: string;
  readonly environment: Readonly<Record<string, string>>;
  /** Folders that the container has to reach besides: where its data and its outputs lie. */
  readonly reaches: readonly string[];
}

/** A container that runs. */
export interface RunningContainer {
  /** @param signal to its main process */
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
  /** How it ended: an exit code, or the signal that ended it. */
  readonly ended: Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

/** What runs containers on this machine. */
export interface ContainerEngine {
  readonly name: string;
  /**
   * @param container to start
   * @param onLine takes every line of its output
   */
  start(container: Container, onLine: (line: string) => void): RunningContainer;
  /** Ends what an executor that was killed has left running below a folder. @returns how many there were */
  endOrphans(folder: string): Promise<number>;
}
