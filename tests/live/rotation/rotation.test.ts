import { ElastiCacheClient } from "@aws-sdk/client-elasticache";
import { accessString, keyPrefix, nothing, throwAway } from "../../../components/cache/access";
import { untilRotated } from "../../../components/secrets/rotation/program/ready.mjs";
import type { Step } from "../../../components/secrets/rotation/program/rotate.mjs";
import { CacheUsers } from "../../support/cache-users";
import { Moto } from "../../support/moto";
import { clientOf, Rotations, steps } from "../../support/rotation";

let moto: Moto;
let users: CacheUsers;
let rotations: Rotations;
beforeAll(async () => {
  [moto, users] = await Promise.all([Moto.start(), CacheUsers.start()]);
  rotations = new Rotations(moto, new ElastiCacheClient(clientOf(users.endpoint)));
});
afterAll(async () => {
  users.stop();
  await moto.stop();
});

const random = { length: 48 };
let count = 0;
const newEntry = () => rotations.entry(`shop/test/api/secret-${++count}`);

describe("NS-S2 the first rotation of a secret", () => {
  test("takes the placeholder's place, which is not left as the previous value either", async () => {
    const arn = await newEntry();
    const version = await rotations.rotation(arn, random);
    const value = await rotations.value(arn, "AWSCURRENT");
    expect(value).toMatch(/^[A-Za-z0-9]{48}$/);
    expect(await rotations.value(arn, "AWSPREVIOUS")).toBe(value);
    expect(await rotations.value(arn, "plinth-seed")).toBe("unset");
    // Whose function takes it off has not done its work, for Secrets Manager.
    expect((await rotations.stages(arn))[version]).toContain("AWSPENDING");
  });

  test("lets whoever waits for it go on, and not before", async () => {
    const arn = await newEntry();
    const waiting = untilRotated(rotations.clients, [arn]);
    const first = await Promise.race([waiting, Promise.resolve("waits")]);
    await rotations.rotation(arn, random);
    expect([first, await waiting]).toEqual(["waits", { rotated: [arn] }]);
  });
});

test("NS-S2 each rotation makes another value and keeps the one before", async () => {
  const arn = await newEntry();
  await rotations.rotation(arn, random);
  const values = [await rotations.value(arn, "AWSCURRENT")];
  for (let turn = 0; turn < 2; turn++) {
    await rotations.rotation(arn, random);
    expect(await rotations.value(arn, "AWSPREVIOUS")).toBe(values.at(-1));
    values.push(await rotations.value(arn, "AWSCURRENT"));
  }
  expect(new Set(values).size).toBe(3);
});

test("NS-S2 a value that a person set before is kept as the previous one", async () => {
  const arn = await newEntry();
  await rotations.put(arn, "set-by-a-person-long-ago", ["AWSCURRENT"]);
  await rotations.rotation(arn, random);
  expect(await rotations.value(arn, "AWSPREVIOUS")).toBe("set-by-a-person-long-ago");
});

