import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue";
import { isIndexed, toPolicies } from "./lib/pack";
import { decodeOnce, giveOnce, offerNoRemediation } from "./lib/wire";

decodeOnce();
giveOnce(isIndexed);
offerNoRemediation();
new PolicyPack("plinth", {
  policies: toPolicies(catalogue, { tier: "production" }),
});
