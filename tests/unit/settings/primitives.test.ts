import { PrincipalArn } from "../../../settings/primitives";

const role = "arn:aws:iam::111122223333:role";
const singleSignOn = `${role}/aws-reserved/sso.amazonaws.com`;

test.each([
  `${role}/break-glass`,
  `${role}/people/on-call/break.glass`,
  "arn:aws:iam::111122223333:user/jane@acme.example",
  `${singleSignOn}/eu-central-1/AWSReservedSSO_BreakGlass_*`,
  `${singleSignOn}/AWSReservedSSO_BreakGlass_*`,
  `${singleSignOn}/AWSReservedSSO_BreakGlass_0a1b2c3d4e5f6071`,
])("%s is a principal that may break the glass", (arn) => {
  expect(PrincipalArn.safeParse(arn).success).toBe(true);
});

test.each([
  "*",
  "arn:aws:iam::111122223333:root",
  `${role}/*`,
  `${role}/break-glass*`,
  `${role}/people/`,
  `${singleSignOn}/AWSReservedSSO_*`,
  `${singleSignOn}/*`,
  "arn:aws:sts::111122223333:assumed-role/break-glass/jane",
  "arn:aws:iam::*:role/break-glass",
])("%s is none: it would let in more than was meant, or nobody", (arn) => {
  expect(PrincipalArn.safeParse(arn).success).toBe(false);
});
