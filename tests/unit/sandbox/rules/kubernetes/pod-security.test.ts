import type { Plain } from "../../../../../sandbox/properties";
import { podSecurityRefusal } from "../../../../../sandbox/rules/kubernetes/pod-security";
import { changed, podSpec } from "../../../../support/kubernetes-rules";

test("a pod made for `restricted` is admitted at every level", () => {
  for (const level of ["privileged", "baseline", "restricted", undefined]) {
    expect(podSecurityRefusal(level, podSpec)).toBeUndefined();
  }
});

const SECURITY = "containers[0].securityContext";

/** Texts of https://github.com/kubernetes/pod-security-admission/tree/v0.34.0/policy. */
const CASES: readonly [string, Plain, string | undefined, string][] = [
  [
    "a host's network",
    { hostNetwork: true },
    "host namespaces (hostNetwork=true)",
    "host namespaces (hostNetwork=true)",
  ],
  [
    "a host's port",
    { "containers[0].ports[0].hostPort": 80 },
    'hostPort (container "api" uses hostPort 80)',
    'hostPort (container "api" uses hostPort 80)',
  ],
  [
    "privileges",
    { [`${SECURITY}.privileged`]: true },
    'privileged (container "api" must not set securityContext.privileged=true)',
    'privileged (container "api" must not set securityContext.privileged=true)',
  ],
  [
    "a host's path",
    { "volumes[0]": { name: "tmp", hostPath: { path: "/" } } },
    'hostPath volumes (volume "tmp")',
    'restricted volume types (volume "tmp" uses restricted volume type "hostPath")',
  ],
  [
    "a volume from the network",
    { "volumes[0]": { name: "tmp", nfs: {} } },
    undefined,
    'restricted volume types (volume "tmp" uses restricted volume type "nfs")',
  ],
  [
    "a strong capability",
    { [`${SECURITY}.capabilities.add`]: ["SYS_ADMIN"] },
    'non-default capabilities (container "api" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
    'unrestricted capabilities (container "api" must not include "SYS_ADMIN" in securityContext.capabilities.add)',
  ],
  [
    "a usual capability",
    { [`${SECURITY}.capabilities.add`]: ["CHOWN"] },
    undefined,
    'unrestricted capabilities (container "api" must not include "CHOWN" in securityContext.capabilities.add)',
  ],
  [
    "capabilities that it keeps",
    { [`${SECURITY}.capabilities`]: undefined },
    undefined,
    'unrestricted capabilities (container "api" must set securityContext.capabilities.drop=["ALL"])',
  ],
  [
    "privileges that may grow",
    { [`${SECURITY}.allowPrivilegeEscalation`]: undefined },
    undefined,
    'allowPrivilegeEscalation != false (container "api" must set securityContext.allowPrivilegeEscalation=false)',
  ],
  [
    "a user that may be root",
    { "securityContext.runAsNonRoot": undefined },
    undefined,
    'runAsNonRoot != true (pod or container "api" must set securityContext.runAsNonRoot=true)',
  ],
  [
    "a user that is root",
    { "securityContext.runAsNonRoot": false },
    undefined,
    "runAsNonRoot != true (pod must not set securityContext.runAsNonRoot=false)",
  ],
  [
    "root by number",
    { [`${SECURITY}.runAsUser`]: 0 },
    undefined,
    'runAsUser=0 (container "api" must not set runAsUser=0)',
  ],
  [
    "no profile",
    { "securityContext.seccompProfile": undefined },
    undefined,
    'seccompProfile (pod or container "api" must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost")',
  ],
  [
    "an open profile",
    { [`${SECURITY}.seccompProfile`]: { type: "Unconfined" } },
    undefined,
    'seccompProfile (container "api" must not set securityContext.seccompProfile.type to "Unconfined")',
  ],
];

test.each(CASES)("a pod with %s", (_, changes, baseline, restricted) => {
  const spec = changed(podSpec, changes);
  expect(podSecurityRefusal("baseline", spec)).toBe(baseline);
  expect(podSecurityRefusal("restricted", spec)).toBe(restricted);
  expect(podSecurityRefusal("privileged", spec)).toBeUndefined();
});

test("containers that run first count too, and before the others", () => {
  const spec = { initContainers: [{ name: "a" }], containers: [{ name: "b" }] };
  expect(podSecurityRefusal("restricted", spec)).toContain(
    'containers "a", "b" must set securityContext.allowPrivilegeEscalation=false',
  );
});
