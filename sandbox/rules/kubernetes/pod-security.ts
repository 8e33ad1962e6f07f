import { isAbsent, isGiven, isSet, record } from "./field";

/** A pod's spec, or a part of it. */
type Part = Readonly<Record<string, unknown>>;

/** One check: why it refuses in a word, and in detail; or nothing. */
type PodCheck = (spec: Part) => readonly [reason: string, detail: string] | undefined;

/**
 * Why Pod Security refuses a pod at a level, in the words of its admission plugin; nothing where it
 * admits the pod.
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/
 * @see https://github.com/kubernetes/pod-security-admission/tree/v0.34.0/policy
 */
export function podSecurityRefusal(level: unknown, spec: Part): string | undefined {
  const checks = level === "restricted" ? RESTRICTED : level === "baseline" ? BASELINE : [];
  const found = checks.flatMap((check) => {
    const refusal = check(spec);
    return refusal === undefined ? [] : [`${refusal[0]} (${refusal[1]})`];
  });
  return found.length === 0 ? undefined : found.join(", ");
}

const hostNamespaces: PodCheck = (spec) => {
  const used = ["hostNetwork", "hostPID", "hostIPC"].filter((key) => spec[key] === true);
  return used.length === 0
    ? undefined
    : ["host namespaces", used.map((key) => `${key}=true`).join(", ")];
};

const hostPathVolumes: PodCheck = (spec) => {
  const names = parts(spec["volumes"])
    .filter(({ hostPath }) => !isAbsent(hostPath))
    .map(nameOf);
  return names.length === 0 ? undefined : ["hostPath volumes", counted("volume", names)];
};

const hostPorts: PodCheck = (spec) => {
  const ports = (container: Part): unknown[] =>
    parts(container["ports"]).flatMap(({ hostPort }) => (isSet(hostPort) ? [hostPort] : []));
  const bad = containersOf(spec).filter((container) => ports(container).length > 0);
  const used = sorted(bad.flatMap(ports).map(String));
  if (bad.length === 0) return undefined;
  const detail = `${counted("container", bad.map(nameOf))} ${bad.length === 1 ? "uses" : "use"}`;
  return ["hostPort", `${detail} hostPort${used.length === 1 ? "" : "s"} ${used.join(", ")}`];
};

const privileged: PodCheck = (spec) =>
  refuse(spec, "privileged", (container) =>
    securityOf(container)["privileged"] === true
      ? "must not set securityContext.privileged=true"
      : undefined,
  );

const capabilitiesBaseline: PodCheck = (spec) => {
  const added = forbiddenCapabilities(spec, DEFAULT_CAPABILITIES);
  return added === undefined ? undefined : ["non-default capabilities", added];
};

const allowPrivilegeEscalation: PodCheck = (spec) =>
  refuse(spec, "allowPrivilegeEscalation != false", (container) =>
    securityOf(container)["allowPrivilegeEscalation"] === false
      ? undefined
      : "must set securityContext.allowPrivilegeEscalation=false",
  );

const capabilitiesRestricted: PodCheck = (spec) => {
  const keeping = containersOf(spec).filter((container) => {
    const { drop } = record(securityOf(container)["capabilities"]);
    return !(Array.isArray(drop) && drop.includes("ALL"));
  });
  const details = [
    keeping.length === 0
      ? undefined
      : `${counted("container", keeping.map(nameOf))} must set securityContext.capabilities.drop=["ALL"]`,
    forbiddenCapabilities(spec, ["NET_BIND_SERVICE"]),
  ].filter((detail) => detail !== undefined);
  return details.length === 0 ? undefined : ["unrestricted capabilities", details.join("; ")];
};

const restrictedVolumes: PodCheck = (spec) => {
  const typeOf = (volume: Part): string | undefined =>
    Object.keys(volume).find((key) => key !== "name" && !isAbsent(volume[key]));
  const bad = parts(spec["volumes"]).filter((volume) => {
    const type = typeOf(volume);
    return type !== undefined && !RESTRICTED_VOLUMES.includes(type);
  });
  if (bad.length === 0) return undefined;
  const types = sorted(bad.map((volume) => typeOf(volume) ?? "unknown"));
  const uses = `${bad.length === 1 ? "uses" : "use"} ${counted("restricted volume type", types)}`;
  return ["restricted volume types", `${counted("volume", bad.map(nameOf))} ${uses}`];
};

