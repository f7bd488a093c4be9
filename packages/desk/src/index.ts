export { Desk, type DeskOptions } from './desk.ts';
export { serveDesk, type ServedDesk, type ServeDeskOptions } from './server/serve-desk.ts';
