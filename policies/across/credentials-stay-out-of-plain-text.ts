import { plainText, plainTypes } from "../lib/plain-text";
import { everyTier, resourceRule } from "../lib/rule";
import type { Value } from "../lib/value";
import { any, finding, not, truthOf, type Finding } from "../lib/verdict";

const credentialName =
  /(?:^|[_.-]|^PG)(?:pass(?:word|wd|phrase)|secret(?:_?key)?|token|api_?key|access_key(?:_id)?|private_key|credentials?|dsn)$/i;
const camelName =
  /[a-z](?:Pass(?:word|wd|phrase)|Secret(?:Key)?|Token|ApiKey|AccessKey(?:Id)?|PrivateKey|Credentials?|Dsn)$/;
const credential =
  /A[KS]IA[0-9A-Z]{16}|\bgh[oprsu]_\w{36}|\bgithub_pat_\w{22}|\bxox[abpr]-|\bsk_live_|-----BEGIN [A-Z ]*PRIVATE KEY|\beyJ[\w-]+\.eyJ[\w-]+\.|:\/\/[^\s:/@]*:(?!\$[({])[^\s/@]+@/;

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
  plainTypes,
  (resource) => plainText(resource).flatMap(([name, value]) => judge(name, value)),
);

function judge(name: string | undefined, value: Value<string>): Finding[] {
  const isNamed =
    name === undefined ? "unknown" : truthOf(credentialName.test(name) || camelName.test(name));
  const isElsewhere = value.is((text) => !text || /^\$\(\w+\)$/.test(text));
  return [
    ...finding(value.place, truthOf(!value.secret), "is marked as a secret"),
    ...value.mustHold(
      any([not(isNamed), isElsewhere]),
      "is written out, and its name says that it is a credential",
    ),
    ...value.must((text) => !credential.test(text ?? ""), "has the form of a credential"),
  ];
}
