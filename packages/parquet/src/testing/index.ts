export { all, cells } from './columns.ts';
