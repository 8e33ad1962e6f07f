import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue";
import { toPolicies } from "./lib/pack";
import { decodeOnce, offerNoRemediation } from "./lib/wire";

decodeOnce();
offerNoRemediation();
new PolicyPack("plinth", {
  policies: toPolicies(catalogue, { tier: "production" }),
});
