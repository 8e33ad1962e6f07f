import { branchProtection } from "./github/branch-protection";
import { deploymentPolicy, environment } from "./github/environment";
import {
  environmentSecret,
  environmentVariable,
  getEnvironmentPublicKey,
} from "./github/environment-values";
import { getRepository } from "./github/repository";
import type { PackageRules } from "./rule";

/** Rules of the package `github`. */
export const rules: PackageRules = {
  resources: [
    environment,
    deploymentPolicy,
    environmentSecret,
    environmentVariable,
    branchProtection,
  ],
  invokes: [getRepository, getEnvironmentPublicKey],
};
