import { isRecord } from "../../properties";
import {
  all,
  at,
  fields,
  invalid,
  isAbsent,
  isSet,
  items,
  needed,
  oneOf,
  record,
  text,
  type Check,
} from "./field";
import { configKey, dnsSubdomain, variableName } from "./names";

const keyRef = fields({ name: needed(text(dnsSubdomain)), key: needed(text(configKey)) });

const FIELD_PATHS =
  /^(metadata\.(name|namespace|uid|(labels|annotations)\['[^']+'\])|spec\.(nodeName|serviceAccountName)|status\.(hostIPs?|podIPs?))$/;

const RESOURCES = ["limits", "requests"].flatMap((list) =>
  ["cpu", "ephemeral-storage", "memory"].map((name) => `${list}.${name}`),
);

const resource: Check = (value, path) =>
  typeof value === "string" && /^(limits|requests)\.hugepages-/.test(value)
    ? []
    : oneOf(...RESOURCES)(value, path);

const SOURCES = ["fieldRef", "resourceFieldRef", "configMapKeyRef", "secretKeyRef"];

/** A variable of a container; its value is never repeated, since it may be a secret. */
const variable: Check = all(
  fields({
    name: needed(text(variableName)),
    valueFrom: fields({
      configMapKeyRef: keyRef,
      secretKeyRef: keyRef,
      fieldRef: fields({
        fieldPath: needed(
          text((path) =>
            FIELD_PATHS.test(path)
              ? undefined
              : "error converting fieldPath: field label not supported",
          ),
        ),
      }),
      resourceFieldRef: fields({ resource: needed(resource) }),
    }),
  }),
  (value, path) => {
    const { value: plain, valueFrom } = record(value);
    if (!isRecord(valueFrom)) return [];
    const place = at(path, "valueFrom");
    const given = SOURCES.filter((source) => !isAbsent(valueFrom[source]));
    if (given.length === 0) {
      return invalid(
        place,
        {},
        "must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`",
      );
    }
    if (isSet(plain)) return invalid(place, {}, "may not be specified when `value` is not empty");
    return given.length > 1
      ? invalid(place, {}, "may not have more than one field specified at a time")
      : [];
  },
);

const variableSource: Check = all(
  fields({
    prefix: text(variableName),
    configMapRef: fields({ name: needed(text(dnsSubdomain)) }),
    secretRef: fields({ name: needed(text(dnsSubdomain)) }),
  }),
  (value, path) => {
    if (!isRecord(value)) return [];
    const given = ["configMapRef", "secretRef"].filter((source) => !isAbsent(value[source]));
    if (given.length === 0)
      return invalid(path, {}, "must specify one of: `configMapRef` or `secretRef`");
    return given.length > 1
      ? invalid(path, {}, "may not have more than one field specified at a time")
      : [];
  },
);

/** Variables of a container, one by one. */
export const variables: Check = items(variable);

/** Variables of a container, taken from whole ConfigMaps and Secrets. */
export const variableSources: Check = items(variableSource);
