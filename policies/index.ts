import { PolicyPack } from "@pulumi/policy";
import { catalogue } from "./catalogue";
import { isFor, isIndexed, toPolicies } from "./lib/pack";
import { askByType, decodeOnce, giveOnce, offerNoRemediation } from "./lib/wire";

decodeOnce();
giveOnce(isIndexed);
askByType(isFor(catalogue));
offerNoRemediation();
new PolicyPack("plinth", {
  policies: toPolicies(catalogue, { tier: "production" }),
});
