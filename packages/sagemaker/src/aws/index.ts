export { sageMakerClient, logsClient } from './clients.ts';
export { awsFailure, isNotThere, isQuotaExceeded } from './aws-failure.ts';
