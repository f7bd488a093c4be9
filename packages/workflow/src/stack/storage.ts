import { Duration, RemovalPolicy, aws_kms as kms, aws_s3 as s3 } from 'aws-cdk-lib';
import { Construct } from 'constructs';
import type { Deployment } from './deployment.ts';

/** Where runs leave what is of use for a time. */
const PASSING = ['runs/', 'forecasts/', 'recommendations/', 'checkpoints/', 'claims/'];

/** Buckets and the key that encrypts them. */
export class Storage extends Construct {
  readonly key: kms.Key;
  /** Data arrives here: `training/…/`, `inference/…/`, `weekly/…/`, each ended by `_SUCCESS`. */
  readonly data: s3.Bucket;
  /** Everything that runs leave. */
  readonly artifacts: s3.Bucket;

  /**
   * @param scope of the construct
   * @param id of it
   * @param deployment how long things are kept
   */
  constructor(scope: Construct, id: string, deployment: Deployment) {
    super(scope, id);
    const removalPolicy = deployment.disposable ? RemovalPolicy.DESTROY : RemovalPolicy.RETAIN;
    this.key = new kms.Key(this, 'Key', {
      description: `hemline ${deployment.stage}: data, models, forecasts`,
      enableKeyRotation: true,
      removalPolicy,
    });
    const logs = new s3.Bucket(this, 'AccessLogs', {
      encryption: s3.BucketEncryption.S3_MANAGED,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      objectOwnership: s3.ObjectOwnership.BUCKET_OWNER_PREFERRED,
      lifecycleRules: [{ expiration: Duration.days(deployment.keepDays) }],
      removalPolicy,
    });
    const common = {
      encryption: s3.BucketEncryption.KMS,
      encryptionKey: this.key,
      bucketKeyEnabled: true,
      versioned: true,
      blockPublicAccess: s3.BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      serverAccessLogsBucket: logs,
      eventBridgeEnabled: true,
      removalPolicy,
    };
    const always: s3.LifecycleRule = {
      noncurrentVersionExpiration: Duration.days(deployment.keepDays),
      abortIncompleteMultipartUploadAfter: Duration.days(7),
    };
    this.data = new s3.Bucket(this, 'Data', {
      ...common,
      serverAccessLogsPrefix: 'data/',
      lifecycleRules: [
        always,
        {
          transitions: [
            { storageClass: s3.StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(0) },
          ],
        },
      ],
    });
    this.artifacts = new s3.Bucket(this, 'Artifacts', {
      ...common,
      serverAccessLogsPrefix: 'artifacts/',
      // What is kept without an end is small: versions, which outlive their runs, and the state of the workflows.
      lifecycleRules: [
        always,
        ...PASSING.map((prefix) => ({
          prefix,
          expiration: Duration.days(deployment.keepDays),
        })),
      ],
    });
  }
}
