import * as grpc from "@grpc/grpc-js";
import { ErrorResourceInitFailed } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";
import { Any } from "google-protobuf/google/protobuf/any_pb";
import { encode, type Payload } from "./wire";

/** An object that a call has just written. */
export interface Made {
  readonly id: string;
  readonly state: Payload;
  readonly inputs: Payload;
}

/** An object that exists without having become ready; the engine records its state all the same. */
export class PartialError extends Error {
  override readonly name = "PartialError";
  readonly detail: ErrorResourceInitFailed;
  readonly made: Made;

  constructor(reasons: readonly [string, ...string[]], made: Made) {
    super(reasons[0]);
    const { id, state, inputs } = made;
    this.made = made;
    this.detail = new ErrorResourceInitFailed();
    this.detail.setId(id);
    this.detail.setProperties(encode(state));
    this.detail.setInputs(encode(inputs));
    this.detail.setReasonsList([...reasons]);
  }
}

/** Answers one method of the protocol; what the answer throws becomes the call's error. */
export function unary<Request, Response>(
  answer: (request: Request, peer: string) => Response | Promise<Response>,
): grpc.handleUnaryCall<Request, Response> {
  return (call, callback) => {
    Promise.resolve()
      .then(() => answer(call.request, call.getPeer()))
      .then(
        (response) => {
          callback(null, response);
        },
        (error: unknown) => {
          callback(toStatus(error));
        },
      );
  };
}

/** Real providers answer every error with the code "unknown"; details travel beside the message. */
function toStatus(error: unknown): grpc.ServerErrorResponse {
  const failure = error instanceof Error ? error : new Error(String(error));
  const code = failure.name === "AbortError" ? grpc.status.CANCELLED : grpc.status.UNKNOWN;
  if (!(failure instanceof PartialError)) return Object.assign(failure, { code });
  const detail = new Any();
  detail.pack(failure.detail.serializeBinary(), "pulumirpc.ErrorResourceInitFailed");
  const status = new Status();
  status.setCode(code);
  status.setMessage(failure.message);
  status.addDetails(detail);
  const metadata = new grpc.Metadata();
  metadata.add("grpc-status-details-bin", Buffer.from(status.serializeBinary()));
  return Object.assign(failure, { code, metadata });
}
