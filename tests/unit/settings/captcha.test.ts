import fc from "fast-check";
import { pathPattern } from "../../../settings/captcha-contradictions";
import { captchaConfiguration, loadBalancerArn } from "../../support/captcha-settings";
import { problemsOf, settingsOf, type Configuration } from "../../support/settings";

const paths = ["/auth/register"];

test.each<[string, Configuration, RegExp]>([
  [
    "without a load balancer that could ask",
    withoutBalancer(),
    /gateway\.loadBalancerArn: missing; the CAPTCHA of api needs it: the web ACL is asked there$/,
  ],
  [
    "at a network load balancer",
    captchaConfiguration({ paths }, loadBalancerArn.replace("/app/", "/net/")),
    /loadBalancerArn.*must be the ARN of an application load balancer, as a network load balancer takes no web ACL/,
  ],
  [
    "in another region than the web ACL",
    captchaConfiguration({ paths }, loadBalancerArn.replace("eu-central-1", "us-east-1")),
    /is in us-east-1 of 111122223333; must be in eu-central-1 of 111122223333/,
  ],
  [
    "that nobody is spared long enough to use",
    captchaConfiguration({ paths, immunitySeconds: 30 }),
    /captcha\.immunitySeconds.*30.*60/,
  ],
  [
    "of more paths than a pattern holds",
    captchaConfiguration({
      paths: Array.from({ length: 16 }, (_, index) => `/${"long-".repeat(8)}${index}`),
    }),
    /captcha\.paths: make a pattern of \d{3} characters; may make 512/,
  ],
])("NS-W4: a CAPTCHA %s is refused", (_, configuration, expected) => {
  const problems = problemsOf(configuration);
  expect(problems).toHaveLength(1);
  expect(problems.join()).toMatch(expected);
});

function withoutBalancer(): Configuration {
  const { stack, ...rest } = captchaConfiguration({ paths }, "");
  const text = JSON.stringify(stack).replace('"loadBalancerArn":"",', "");
  return { ...rest, stack: JSON.parse(text.replace(',"loadBalancerArn":""', "")) as typeof stack }; // without a key
}

test("NS-W4: who solved one is let through for five minutes unless the service says otherwise", () => {
  expect(settingsOf(captchaConfiguration({ paths })).services["api"]).toMatchObject({
    edge: { captcha: { immunitySeconds: 300 } },
  });
});

test("NS-W4: a pattern takes each path, what is below it, and nothing beside it", () => {
  const path = fc.stringMatching(/^(\/[a-z0-9.+*_~-]{1,8}){1,3}$/);
  fc.assert(
    fc.property(fc.uniqueArray(path, { minLength: 1, maxLength: 5 }), path, (given, other) => {
      const pattern = new RegExp(pathPattern(given));
      const isCovered = given.some((one) => other === one || other.startsWith(`${one}/`));
      expect(pattern.test(other)).toBe(isCovered);
      for (const one of given) {
        expect([one, `${one}/`, `${one}${other}`].every((text) => pattern.test(text))).toBe(true);
      }
    }),
  );
});