describe("NS-S2 a step", () => {
  test.each(steps)("%s may be done again, and changes nothing then", async (step) => {
    const arn = await newEntry();
    const version = await rotations.begin(arn);
    const seen: unknown[] = [];
    for (const next of steps) {
      await rotations.step(arn, version, [next, random]);
      if (next !== step) continue;
      seen.push(await rotations.value(arn, "AWSPENDING"), await rotations.stages(arn));
      await rotations.step(arn, version, [next, random]);
      seen.push(await rotations.value(arn, "AWSPENDING"), await rotations.stages(arn));
    }
    const [value, stages] = seen;
    expect(seen.slice(2)).toEqual([value, stages]);
    expect((await rotations.stages(arn))[version]).toContain("AWSCURRENT");
  });

  test.each<Step>(["createSecret", "setSecret", "testSecret"])(
    "%s of a rotation that is through does nothing",
    async (step) => {
      const arn = await newEntry();
      const version = await rotations.rotation(arn, random);
      const before = await rotations.stages(arn);
      await rotations.step(arn, version, [step, random]);
      expect(await rotations.stages(arn)).toEqual(before);
    },
  );

  test("finishSecret that died halfway is taken up: no seed stays as the previous value", async () => {
    const arn = await newEntry();
    const version = await rotations.begin(arn);
    for (const step of steps.slice(0, 3)) await rotations.step(arn, version, [step, random]);
    const [current = ""] = Object.entries(await rotations.stages(arn)).flatMap(([id, labels]) =>
      labels.includes("AWSCURRENT") ? [id] : [],
    );
    moto.aws(
      ...["secretsmanager", "update-secret-version-stage", "--secret-id", arn],
      ...["--version-stage", "AWSCURRENT", "--remove-from-version-id", current],
      ...["--move-to-version-id", version],
    );
    expect(await rotations.value(arn, "AWSPREVIOUS")).toBe("unset");
    await rotations.step(arn, version, ["finishSecret", random]);
    expect(await rotations.value(arn, "AWSPREVIOUS")).toBe(
      await rotations.value(arn, "AWSCURRENT"),
    );
  });

  test("of a rotation whose place another has taken is refused", async () => {
    const arn = await newEntry();
    const version = await rotations.begin(arn);
    const other = await rotations.begin(arn);
    await rotations.step(arn, other, ["createSecret", random]);
    await expect(rotations.step(arn, version, ["createSecret", random])).rejects.toThrow(
      /another rotation has taken the place/,
    );
  });

  test("testSecret refuses a value that is shorter than asked for", async () => {
    const arn = await newEntry();
    const version = await rotations.begin(arn);
    await rotations.step(arn, version, ["createSecret", { length: 16 }]);
    await expect(rotations.step(arn, version, ["testSecret", random])).rejects.toThrow(
      /not what was asked for/,
    );
  });

  test("setSecret before there is a value is refused, and nothing opens", async () => {
    const arn = await newEntry();
    users.add("shop-early", "early", [accessString("early:"), throwAway()]);
    const version = await rotations.begin(arn);
    const entry = { length: 48, cacheUser: "shop-early" };
    await expect(rotations.step(arn, version, ["setSecret", entry])).rejects.toThrow(
      /has no value yet/,
    );
    expect(users.changes.filter(({ userId }) => userId === "shop-early")).toEqual([]);
  });
});

describe("SA-W2 the password of a cache's user, on a real server", () => {
  const entry = { length: 64, cacheUser: "shop-test-api" };
  let arn: string;
  beforeAll(async () => {
    arn = await rotations.entry("shop/test/api/cache-password");
    users.add("shop-test-api", "api", [accessString(keyPrefix("api")), throwAway()]);
  });
  const current = async () => (await rotations.value(arn, "AWSCURRENT")) ?? "";

  test("is set by the first rotation: neither the throw-away nor the placeholder opens", async () => {
    await rotations.rotation(arn, entry);
    expect(users.opens("api", await current())).toBe(true);
    expect(users.opens("api", "unset")).toBe(false);
    expect(users.changes.at(-1)?.passwords).toEqual([await current()]);
  });

  test("opens together with the one before, at every moment of a rotation, and the third ends the first", async () => {
    const first = await current();
    const version = await rotations.begin(arn);
    for (const step of steps) {
      await rotations.step(arn, version, [step, entry]);
      expect(users.opens("api", first)).toBe(true);
      expect(users.opens("api", await current())).toBe(true);
    }
    expect(await current()).not.toBe(first);
    await rotations.rotation(arn, entry);
    expect(users.opens("api", first)).toBe(false);
    expect(users.opens("api", await current())).toBe(true);
  });

  test("is set even if another change of the user comes first, twice", async () => {
    users.overtaken = 2;
    await rotations.rotation(arn, entry);
    expect(users.overtaken).toBe(0);
    expect(users.opens("api", await current())).toBe(true);
  });

  test("is still the old one when ElastiCache refuses, and a second try brings the new one", async () => {
    const before = await current();
    const version = await rotations.begin(arn);
    await rotations.step(arn, version, ["createSecret", entry]);
    users.refusals = 1;
    await expect(rotations.step(arn, version, ["setSecret", entry])).rejects.toThrow(/Try again/);
    await expect(rotations.step(arn, version, ["testSecret", { length: 999 }])).rejects.toThrow();
    expect(await current()).toBe(before);
    expect(users.opens("api", before)).toBe(true);
    for (const step of steps) await rotations.step(arn, version, [step, entry]);
    expect(await current()).not.toBe(before);
    expect(users.opens("api", await current())).toBe(true);
  });
});

