// The SDK's own loader takes a second and a half to compile the pack, and swc a fifth of that.
require("../toolchain/typescript.cjs");
require("../toolchain/sdk.cjs");
require("./index.ts");
