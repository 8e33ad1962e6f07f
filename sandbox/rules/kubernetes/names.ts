import { isIP } from "node:net";
import { all, entries, text, type Check, type Test } from "./field";

/**
 * Forms of names.
 * @see https://github.com/kubernetes/apimachinery/blob/v0.34.0/pkg/util/validation/validation.go
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
const LABEL = "[a-z0-9]([-a-z0-9]*[a-z0-9])?";
const LABEL_1035 = "[a-z]([-a-z0-9]*[a-z0-9])?";
const SUBDOMAIN = `${LABEL}(\\.${LABEL})*`;
const QUALIFIED = "([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]";
const KEY = "[-._a-zA-Z0-9]+";

/** A name of at most 63 letters, such as that of a namespace or a container. */
export const dnsLabel: Test<string> = (value) =>
  dnsSubdomain(value) === undefined && value.includes(".")
    ? "must not contain dots"
    : dnsLabelForm(value);

const dnsLabelForm = form(LABEL, 63, {
  message:
    "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character",
  examples: ["my-name", "123-abc"],
});

/** A name of a Service: a label that begins with a letter. */
export const dns1035Label = form(LABEL_1035, 63, {
  message:
    "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character",
  examples: ["my-name", "abc-123"],
});

/** A name of most other objects: labels with dots between them. */
export const dnsSubdomain = form(SUBDOMAIN, 253, {
  message:
    "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character",
  examples: ["example.com"],
});

/** A value of a label. */
export const labelValue: Test<string> = form(`(${QUALIFIED})?`, 63, {
  message:
    "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyValue", "my_value", "12345"],
});

const namePart = form(QUALIFIED, 63, {
  message:
    "must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character",
  examples: ["MyName", "my.name", "123-abc"],
});

/** A key of a label or annotation: a name, with a domain and a slash before it or not. */
export const qualifiedName: Test<string> = (value) => {
  const parts = value.split("/");
  const [first = "", second] = parts;
  if (parts.length > 2) {
    return "a qualified name must consist of a name with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')";
  }
  if (second !== undefined && first === "") return "prefix part must be non-empty";
  const prefix = second === undefined ? undefined : dnsSubdomain(first);
  if (prefix !== undefined) return `prefix part ${prefix}`;
  const name = second ?? first;
  if (name === "") return "name part must be non-empty";
  const wrong = namePart(name);
  return wrong === undefined ? undefined : `name part ${wrong}`;
};

/** A name of a port: at most 15 letters, one of them not a digit. */
export const portName: Test<string> = (value) => {
  if (value.length > 15) return "must be no more than 15 characters";
  if (!/^[-a-z0-9]+$/.test(value)) {
    return "must contain only alpha-numeric characters (a-z, 0-9), and hyphens (-)";
  }
  if (!/[a-z]/.test(value)) return "must contain at least one letter (a-z)";
  if (value.includes("--")) return "must not contain consecutive hyphens";
  return /^-|-$/.test(value) ? "must not begin or end with a hyphen" : undefined;
};

/** A key of a ConfigMap or Secret. */
export const configKey: Test<string> = (value) => {
  if (value === "." || value === "..") return `must not be '${value}'`;
  if (value.startsWith("..")) return "must not start with '..'";
  return configKeyForm(value);
};

const configKeyForm = form(KEY, 253, {
  message: "a valid config key must consist of alphanumeric characters, '-', '_' or '.'",
  examples: ["key.name", "KEY_NAME", "key-name"],
});

/** A name of an environment variable. */
export const variableName: Test<string> = (value) =>
  /^[ -<>-~]+$/.test(value)
    ? undefined
    : "a valid environment variable name must consist only of printable ASCII characters other than '='";

/** A name of an HTTP header. */
export const headerName: Test<string> = (value) =>
  /^[-A-Za-z0-9]+$/.test(value)
    ? undefined
    : "a valid HTTP header must consist of alphanumeric characters or '-' (e.g. 'X-Header-Name', regex used for validation is '[-A-Za-z0-9]+')";

/** A percentage. */
export const percentage: Test<string> = (value) =>
  /^\d+%$/.test(value)
    ? undefined
    : "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')";

/** A name of a role, or of what an autoscaler scales: all that fits into a path. */
export const pathSegment: Test<string> = (value) => {
  if (value === "." || value === "..") return `may not be '${value}'`;
  const bad = ["/", "%"].find((character) => value.includes(character));
  return bad === undefined ? undefined : `may not contain '${bad}'`;
};

/** A domain in which names are looked up: labels may begin with an underscore. */
export const searchDomain = form(
  "_?[a-z0-9]([-_a-z0-9]*[a-z0-9])?(\\._?[a-z0-9]([-_a-z0-9]*[a-z0-9])?)*",
  253,
  {
    message:
      "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '_', '-' or '.', and must start and end with an alphanumeric character",
    examples: ["example.com"],
  },
);

/** A path that does not climb. */
export const descendingPath: Test<string> = (value) =>
  value.split("/").includes("..") ? "must not contain '..'" : undefined;

/** Likewise, and that stays where it is. */
export const relativePath: Test<string> = (value) =>
  value.startsWith("/") ? "must be a relative path" : descendingPath(value);

/** An address of a machine. */
export const address: Test<string> = (value) =>
  isIP(value) === 0 ? "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)" : undefined;

/** A block of addresses. */
export const block: Test<string> = (value) => {
  const [first = "", bits = ""] = value.split("/");
  const most = isIP(first) === 4 ? 32 : 128;
  return isIP(first) !== 0 && /^\d+$/.test(bits) && Number(bits) <= most
    ? undefined
    : "must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)";
};

/** Labels of an object. */
export const labels: Check = entries(qualifiedName, text(labelValue));

/** Annotations of an object: 256 KiB in all, of any text. */
export const annotations: Check = all(entries(lowerQualifiedName), (value, path) => {
  const size = JSON.stringify(value ?? {}).length;
  return size > 262_144
    ? [{ property: path, reason: "Too long: may not be more than 262144 bytes" }]
    : [];
});

/** Keys of annotations are compared in small letters, though their letters may be large. */
function lowerQualifiedName(value: string): string | undefined {
  return qualifiedName(value.toLowerCase());
}

function form(
  pattern: string,
  most: number,
  { message, examples }: { readonly message: string; readonly examples: readonly string[] },
): Test<string> {
  const expression = new RegExp(`^(${pattern})$`);
  const example = examples.map((name) => `'${name}'`).join(",  or ");
  return (value) => {
    if (value.length > most) return `must be no more than ${most} characters`;
    if (expression.test(value)) return undefined;
    return `${message} (e.g. ${example}, regex used for validation is '${pattern}')`;
  };
}
