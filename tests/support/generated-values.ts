import fc from "fast-check";

/**
 * Generated values are the same in every run, so that a change is refused for what it does and not by chance.
 * `PLINTH_SEED` takes others.
 */
fc.configureGlobal({ seed: Number(process.env["PLINTH_SEED"] ?? 20_261_122) });
