import { containersOf, podOf, podTypes, type PodMaker } from "../lib/pods";
import { everyTier, resourceRule } from "../lib/rule";
import type { Resource } from "../lib/stack";
import type { Value } from "../lib/value";
import { finding, truthOf, type Finding } from "../lib/verdict";

const sinks = [
  "kubernetes:core/v1:ConfigMap",
  "github:index/actionsVariable:ActionsVariable",
  "github:index/actionsEnvironmentVariable:ActionsEnvironmentVariable",
] as const;
const credentialName =
  /(?:^|[_.-])(?:pass(?:word|wd|phrase)|secret|token|api_?key|access_key(?:_id)?|private_key|credentials?|dsn)$/i;
const credential =
  /AKIA[0-9A-Z]{16}|\bgh[opsu]_\w{36}|\bxox[abpr]-|\bsk_live_|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]+\.eyJ[\w-]+\.|:\/\/[^\s:/@]+:[^\s/@$]+@/;

/** NS-S4: what opens something never stands where anybody who may look can read it. */
export const credentialsStayOutOfPlainText = resourceRule(
  {
    id: "X01",
    name: "credentials-stay-out-of-plain-text",
    severity: "critical",
    protects:
      "Variables and ConfigMaps are read by everybody who may list pods or open the repository.",
    remediation:
      "Keep it in Secrets Manager, and refer to it with a secretKeyRef or an environment secret.",
    references: ["NS-S4", "K50", "K52", "X09", "SOC 2 CC6.1", "NSA"],
    enforcement: everyTier("mandatory"),
  },
  [...podTypes, ...sinks],
  (resource) => plainText(resource).flatMap(([name, value]) => judge(name, value)),
);

function plainText(resource: Resource<(typeof podTypes)[number] | (typeof sinks)[number]>) {
  const { args, declared } = resource;
  if (declared.type === sinks[0]) return args.get("data").entries();
  const name = args.get("variableName").scalar;
  if (name !== undefined) return [[name, args.get("value")] as const];
  // What is neither makes pods.
  return containersOf(podOf(resource as unknown as PodMaker))
    .flatMap((container) => container.get("env").items())
    .map((variable) => [variable.get("name").scalar ?? "", variable.get("value")] as const);
}

function judge(name: string, value: Value<string>): Finding[] {
  const isNamed = credentialName.test(name);
  return [
    ...finding(value.place, truthOf(!value.secret), "is marked as a secret"),
    ...value.must(
      (text) => !isNamed || !text || /^\$\(\w+\)$/.test(text),
      "is written out, and its name says that it is a credential",
    ),
    ...value.must((text) => !credential.test(text ?? ""), "has the form of a credential"),
  ];
}
