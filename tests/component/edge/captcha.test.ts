import { Captcha, captchaArgs } from "../../../components/edge/captcha";
import { checkInputs } from "../../../sandbox/schema";
import { captchaConfiguration, loadBalancerArn } from "../../support/captcha-settings";
import { identities, only, record } from "../../support/record";
import { settingsOf } from "../../support/settings";
import { captchaFor } from "../../support/web-acl";

const aclType = "aws:wafv2/webAcl:WebAcl";
const associationType = "aws:wafv2/webAclAssociation:WebAclAssociation";

function declare(captcha: unknown = { paths: ["/auth/register", "/contact.php"] }) {
  const args = captchaArgs(settingsOf(captchaConfiguration(captcha)));
  if (args === undefined) throw new Error("the settings ask for a CAPTCHA");
  return record(() => new Captcha("captcha", args), {
    [aclType]: (name) => ({ arn: `arn:${name}` }),
  });
}

test("NS-W4: a web ACL stands before the gateway, in the form that the provider takes", async () => {
  const declared = await declare();
  expect(identities(declared)).toEqual([
    `${aclType} captcha`,
    `${associationType} captcha-association`,
    "plinth:edge:Captcha captcha",
  ]);
  expect(only(declared, associationType, "captcha-association").inputs).toEqual({
    resourceArn: loadBalancerArn,
    webAclArn: "arn:captcha",
  });
  const { inputs } = only(declared, aclType, "captcha");
  expect(checkInputs(aclType, inputs)).toEqual([]);
  expect(inputs).toMatchObject({
    scope: "REGIONAL",
    defaultAction: { allow: {} },
    tokenDomains: ["api.acme.example", "www.acme.example"],
    rules: [{ captchaConfig: { immunityTimeProperty: { immunityTime: 300 } } }],
  });
});

test.each<[string, string, string, string?]>([
  ["is asked of a sensitive path", "api", "/auth/register"],
  ["is asked of what is below it", "api", "/auth/register/mail"],
  ["is asked of it with a slash at its end", "api", "/auth/register/"],
  ["is asked of it in another spelling", "api", "//auth/./%72egister"],
  ["is asked of a POST", "api", "/auth/register", "POST"],
  ["is not asked of what only begins so", "pass", "/auth/registers"],
  ["is not asked of what a dot would stand for", "pass", "/contactxphp"],
  ["is not asked of any other path", "pass", "/"],
  ["is not asked of what a browser asks by itself", "pass", "/auth/register", "OPTIONS"],
])("NS-W4: a CAPTCHA %s", async (_, expected, path, method = "GET") => {
  const { inputs } = only(await declare(), aclType, "captcha");
  const request = { host: "api.acme.example", path, method };
  expect(captchaFor(inputs["rules"], request) ?? "pass").toBe(expected);
});

test.each([
  ["api.acme.example:443", "api"],
  ["API.acme.example", "api"],
  ["www.acme.example", undefined],
])("NS-W4: at the host %s a sensitive path belongs to %s", async (host, expected) => {
  const { inputs } = only(await declare(), aclType, "captcha");
  expect(captchaFor(inputs["rules"], { host, path: "/auth/register" })).toBe(expected);
});

test("NS-W4: who asks for no CAPTCHA declares no web ACL", () => {
  expect(captchaArgs(settingsOf(captchaConfiguration(undefined)))).toBeUndefined();
});
