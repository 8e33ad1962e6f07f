import { isRecord } from "../../properties";
import type { Problem } from "../rule";
import {
  all,
  at,
  fields,
  forbidden,
  invalid,
  isAbsent,
  items,
  needed,
  nonNegative,
  number,
  oneOf,
  positive,
  record,
  required,
  text,
  type Check,
} from "./field";
import { headerName } from "./names";
import { port, portOrName } from "./parts";

/** What a probe or hook does: exactly one thing. */
function handler(
  kinds: readonly string[],
  path: string,
  value: Readonly<Record<string, unknown>>,
): Problem[] {
  const [first, ...more] = kinds.filter((kind) => !isAbsent(value[kind]));
  if (first === undefined) return required(path, "must specify a handler type");
  return more.flatMap((kind) =>
    forbidden(at(path, kind), "may not specify more than 1 handler type"),
  );
}

const actions = {
  exec: fields({ command: needed() }),
  httpGet: fields({
    port: portOrName,
    scheme: oneOf("HTTP", "HTTPS"),
    httpHeaders: items(fields({ name: needed(text(headerName)) })),
  }),
  tcpSocket: fields({ port: portOrName }),
  grpc: fields({ port }),
};

/** @see https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/ */
export function probe(kind: "livenessProbe" | "readinessProbe" | "startupProbe"): Check {
  const readiness = kind === "readinessProbe";
  return all(
    (value, path) =>
      isRecord(value) ? handler(["exec", "httpGet", "tcpSocket", "grpc"], path, value) : [],
    fields({
      ...actions,
      initialDelaySeconds: nonNegative,
      timeoutSeconds: nonNegative,
      periodSeconds: nonNegative,
      failureThreshold: nonNegative,
      successThreshold: readiness
        ? nonNegative
        : // Zero stands for the default.
          number((value) => (value === 0 || value === 1 ? undefined : "must be 1")),
      terminationGracePeriodSeconds: readiness
        ? (value, path) =>
            isAbsent(value) ? [] : invalid(path, value, "must not be set for readinessProbes")
        : positive,
    }),
  );
}

/** What happens when a container starts or stops. */
export function hook(graceSeconds: number): Check {
  const detail = `must be non-negative and less than terminationGracePeriodSeconds (${graceSeconds})`;
  const sleep = (value: unknown, path: string): readonly Problem[] => {
    const { seconds } = record(value);
    return typeof seconds === "number" && (seconds < 0 || seconds > graceSeconds)
      ? invalid(path, seconds, detail)
      : [];
  };
  return all(
    (value, path) =>
      isRecord(value) ? handler(["exec", "httpGet", "tcpSocket", "sleep"], path, value) : [],
    fields({ ...actions, sleep }),
  );
}
