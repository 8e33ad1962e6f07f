import {
  all,
  at,
  between,
  fields,
  isAbsent,
  items,
  needed,
  number,
  oneOf,
  record,
  required,
  text,
  unique,
  type Check,
} from "./field";
import { descendingPath, dnsLabel, relativePath } from "./names";
import { quantity } from "./quantity";

const MODE = number((value) =>
  value < 0 || value > 0o777
    ? "must be a number between 0 and 0777 (octal), both inclusive"
    : undefined,
);
const ITEMS = items(fields({ key: needed(), path: needed(text(relativePath)), mode: MODE }));

/** What pods tell about themselves in files. */
const downward = fields({
  defaultMode: MODE,
  items: items(
    all(
      fields({
        path: needed(text(relativePath)),
        mode: MODE,
        fieldRef: fields({ fieldPath: needed(text(toldInFile)) }),
        resourceFieldRef: fields({ resource: needed(), containerName: needed() }),
      }),
      (value, path) => {
        const { fieldRef, resourceFieldRef } = record(value);
        return isAbsent(fieldRef) && isAbsent(resourceFieldRef)
          ? required(path, "one of fieldRef and resourceFieldRef is required")
          : [];
      },
    ),
  ),
});

function toldInFile(path: string): string | undefined {
  const form =
    /^metadata\.(name|namespace|uid|labels|annotations|(labels|annotations)\['[^']+'\])$/;
  return form.test(path)
    ? undefined
    : `error converting fieldPath: field label not supported: ${path}`;
}

const projected = fields({
  defaultMode: MODE,
  sources: items(
    fields({
      configMap: fields({ name: needed(), items: ITEMS }),
      secret: fields({ name: needed(), items: ITEMS }),
      downwardAPI: downward,
      serviceAccountToken: fields({
        path: needed(text(relativePath)),
        expirationSeconds: between(600, 2 ** 32),
      }),
    }),
  ),
});

const HOST_PATHS = [
  ...["BlockDevice", "CharDevice", "Directory", "DirectoryOrCreate"],
  ...["File", "FileOrCreate", "Socket"],
];

/** @see https://kubernetes.io/docs/reference/kubernetes-api/config-and-storage-resources/volume/ */
const volume: Check = all(
  fields({
    name: needed(text(dnsLabel)),
    emptyDir: fields({ sizeLimit: quantity }),
    configMap: fields({ name: needed(), defaultMode: MODE, items: ITEMS }),
    secret: fields({ secretName: needed(), defaultMode: MODE, items: ITEMS }),
    persistentVolumeClaim: fields({ claimName: needed() }),
    downwardAPI: downward,
    hostPath: fields({ path: needed(text(descendingPath)), type: oneOf(...HOST_PATHS) }),
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
