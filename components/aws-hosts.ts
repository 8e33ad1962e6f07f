import * as pulumi from "@pulumi/pulumi";
import type { Host } from "./network-policy";

/** Whatever speaks HTTPS. */
export function httpsHost(name: pulumi.Input<string>): Host {
  return { name, port: 443 };
}

/** Host that gives a role's credentials to its pods: on EKS that of the region. @see https://docs.aws.amazon.com/general/latest/gr/sts.html */
export function tokenHost(region: string): Host {
  return httpsHost(`sts.${region}.amazonaws.com`);
}

/** Host of Secrets Manager. @see https://docs.aws.amazon.com/general/latest/gr/asm.html */
export function secretsHost(region: string): Host {
  return httpsHost(`secretsmanager.${region}.amazonaws.com`);
}

/** Host of SQS. @see https://docs.aws.amazon.com/general/latest/gr/sqs-service.html */
export function queueHost(region: string): Host {
  return httpsHost(`sqs.${region}.amazonaws.com`);
}

/**
 * Hosts of a bucket. A name with dots fits no certificate, so clients write it as a path; in
 * us-east-1 older clients leave out the region.
 * @see https://docs.aws.amazon.com/AmazonS3/latest/userguide/VirtualHosting.html
 */
export function bucketHosts(bucket: pulumi.Input<string>, region: string): Host[] {
  const endings = region === "us-east-1" ? [`s3.${region}`, "s3"] : [`s3.${region}`];
  return endings.map((ending) => {
    const host = `${ending}.amazonaws.com`;
    return httpsHost(
      pulumi.output(bucket).apply((name) => (name.includes(".") ? host : `${name}.${host}`)),
    );
  });
}
