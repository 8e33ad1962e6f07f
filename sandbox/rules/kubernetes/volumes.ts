import {
  all,
  at,
  between,
  fields,
  isAbsent,
  items,
  needed,
  number,
  record,
  text,
  unique,
  type Check,
} from "./field";
import { dnsLabel, dnsSubdomain } from "./names";
import { quantity } from "./quantity";

const MODE = number((value) =>
  value < 0 || value > 0o777
    ? "must be a number between 0 and 0777 (octal), both inclusive"
    : undefined,
);
const ITEMS = items(fields({ key: needed(), path: needed(), mode: MODE }));
const projected = fields({
  defaultMode: MODE,
  sources: items(
    fields({
      configMap: fields({ name: needed(), items: ITEMS }),
      secret: fields({ name: needed(), items: ITEMS }),
      serviceAccountToken: fields({ path: needed(), expirationSeconds: between(600, 2 ** 32) }),
    }),
  ),
});

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ */
const volume: Check = all(
  fields({
    name: needed(text(dnsLabel)),
    emptyDir: fields({ sizeLimit: quantity }),
    configMap: fields({ name: needed(text(dnsSubdomain)), defaultMode: MODE, items: ITEMS }),
    secret: fields({ secretName: needed(text(dnsSubdomain)), defaultMode: MODE, items: ITEMS }),
    persistentVolumeClaim: fields({ claimName: needed() }),
    hostPath: fields({ path: needed() }),
    projected,
  }),
  (value, path) => {
    const [, ...more] = Object.entries(record(value)).filter(
      ([key, source]) => key !== "name" && !isAbsent(source),
    );
    return more.flatMap(([key]) => [
      { property: at(path, key), reason: "Forbidden: may not specify more than 1 volume type" },
    ]);
  },
);

/** Volumes of a pod. */
export const volumes: Check = all(
  items(volume),
  unique(({ name }) => name, "name"),
);
