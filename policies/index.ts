import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue";
import { toPolicies } from "./lib/pack";
import { decodeOnce } from "./lib/wire";

decodeOnce();
new PolicyPack("plinth", {
  policies: toPolicies(catalogue, { tier: "production" }),
});
