/** The engines that setup can stage. */
export type EngineName = 'tensorflow' | 'tensorflow-gpu' | 'lightgbm';

/** A file inside a wheel that is kept, under which name, and what it must hash to where that is known. */
export interface PinnedFile {
  /** Path inside the wheel. */
  readonly entry: string;
  /** Path below the engine's folder in the cache. */
  readonly target: string;
  readonly sha256?: string;
}

/** One Python wheel whose libraries are staged. */
export interface WheelPin {
  readonly engine: EngineName;
  readonly version: string;
  /** Name of the project on the package index. */
  readonly project: string;
  /** The `--platform` values that pip may choose from, the best first. */
  readonly platforms: readonly string[];
  /** File name of the wheel, where it is known in advance. */
  readonly wheel?: string;
  readonly bytes?: number;
  /** Absent where the wheel could not be had when the pin was made: then the index's own hash is all that is checked. */
  readonly sha256?: string;
  readonly files: readonly PinnedFile[];
  /** Entries with one of these prefixes are kept too, below `include/`. */
  readonly headers?: { readonly strip: string; readonly prefixes: readonly string[] };
  /** The extra whose requirements are staged beside it (CUDA). */
  readonly extra?: string;
}

const TENSORFLOW_HEADERS = {
  strip: 'tensorflow/include/',
  // What the C API's headers include, and the string header that the binding includes itself.
  prefixes: [
    'tensorflow/include/tensorflow/c/',
    'tensorflow/include/tensorflow/core/platform/ctstring',
    'tensorflow/include/tsl/platform/ctstring',
    'tensorflow/include/xla/tsl/c/',
  ],
};

const TENSORFLOW_VERSION = '2.21.0';
const LIGHTGBM_VERSION = '4.7.0';

const PINS: Readonly<Record<string, readonly WheelPin[]>> = {
  'linux-x64': [
    {
      engine: 'tensorflow',
      version: TENSORFLOW_VERSION,
      project: 'tensorflow-cpu',
      platforms: ['manylinux_2_27_x86_64'],
      wheel: 'tensorflow_cpu-2.21.0-cp311-cp311-manylinux_2_27_x86_64.whl',
      bytes: 273_829_956,
      sha256: '2b847d217b02ee7731ed91431daf3250daa0196c3c94614d23be27232e6e5b6c',
      files: [
        {
          entry: 'tensorflow/libtensorflow_cc.so.2',
          target: 'lib/libtensorflow_cc.so.2',
          sha256: '6505a4b9657e62100c6bdacb683957a395cb047725042945aaa50e40a71e429e',
        },
        {
          entry: 'tensorflow/libtensorflow_framework.so.2',
          target: 'lib/libtensorflow_framework.so.2',
          sha256: 'f060b323b26ef80add21b9df9428de3aeaf2843d772c5bb098745f7abff3709b',
        },
      ],
      headers: TENSORFLOW_HEADERS,
    },
    {
      engine: 'tensorflow-gpu',
      version: TENSORFLOW_VERSION,
      project: 'tensorflow',
      platforms: ['manylinux_2_27_x86_64'],
      files: [
        { entry: 'tensorflow/libtensorflow_cc.so.2', target: 'lib/libtensorflow_cc.so.2' },
        { entry: 'tensorflow/libtensorflow_framework.so.2', target: 'lib/libtensorflow_framework.so.2' },
      ],
      headers: TENSORFLOW_HEADERS,
      extra: 'and-cuda',
    },
    {
      engine: 'lightgbm',
      version: LIGHTGBM_VERSION,
      project: 'lightgbm',
      platforms: ['manylinux_2_28_x86_64', 'manylinux_2_27_x86_64'],
      wheel: 'lightgbm-4.7.0-py3-none-manylinux_2_27_x86_64.manylinux_2_28_x86_64.whl',
      bytes: 3_476_028,
      sha256: 'd23e922acd891e77212e4d0fbcee9ba973c96dee479491341d05ba595357ebb7',
      files: [
        {
          entry: 'lightgbm/lib/lib_lightgbm.so',
          target: 'lib/lib_lightgbm.so',
          sha256: '573d57e8a2c6290c2271b99b87afa7a802e796eafc9e8d66aefa0913cbc1616a',
        },
      ],
    },
  ],
  'linux-arm64': [
    {
      engine: 'tensorflow',
      version: TENSORFLOW_VERSION,
      project: 'tensorflow',
      platforms: ['manylinux_2_27_aarch64'],
      files: [
        { entry: 'tensorflow/libtensorflow_cc.so.2', target: 'lib/libtensorflow_cc.so.2' },
        { entry: 'tensorflow/libtensorflow_framework.so.2', target: 'lib/libtensorflow_framework.so.2' },
      ],
      headers: TENSORFLOW_HEADERS,
    },
    {
      engine: 'lightgbm',
      version: LIGHTGBM_VERSION,
      project: 'lightgbm',
      platforms: ['manylinux_2_28_aarch64', 'manylinux_2_27_aarch64', 'manylinux2014_aarch64'],
      files: [{ entry: 'lightgbm/lib/lib_lightgbm.so', target: 'lib/lib_lightgbm.so' }],
    },
  ],
};

/**
 * @param engine which engine
 * @param platform such as `linux-x64`; the running one by default
 * @returns where to take it from, or undefined when no wheel serves the platform
 */
export function pinOf(
  engine: EngineName,
  platform = `${process.platform}-${process.arch}`,
): WheelPin | undefined {
  return PINS[platform]?.find((pin) => pin.engine === engine);
}
