import type { Plain } from "../../../../../sandbox/properties";
import { awsContext, awsRule, inAws } from "../../../../support/aws-rules";
import { captchaArgs, webAclArgs } from "../../../../../components/edge/captcha";
import { captchaConfiguration, loadBalancerArn } from "../../../../support/captcha-settings";
import { outputsOf, refusedAtPreview, refusedAtUpdate } from "../../../../support/rule-context";
import { settingsOf } from "../../../../support/settings";

const acl = awsRule("wafv2/webAcl:WebAcl");
const association = awsRule("wafv2/webAclAssociation:WebAclAssociation");
const match = (searchString: string, ...types: string[]) => ({
  byteMatchStatement: {
    searchString,
    positionalConstraint: "EXACTLY",
    fieldToMatch: { uriPath: {} },
    textTransformations: types.map((type, priority) => ({ type, priority })),
  },
});
const ruleWith = (statement: Plain, immunityTime = 300) => ({
  name: "shop",
  rules: [{ statement, captchaConfig: { immunityTimeProperty: { immunityTime } } }],
});

test.each<[string, Plain, RegExp]>([
  ["spares people for a minute", ruleWith(match("/a"), 60), /^undefined$/],
  ["spares people for less", ruleWith(match("/a"), 59), /between 60 and 259200.*parameter: 59/],
  ["spares people for three days", ruleWith(match("/a"), 259_200), /^undefined$/],
  ["spares people for more", ruleWith(match("/a"), 259_201), /between 60 and 259200/],
  [
    "has one thing among which to choose",
    ruleWith({ orStatement: { statements: [match("/a")] } }),
    /exactly one value., field: orStatement/,
  ],
  [
    "has a pattern that is too long",
    ruleWith({ regexMatchStatement: { regexString: "x".repeat(513), fieldToMatch: {} } }),
    /more than 512 characters/,
  ],
  [
    "takes more than there is",
    ruleWith({
      orStatement: { statements: Array.from({ length: 418 }, () => match("/a", "LOWERCASE")) },
    }),
    /WAFLimitsExceededException/,
  ],
])("a web ACL that %s", (_, props, expected) => {
  expect(String(refusedAtUpdate(acl, props))).toMatch(expected);
});

test("a web ACL stands in a region or before CloudFront", () => {
  expect(refusedAtPreview(acl, { scope: "GLOBAL" })).toEqual([
    "scope: expected scope to be one of [CLOUDFRONT REGIONAL], got GLOBAL",
  ]);
});

test("NS-W4: the service takes the web ACL that is declared, for 37 units", () => {
  const args = captchaArgs(settingsOf(captchaConfiguration({ paths: ["/auth/register"] })));
  const props = JSON.parse(JSON.stringify(webAclArgs("captcha", args?.rules ?? []))) as Plain; // plain data
  expect(refusedAtUpdate(acl, { name: "captcha", ...props })).toBeUndefined();
  expect(outputsOf(acl, { name: "captcha", ...props })).toMatchObject({ capacity: 37 });
});

test.each<[string, string, string, RegExp]>([
  ["at an application's load balancer", loadBalancerArn, "arn:acl", /^undefined$/],
  ["at a network's", loadBalancerArn.replace("/app/", "/net/"), "arn:acl", /RESOURCE_ARN/],
  ["elsewhere", loadBalancerArn.replace("eu-central-1", "us-east-1"), "arn:acl", /RESOURCE_ARN/],
  ["of a web ACL that is not there", loadBalancerArn, "arn:gone", /WAFNonexistentItemException/],
])("an association %s", (_, resourceArn, webAclArn, expected) => {
  const cloud = awsContext([inAws("aws:wafv2/webAcl:WebAcl", "acl", { arn: "arn:acl" })]);
  expect(String(refusedAtUpdate(association, { resourceArn, webAclArn }, cloud))).toMatch(expected);
});

test("a web ACL that is asked somewhere is not deleted", () => {
  const self = inAws("aws:wafv2/webAcl:WebAcl", "acl", { arn: "arn:acl" });
  const used = inAws("aws:wafv2/webAclAssociation:WebAclAssociation", "x", {
    webAclArn: "arn:acl",
  });
  expect(acl.refuseDelete?.(self, awsContext([self, used]))).toMatch(/WAFAssociatedItemException/);
  expect(acl.refuseDelete?.(self, awsContext([self]))).toBeUndefined();
});
