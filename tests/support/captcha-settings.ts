import { withValue } from "../../sandbox/plain";
import { limitedConfiguration } from "./limited-settings";
import type { Configuration } from "./settings";

/** An application load balancer. */
export const loadBalancerArn =
  "arn:aws:elasticloadbalancing:eu-central-1:111122223333:loadbalancer/app/gateway/0123456789abcdef";

/** A platform whose `api` asks for a CAPTCHA, behind a load balancer. */
export function captchaConfiguration(
  captcha: unknown,
  balancer: string | undefined = loadBalancerArn,
): Configuration {
  const { catalogue, stack, ...rest } = limitedConfiguration();
  const gateway = ["cluster", "provides", "gateway", "loadBalancerArn"];
  const services = withValue(catalogue, ["services", "api", "edge", "captcha"], captcha);
  const withCors = withValue(services, ["services", "api", "edge", "cors"], {
    origins: ["https://www.acme.example"],
  });
  // Both of the same shape as before.
  return {
    ...rest,
    catalogue: withCors as typeof catalogue,
    stack: withValue(stack, gateway, balancer) as typeof stack,
  };
}
