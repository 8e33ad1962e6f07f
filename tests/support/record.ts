import * as pulumi from "@pulumi/pulumi";
import { isRecord, type Plain } from "../../sandbox/properties";

/** What a program asked the engine to register. */
export interface Registration {
  /** Type token, such as `aws:s3/bucket:Bucket`. */
  readonly type: string;
  /** Logical name. */
  readonly name: string;
  /** Logical name of the parent, absent for a root. */
  readonly parent: string | undefined;
  /** Inputs as given, with secrets as `{ secret: … }`. */
  readonly inputs: Record<string, unknown>;
  /** Logical name of the provider; empty where none is named. */
  readonly provider: string;
  /** Whether a delete is refused. */
  readonly protect: boolean;
  /** Whether a delete leaves the real resource. */
  readonly retainOnDelete: boolean;
  /** Property paths that later runs leave alone. */
  readonly ignoreChanges: readonly string[];
  /** Logical names of the resources that must exist first. */
  readonly dependencies: readonly string[];
}

/** Outputs that a service would compute, from the logical name and the inputs. */
export type Computed = (name: string, inputs: Plain) => Plain;

const secretSignature = "4dabf18193072939515e22adb298388d";

/**
 * Runs a program on Pulumi's mock monitor and returns what it registered, options included.
 * Computed outputs are the inputs plus an id and, where `outputs` names the type, what it returns.
 */
export async function record(
  program: () => unknown,
  outputs: Record<string, Computed> = {},
): Promise<Registration[]> {
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs, id }) => {
        const given: unknown = inputs;
        const state = {
          ...(isRecord(given) ? given : {}),
          ...outputs[type]?.(name, isRecord(given) ? given : {}),
        };
        return { id: id !== undefined && id !== "" ? id : `${name}-id`, state };
      },
      call: ({ token }) => {
        throw new Error(`the program calls ${token}, which the test does not expect`);
      },
    },
    "plinth",
    "test",
    false,
  );
  const registrations: Registration[] = [];
  watchMonitor(registrations);
  program();
  await settle();
  return registrations.sort((a, b) => `${a.type} ${a.name}`.localeCompare(`${b.type} ${b.name}`));
}

/** The sorted list of `type name`, to compare exactly. */
export function identities(registrations: readonly Registration[]): string[] {
  return registrations.map(({ type, name }) => `${type} ${name}`);
}

/** The one registration with this type and name. */
export function only(
  registrations: readonly Registration[],
  type: string,
  name: string,
): Registration {
  const found = registrations.filter((one) => one.type === type && one.name === name);
  const [first] = found;
  if (first === undefined || found.length > 1) {
    throw new Error(`expected one ${type} ${name} among ${identities(registrations).join(", ")}`);
  }
  return first;
}

interface RegisterRequest {
  getType(): string;
  getName(): string;
  getParent(): string;
  getProvider(): string;
  getProtect(): boolean;
  getRetainondelete(): boolean;
  getIgnorechangesList(): string[];
  getDependenciesList(): string[];
  getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
}

type Register = (request: RegisterRequest, ...rest: unknown[]) => unknown;

/** The mocks hide resource options; the request that the monitor gets carries them. */
function watchMonitor(registrations: Registration[]): void {
  // The monitor is internal to the SDK and untyped there.
  const monitor = pulumi.runtime.getMonitor() as unknown as { registerResource: Register };
  const register = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, ...rest) => {
    if (request.getType() !== "pulumi:pulumi:Stack") {
      registrations.push(registration(request));
    }
    return register(request, ...rest);
  };
}

function registration(request: RegisterRequest): Registration {
  return {
    type: request.getType(),
    name: request.getName(),
    parent: logicalName(request.getParent()),
    inputs: plain(request.getObject()?.toJavaScript() ?? {}),
    provider: request.getProvider().split("::").at(-2) ?? "",
    protect: request.getProtect(),
    retainOnDelete: request.getRetainondelete(),
    ignoreChanges: request.getIgnorechangesList(),
    dependencies: request.getDependenciesList().flatMap((urn) => logicalName(urn) ?? []),
  };
}

function logicalName(urn: string): string | undefined {
  return urn === "" ? undefined : urn.split("::").at(-1);
}

function plain(inputs: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([key, value]) => [key, plainValue(value)]));
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(plainValue);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  const entries = Object.entries(value);
  if (entries.some(([key]) => key === secretSignature)) {
    return { secret: plainValue(Object.fromEntries(entries)["value"]) };
  }
  return plain(Object.fromEntries(entries));
}

/** Waits until the program has no registration under way. */
async function settle(): Promise<void> {
  // Exported at run time, missing in the typings: the alternative is polling.
  const runtime = pulumi.runtime as unknown as { waitForRPCs(): Promise<void> };
  await runtime.waitForRPCs();
}
