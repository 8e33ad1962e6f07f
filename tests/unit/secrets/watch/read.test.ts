import fc from "fast-check";
import { readPattern } from "../../../../components/secrets/watch/pattern";
import { judge, type Call } from "../../../../components/secrets/watch/program/read.mjs";
import { matches } from "../../../support/event-pattern";
import {
  accountId,
  arnOf,
  readers,
  readEvent,
  refusal,
  role,
  session,
  user,
} from "../../../support/secret-reads";

const jwt = "plinth/staging/api/jwt";
const stripe = "plinth/staging/api/stripe-api-key";
const pattern = readPattern({ path: "plinth/staging", accountId, region: "eu-central-1" });
const own = session(role("api-role-1a2b3c4"));
const asking = (secretId: string) => ({ requestParameters: { secretId } });

interface Row {
  readonly who: string;
  readonly call: Call;
  readonly verdict: string | undefined;
  readonly name?: string;
}

const rows: readonly Row[] = [
  {
    who: "the service's own role, as External Secrets asks",
    call: { userIdentity: own, ...asking(stripe) },
    verdict: "expected",
  },
  {
    who: "the service's own role, by ARN",
    call: { userIdentity: own, ...asking(arnOf(stripe)) },
    verdict: "expected",
  },
  {
    who: "the pipeline, of a build's secret",
    call: {
      userIdentity: session(role("delivery-role-5d6e7f8")),
      ...asking("plinth/staging/web/npm-token"),
    },
    verdict: "expected",
  },
  {
    who: "a service of what is shared with it",
    call: {
      userIdentity: session(role("jobs-role-7a7b7c7")),
      ...asking("plinth/staging/api/webhook-key"),
    },
    verdict: "expected",
  },
  {
    who: "a service of what is not shared with it",
    call: { userIdentity: session(role("jobs-role-7a7b7c7")), ...asking(stripe) },
    verdict: "unusual",
  },
  {
    who: "the function, of what it rotates",
    call: { userIdentity: session(role("rotation-role-9a8b7c6")), ...asking(arnOf(jwt)) },
    verdict: "expected",
  },
  {
    who: "the function, of what it does not rotate",
    call: { userIdentity: session(role("rotation-role-9a8b7c6")), ...asking(arnOf(stripe)) },
    verdict: "unusual",
  },
  {
    who: "whoever deploys, of a version that an update wrote",
    call: {
      userIdentity: session(role("deployer")),
      requestParameters: {
        secretId: arnOf(jwt),
        versionId: "terraform-20261121184845123400000001",
      },
    },
    verdict: "expected",
  },
  {
    who: "whoever deploys, of a value that a person set",
    call: { userIdentity: session(role("deployer")), ...asking(arnOf(jwt)) },
    verdict: "unusual",
  },
  {
    who: "another service of the environment",
    call: { userIdentity: session(role("jobs-role-0f0f0f0")), ...asking(jwt) },
    verdict: "unusual",
  },
  {
    who: "a role of the same name in another account",
    call: {
      userIdentity: session("arn:aws:iam::999988887777:role/api-role-1a2b3c4"),
      ...asking(jwt),
    },
    verdict: "unusual",
  },
  { who: "a user", call: { userIdentity: user("jo"), ...asking(jwt) }, verdict: "unusual" },
  { who: "nobody that CloudTrail names", call: asking(jwt), verdict: "unusual" },
  {
    who: "break-glass",
    call: { userIdentity: session(role("break-glass")), ...asking(jwt) },
    verdict: "break-glass",
  },
  {
    who: "break-glass by IAM Identity Center",
    call: {
      userIdentity: session(
        role("aws-reserved/sso.amazonaws.com/AWSReservedSSO_Rescue_0123456789abcdef"),
      ),
      ...asking(jwt),
    },
    verdict: "break-glass",
  },
  {
    who: "an administrator who is refused",
    call: { userIdentity: session(role("Admin")), ...asking(arnOf(jwt)), ...refusal(jwt) },
    verdict: "denied",
  },
  {
    who: "an administrator who is refused, where the message alone names the entry",
    call: {
      userIdentity: session(role("Admin")),
      requestParameters: null,
      ...refusal(arnOf(jwt)),
    },
    verdict: "denied",
  },
  {
    who: "the service's own role when it is refused",
    call: { userIdentity: own, ...asking(jwt), ...refusal(jwt) },
    verdict: "denied",
  },
  {
    who: "somebody whose whole batch is refused",
    call: {
      userIdentity: session(role("Admin")),
      requestParameters: { secretIdList: ["other/entry", jwt] },
      errorCode: "AccessDenied",
    },
    verdict: "denied",
    name: "BatchGetSecretValue",
  },
  {
    who: "somebody whom AWS asks to slow down",
    call: { userIdentity: own, ...asking(jwt), errorCode: "ThrottlingException" },
    verdict: undefined,
  },
];

test.each(rows)("NS-S3: a read by $who arrives, and is judged $verdict", (row) => {
  const event = readEvent(row.call, row.name);
  expect(matches(pattern, event)).toBe(true);
  expect(judge(event.detail, readers)?.verdict).toBe(row.verdict);
});

test("NS-S3: the verdict names the entry and the role, not its session", () => {
  const { detail } = readEvent({ userIdentity: session(role("Admin")), ...asking(arnOf(jwt)) });
  expect(judge(detail, readers)).toEqual({ verdict: "unusual", entry: jwt, reader: role("Admin") });
});

test.each([
  ["another environment", asking("plinth/production/api/jwt")],
  ["an environment whose name goes on", asking("plinth/staging-2/api/jwt")],
  ["another project", asking("x-plinth/staging/api/jwt")],
  ["a refusal elsewhere", refusal("plinth/production/api/jwt")],
])("a read of %s does not arrive", (_, call) => {
  expect(matches(pattern, readEvent({ userIdentity: own, ...call }))).toBe(false);
});

test("what arrives and is of another environment is not told", () => {
  const call = { userIdentity: own, ...refusal("x-plinth/staging/api/jwt") };
  expect(judge(readEvent(call).detail, readers)).toBeUndefined();
});

test("another call of the same service does not arrive", () => {
  expect(matches(pattern, readEvent(asking(jwt), "DescribeSecret"))).toBe(false);
});

const text = fc.oneof(
  fc.string(),
  fc.constantFrom(jwt, arnOf(jwt), role("api-role-1a2b3c4"), "__proto__"),
);
const call = fc.record(
  {
    userIdentity: fc.oneof(text.map(session), text.map(user), fc.constant({})),
    errorCode: fc.oneof(text, fc.constant("AccessDenied")),
    errorMessage: text.map((entry) => `may not, on resource: ${entry}`),
    requestParameters: fc.oneof(
      fc.constant(null),
      text.map((secretId) => ({ secretId })),
      fc.array(text).map((secretIdList) => ({ secretIdList })),
    ),
  },
  { requiredKeys: [] },
);

test("NS-S3: whatever CloudTrail tells of a caller who is not named is never expected", () => {
  const strangers = call.filter(
    ({ userIdentity }) => !JSON.stringify(userIdentity ?? {}).includes("api-role-1a2b3c4"),
  );
  fc.assert(
    fc.property(strangers, (given) => {
      expect(judge(given, readers)?.verdict).not.toBe("expected");
    }),
  );
});
