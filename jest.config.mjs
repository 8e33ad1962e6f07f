/** One project per tier; the tier of a test is the folder it is in. */
const tiers = [
  { name: "unit", setup: "patient.ts" },
  { name: "component", setup: "patient.ts" },
  { name: "engine", setup: "very-patient.ts" },
  { name: "live", setup: "very-patient.ts" },
];

const compile = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};

/** Packages that are ES modules alone, and among whose exports is nothing for `require`. */
const models =
  "@kubernetes-models/(?:apimachinery|cert-manager|external-secrets|gateway-api)|kubernetes-models";
const modules = "@?kubernetes-models|is-cidr|cidr-regex|ip-regex|commander";

export default {
  projects: tiers.map(({ name, setup }) => ({
    displayName: name,
    rootDir: import.meta.dirname,
    testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
    modulePathIgnorePatterns: ["<rootDir>/.plinth/"],
    testEnvironment: "node",
    // Jest reads `testTimeout` of the whole run alone, not of a project.
    setupFilesAfterEnv: ["generated-values.ts", setup].map(
      (file) => `<rootDir>/tests/support/${file}`,
    ),
    // The set-up is written in ES modules, which run before anything is installed.
    transform: {
      "\\.(ts|mjs)$": ["@swc/jest", compile],
      [`/node_modules/(?:${modules})/.*\\.js$`]: ["@swc/jest", compile],
    },
    transformIgnorePatterns: [`/node_modules/(?!(?:${modules})/)`],
    moduleNameMapper: {
      [`^(${models})/_schemas/([^.]+)$`]: "<rootDir>/node_modules/$1/_schemas/$2.js",
      "^@kubernetes-models/validate$":
        "<rootDir>/node_modules/@kubernetes-models/validate/dist/index.js",
      "^@kubernetes-models/validate/(runtime/.+)$":
        "<rootDir>/node_modules/@kubernetes-models/validate/dist/$1.js",
    },
    moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  })),
};
