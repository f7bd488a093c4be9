export { startMoto } from './moto-server.ts';
export { S3Server } from './s3-server.ts';
