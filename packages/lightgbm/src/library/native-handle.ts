import { LightgbmError } from '../lightgbm-error.ts';
import { loadLightgbm } from './native-library.ts';
import type { NativeFunction } from './signatures.ts';

interface Resource {
  readonly address: bigint;
  readonly free: NativeFunction;
  /** The owner, and whatever works with it at this moment. */
  holders: number;
  /** Freed after it: LightGBM's booster points into its datasets. */
  readonly uses: NativeHandle[];
}

let live = 0;

// A net for what was not disposed of: the owner was collected, so that nothing works with its resource any more.
const registry = new FinalizationRegistry<Resource>(release);

/** @returns how many objects of LightGBM are alive in this thread */
export function liveHandles(): number {
  return live;
}

/** An object of LightGBM: freed when it was disposed of and nothing works with it, or when it was collected. */
export class NativeHandle {
  readonly #what: string;
  readonly #resource: Resource;
  #isOpen = true;

  /**
   * @param what it is, for errors
   * @param address of the object
   * @param free the function that frees it
   */
  constructor(what: string, address: bigint, free: NativeFunction) {
    this.#what = what;
    this.#resource = { address, free, holders: 1, uses: [] };
    live++;
    registry.register(this, this.#resource, this);
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /**
   * The address, for a call that ends before anything else can happen.
   * @throws LightgbmError when it was disposed of
   */
  get address(): bigint {
    if (!this.#isOpen) throw new LightgbmError(`a ${this.#what} was disposed of and cannot be used any more`);
    return this.#resource.address;
  }

  /**
   * Keeps the object for as long as some work lasts, also when it is disposed of meanwhile.
   * @param work is given the address
   * @returns what the work returns
   * @throws LightgbmError when it was disposed of
   */
  async during<T>(work: (address: bigint) => Promise<T>): Promise<T> {
    const { address } = this;
    this.#resource.holders++;
    try {
      return await work(address);
    } finally {
      release(this.#resource);
    }
  }

  /**
   * Keeps another object for as long as this one lives.
   * @param other that this one points into
   */
  use(other: NativeHandle): void {
    void other.address;
    other.#resource.holders++;
    this.#resource.uses.push(other);
  }

  /** Frees the object, or has it freed at the end of the work that is going on. */
  dispose(): void {
    if (!this.#isOpen) return;
    this.#isOpen = false;
    registry.unregister(this);
    release(this.#resource);
  }

  /** @param handle held by another object that is gone */
  static releaseUse(handle: NativeHandle): void {
    release(handle.#resource);
  }
}

function release(resource: Resource): void {
  if (--resource.holders > 0) return;
  live--;
  loadLightgbm().call(resource.free, resource.address);
  for (const used of resource.uses) NativeHandle.releaseUse(used);
}
