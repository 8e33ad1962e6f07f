import { Server, type UntypedServiceImplementation } from "@grpc/grpc-js";
import * as server from "@pulumi/policy/server";
import { AnalyzeRequest, AnalyzerResourceOptions } from "@pulumi/pulumi/proto/analyzer_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { askByType } from "../../../policies/lib/wire";

const asked: string[] = [];

/** What the SDK's server of these policies answers with, as it is given to gRPC. */
function served(names: readonly string[]): UntypedServiceImplementation {
  let rpcs: UntypedServiceImplementation = {};
  const addService = jest.spyOn(Server.prototype, "addService");
  addService.mockImplementation((_, given) => (rpcs = given));
  const bind = jest.spyOn(Server.prototype, "bindAsync").mockReturnValue();
  const policies = names.map((name) => ({
    name,
    validateResource: ({ type }: { type: string }) => asked.push(`${name} of ${type}`),
  }));
  // The SDK does not declare it.
  const { serve } = server as unknown as { serve: (...given: unknown[]) => void };
  serve("pack", "1.0.0", "advisory", { policies }, undefined);
  bind.mockRestore();
  addService.mockRestore();
  return rpcs;
}

test("of each resource those policies are asked that are for its type, in their order", async () => {
  askByType((policy, type) => policy === "every" || policy === type);
  const { analyze } = served(["bucket", "every", "role"]);
  for (const type of ["role", "bucket", "role", "key"]) {
    const request = new AnalyzeRequest();
    request.setType(type);
    request.setProperties(Struct.fromJavaScript({}));
    request.setOptions(new AnalyzerResourceOptions());
    await new Promise((resolve) => {
      Reflect.apply(analyze as (...given: unknown[]) => void, undefined, [{ request }, resolve]); // as gRPC calls it
    });
  }
  expect(asked).toEqual([
    "every of role",
    "role of role",
    "bucket of bucket",
    "every of bucket",
    "every of role",
    "role of role",
    "every of key",
  ]);
});