const runAsNonRoot: PodCheck = (spec) => {
  const { explicit, implicit } = setters(spec, "runAsNonRoot", (value) => value === true);
  if (explicit.length > 0) {
    const detail = `${explicit.join(" and ")} must not set securityContext.runAsNonRoot=false`;
    return ["runAsNonRoot != true", detail];
  }
  if (implicit.length === 0) return undefined;
  const detail = `pod or ${counted("container", implicit)} must set securityContext.runAsNonRoot=true`;
  return ["runAsNonRoot != true", detail];
};

const runAsUser: PodCheck = (spec) => {
  const { explicit } = setters(spec, "runAsUser", (value) => value !== 0);
  return explicit.length === 0
    ? undefined
    : ["runAsUser=0", `${explicit.join(" and ")} must not set runAsUser=0`];
};

const seccompRestricted: PodCheck = (spec) => {
  const isGood = (profile: unknown): boolean =>
    ["RuntimeDefault", "Localhost"].includes(String(record(profile)["type"]));
  const { explicit, implicit, values } = setters(spec, "seccompProfile", isGood);
  if (explicit.length > 0) {
    const types = quoted(sorted(values.map((profile) => String(record(profile)["type"]))));
    const detail = `${explicit.join(" and ")} must not set securityContext.seccompProfile.type to ${types}`;
    return ["seccompProfile", detail];
  }
  if (implicit.length === 0) return undefined;
  const detail = `pod or ${counted("container", implicit)} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost"`;
  return ["seccompProfile", detail];
};

const SHARED = [hostPorts, privileged];
const BASELINE = [capabilitiesBaseline, hostNamespaces, hostPathVolumes, ...SHARED];
const RESTRICTED = [
  ...[hostNamespaces, ...SHARED, allowPrivilegeEscalation, capabilitiesRestricted],
  ...[restrictedVolumes, runAsNonRoot, runAsUser, seccompRestricted],
];

const DEFAULT_CAPABILITIES = [
  ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD"],
  ...["NET_BIND_SERVICE", "SETFCAP", "SETGID", "SETPCAP", "SETUID", "SYS_CHROOT"],
];

const RESTRICTED_VOLUMES = [
  ...["configMap", "csi", "downwardAPI", "emptyDir", "ephemeral", "image"],
  ...["persistentVolumeClaim", "projected", "secret"],
];

/** Who sets a field of the security context badly, and which containers are left without. */
function setters(spec: Part, field: string, isGood: (value: unknown) => boolean) {
  const own = securityOf(spec)[field];
  const containers = containersOf(spec);
  const valueOf = (container: Part): unknown => securityOf(container)[field];
  const bad = containers.filter((one) => isGiven(valueOf(one)) && !isGood(valueOf(one)));
  const podIsBad = isGiven(own) && !isGood(own);
  const podIsGood = isGiven(own) && isGood(own);
  return {
    explicit: [
      ...(podIsBad ? ["pod"] : []),
      ...(bad.length > 0 ? [counted("container", bad.map(nameOf))] : []),
    ],
    implicit: podIsGood ? [] : containers.filter((one) => !isGiven(valueOf(one))).map(nameOf),
    values: [...(podIsBad ? [own] : []), ...bad.map(valueOf)],
  };
}

function refuse(
  spec: Part,
  reason: string,
  demand: (container: Part) => string | undefined,
): readonly [string, string] | undefined {
  const bad = containersOf(spec).filter((container) => demand(container) !== undefined);
  const [first] = bad;
  if (first === undefined) return undefined;
  return [reason, `${counted("container", bad.map(nameOf))} ${demand(first) ?? ""}`];
}

function forbiddenCapabilities(spec: Part, allowed: readonly string[]): string | undefined {
  const added = (container: Part): string[] => {
    const { add } = record(securityOf(container)["capabilities"]);
    return Array.isArray(add) ? add.map(String).filter((name) => !allowed.includes(name)) : [];
  };
  const bad = containersOf(spec).filter((container) => added(container).length > 0);
  if (bad.length === 0) return undefined;
  const names = quoted(sorted(bad.flatMap(added)));
  return `${counted("container", bad.map(nameOf))} must not include ${names} in securityContext.capabilities.add`;
}

function containersOf(spec: Part): readonly Part[] {
  return [...parts(spec["initContainers"]), ...parts(spec["containers"])];
}

function securityOf(part: Part): Part {
  return record(part["securityContext"]);
}

function parts(list: unknown): readonly Part[] {
  return Array.isArray(list) ? list.map(record) : [];
}

function nameOf({ name }: Part): string {
  return String(name);
}

function counted(noun: string, names: readonly string[]): string {
  return `${noun}${names.length === 1 ? "" : "s"} ${quoted(names)}`;
}

function quoted(names: readonly string[]): string {
  return names.map((name) => `"${name}"`).join(", ");
}

function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}
