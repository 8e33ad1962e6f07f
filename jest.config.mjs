/** One project per tier; the tier of a test is the folder it is in. */
const tiers = [
  { name: "unit", seconds: 20 },
  { name: "component", seconds: 60 },
  { name: "engine", seconds: 600 },
  { name: "live", seconds: 600 },
];

const compile = {
  jsc: { parser: { syntax: "typescript" }, target: "es2023" },
  module: { type: "commonjs" },
  sourceMaps: "inline",
};

export default {
  projects: tiers.map(({ name, seconds }) => ({
    displayName: name,
    rootDir: import.meta.dirname,
    testMatch: [`<rootDir>/tests/${name}/**/*.test.ts`],
    modulePathIgnorePatterns: ["<rootDir>/.plinth/"],
    testEnvironment: "node",
    testTimeout: seconds * 1000,
    // The set-up is written in ES modules, which run before anything is installed.
    transform: { "\\.(ts|mjs)$": ["@swc/jest", compile] },
    moduleFileExtensions: ["ts", "js", "mjs", "cjs", "json", "node"],
  })),
};
