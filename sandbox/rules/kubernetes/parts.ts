import { isRecord } from "../../properties";
import {
  all,
  at,
  between,
  fields,
  invalid,
  isAbsent,
  isSet,
  needed,
  oneOf,
  required,
  text,
  type Check,
} from "./field";
import { descendingPath, portName } from "./names";

/** A port of a container, probe or Service. */
export const port = between(1, 65_535);

/** A port by number or by name. */
export const portOrName: Check = all(port, (value, path) =>
  value === "" ? invalid(path, value, portName(value) ?? "") : text(portName)(value, path),
);

/** A user or group. */
export const userId = between(0, 2_147_483_647);

/** A profile of system calls. */
export const seccompProfile: Check = all(
  fields({ type: needed(oneOf("Localhost", "RuntimeDefault", "Unconfined")) }),
  (value, path) => {
    if (!isRecord(value)) return [];
    const { type, localhostProfile } = value;
    if (type === "Localhost" && isAbsent(localhostProfile)) {
      return required(at(path, "localhostProfile"), "must be set when seccomp type is Localhost");
    }
    if (type === "Localhost")
      return text(descendingPath)(localhostProfile, at(path, "localhostProfile"));
    return typeof type === "string" && isSet(localhostProfile)
      ? invalid(
          at(path, "localhostProfile"),
          localhostProfile,
          "can only be set when seccomp type is Localhost",
        )
      : [];
  },
);
