export { createFile, replaceFile } from './durable-file.ts';
export { documentText, metricValue, metricValues } from './metric-value.ts';
export { parseDocument, readDocument } from './read-document.ts';
export { RunLock } from './run-lock.ts';
