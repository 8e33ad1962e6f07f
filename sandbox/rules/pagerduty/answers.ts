import type { Properties } from "../../properties";
import type { Identity, Problem } from "../rule";

/** PagerDuty's answer to what it does not take. */
export function invalidInput(reason: string): string {
  return `400 Bad Request. Code: 2001, Errors: [${reason}], Message: Invalid Input Provided`;
}

/** PagerDuty's answer to what refers to something that is not there. */
export const notFound = "404 Not Found. Code: 2100, Errors: <nil>, Message: Not Found";

/** An id as PagerDuty forms them. */
export function isId(text: string | undefined): boolean {
  return text !== undefined && /^P[A-Z0-9]{6}$|^[A-Z0-9]{14}$/.test(text);
}

/** A name that nothing else of the kind in the account has. */
export function uniqueName(kind: string, props: Properties, scope: string): Identity {
  return {
    key: `${scope} ${kind} ${props.string("name") ?? ""}`,
    taken: invalidInput("Name has already been taken"),
  };
}

/** A value that is not among those that the provider's schema takes. */
export function choiceProblems(
  props: Properties,
  choices: Readonly<Record<string, readonly string[]>>,
): Problem[] {
  return Object.entries(choices).flatMap(([property, allowed]) => {
    const value = props.string(property);
    return value === undefined || allowed.includes(value)
      ? []
      : [
          {
            property,
            reason: `"${value}" is an invalid value. Must be one of ${allowed.join(", ")}`,
          },
        ];
  });
}
