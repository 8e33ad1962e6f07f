import { namesOf } from "../../../components/names";

const names = namesOf({ project: "shop", env: "qa" });
const others = namesOf({ project: "shop", env: "qa-2" });

/** Every physical name of an environment. */
function all(of: typeof names): string[] {
  const made = [
    of.backupBucket("111122223333"),
    of.secrets("api"),
    of.errors("api"),
    of.key("secrets"),
    of.cacheUser("api"),
    of.cacheUsers("main"),
  ];
  return [of.namespace, of.pager, ...made];
}

test("every physical name carries project and environment", () => {
  for (const name of all(names)) {
    expect(name).toMatch(/^shop[-/]qa([-/]|$)/);
  }
});

test("two environments of one project share no physical name", () => {
  const shared = all(names).filter((name) => all(others).includes(name));
  expect(shared).toEqual([]);
});

test("the bucket of the dumps carries the account, as its name is unique in the world", () => {
  expect(names.backupBucket("111122223333")).toBe("shop-qa-backups-111122223333");
});

test("NS-S1 secrets are named by environment and service", () => {
  expect(names.secrets("api")).toBe("shop/qa/api");
});

test("SA-W2 the id of a cache's user fits ElastiCache, and two services never share one", () => {
  const services = ["api", "a--b", "a-b", `${"long-".repeat(7)}one`, `${"long-".repeat(7)}two`];
  const ids = services.flatMap((service) => [names.cacheUser(service), names.cacheUsers(service)]);
  expect(new Set(ids).size).toBe(ids.length);
  for (const id of ids) {
    expect(id).toMatch(/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/);
    expect(id.length).toBeLessThanOrEqual(40);
  }
});
