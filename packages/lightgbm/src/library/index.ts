export { callHolding, callInThread } from './engine-threads.ts';
export { liveHandles, NativeHandle } from './native-handle.ts';
export { addressOf, loadLightgbm, NativeLibrary } from './native-library.ts';
export { LIBRARY_VARIABLE, locateLibrary } from './locate-library.ts';
