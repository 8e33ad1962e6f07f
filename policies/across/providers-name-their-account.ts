import { everyTier, resourceRule } from "../lib/rule";
import { any } from "../lib/verdict";

/** TS-L6: staging's `up` with production's credentials changes nothing. */
export const providersNameTheirAccount = resourceRule(
  {
    id: "X58",
    name: "providers-name-their-account",
    severity: "high",
    protects:
      "A provider takes whatever credentials the shell has, and builds staging in production.",
    remediation:
      "Give the provider allowedAccountIds and a region, both from the stack's settings.",
    references: ["TS-L6", "NS-D5"],
    enforcement: everyTier("mandatory"),
  },
  ["pulumi:providers:aws"],
  ({ args }) => {
    // The engine keeps what a provider is configured with as texts of JSON.
    const accounts = args.get("allowedAccountIds").json<string[]>();
    return [
      ...accounts.mustHold(any(accounts.items().map(({ isSet }) => isSet)), "names no account"),
      ...args.get("region").mustHold(args.get("region").isSet, "is not said"),
    ];
  },
);