describe("NS-S2 a rotation whose calls fail, one at a time", () => {
  const entry = { length: 48, cacheUser: "shop-test-worn" };
  let arn: string;
  beforeAll(async () => {
    arn = await rotations.entry("shop/test/worn/cache-password");
    users.add("shop-test-worn", "worn", [accessString("worn:"), throwAway()]);
    await rotations.rotation(arn, entry);
  });

  test.each(["before", "after"] as const)(
    "%s they are answered comes to the same end, and the old value opens throughout",
    async (moment) => {
      const failed: unknown[] = [];
      for (let nth = 1; ; nth++) {
        const old = (await rotations.value(arn, "AWSCURRENT")) ?? "";
        const version = await rotations.begin(arn);
        const fault = rotations.failing(nth, moment);
        for (const step of steps) {
          await rotations.step(arn, version, [step, entry]).catch(async (error: unknown) => {
            failed.push([String(error), users.opens("worn", old)]);
            await rotations.step(arn, version, [step, entry]);
          });
        }
        const came = fault.end();
        const value = (await rotations.value(arn, "AWSCURRENT")) ?? "";
        expect([value === old, users.opens("worn", value), users.opens("worn", old)]).toEqual([
          false,
          true,
          true,
        ]);
        expect(await rotations.value(arn, "AWSPREVIOUS")).toBe(old);
        if (!came) break;
      }
      // Each call of a rotation has failed once: there are at least two a step.
      expect(failed.length).toBeGreaterThan(10);
      expect(new Set(failed.map(String))).toEqual(new Set(["Error: made to fail,true"]));
    },
  );
});

describe("SA-W2 a service at its cache", () => {
  const commands: [string, readonly string[], RegExp][] = [
    ["keeps a session", ["SET", "web:sess:1", "x", "EX", "60"], /^OK$/],
    ["finds it", ["GET", "web:sess:1"], /^x$/],
    ["is asked by its client whether the server is up", ["INFO", "server"], /redis_version/],
    ["cannot read what another keeps", ["GET", "api:sess:1"], /NOPERM/],
    ["cannot list whose sessions there are", ["SCAN", "0"], /NOPERM/],
    ["cannot list them by pattern", ["KEYS", "*"], /NOPERM/],
    ["cannot draw one by lot", ["RANDOMKEY"], /NOPERM/],
    ["cannot empty the server", ["FLUSHALL"], /NOPERM/],
    ["cannot administer it", ["CONFIG", "GET", "*"], /NOPERM/],
    ["cannot make users", ["ACL", "LIST"], /NOPERM/],
    ["cannot listen to another's channel", ["SUBSCRIBE", "api:news"], /NOPERM/],
    [
      "cannot reach another's keys by script",
      ["EVAL", "return redis.call('GET','api:x')", "0"],
      /NOPERM|can't access/,
    ],
  ];

  test.each(commands)("%s", (_, command, answer) => {
    const password = throwAway();
    users.add("shop-test-web", "web", [accessString(keyPrefix("web")), password]);
    const said = users.command(command, { name: "web", password });
    expect(said).toMatch(answer);
  });

  test("is nobody without its name: the user that has none is off, whatever its password", () => {
    const password = throwAway();
    users.add("shop-test-default", "unnamed", [nothing, password]);
    expect(users.opens("unnamed", password)).toBe(false);
  });
});
