import * as pulumi from "@pulumi/pulumi";

/** What an input comes to, every output inside it included. */
export async function valueOf<T>(input: T): Promise<pulumi.Unwrap<T>> {
  return new Promise((resolve) => pulumi.output(input).apply(resolve));
}
