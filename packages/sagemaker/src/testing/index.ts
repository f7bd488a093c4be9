export { S3Folders, serveS3 } from './s3-folders.ts';
