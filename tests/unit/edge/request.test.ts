import { clientOf, limitsOf, pathOf } from "../../../components/edge/limiter/program/request.mjs";

test.each([
  ["the address that the gateway saw", "203.0.113.7", 0, "203.0.113.7"],
  ["not what the client wrote before it", "198.51.100.1, 203.0.113.7", 0, "203.0.113.7"],
  ["the address that the proxy saw", "203.0.113.7, 10.0.0.1", 1, "203.0.113.7"],
  ["not what stands before the proxy's", "198.51.100.1, 203.0.113.7, 10.0.0.1", 1, "203.0.113.7"],
  ["the gateway's own caller where a proxy was passed by", "203.0.113.7", 1, "203.0.113.7"],
  ["the peer where nothing is forwarded", undefined, 0, "192.0.2.1"],
  ["the peer where no address is forwarded", "unknown", 0, "192.0.2.1"],
  ["an IPv4 address in IPv6 as itself", "::ffff:203.0.113.7", 0, "203.0.113.7"],
  ["an IPv6 address by its network", "2001:db8:1:2:3:4:5:6", 0, "2001:db8:1:2::/64"],
  ["a short IPv6 address by its network", "2001:db8::6", 0, "2001:db8:0:0::/64"],
  ["a zone of IPv6 by the network alone", "fe80::1%eth0", 0, "fe80:0:0:0::/64"],
])("a client is %s", (_, forwardedFor, trustedHops, expected) => {
  expect(clientOf(forwardedFor, "192.0.2.1", trustedHops)).toBe(expected);
});

test.each([
  ["/auth?next=/", "/auth"],
  ["//auth///login", "/auth/login"],
  ["/AUTH/%6Cogin", "/auth/login"],
  ["/%E0%A4%A", "/%e0%a4%a"],
])("%s is read as a tolerant application reads it", (url, expected) => {
  expect(pathOf(url)).toBe(expected);
});

const limit = (paths: string[]) => ({ paths, requests: 1, windowMs: 1000 });
const host = {
  service: "api",
  exempt: ["/health"],
  limits: { general: limit(["/"]), auth: limit(["/auth", "/Login/"]) },
};

test.each([
  ["/", ["general"]],
  ["/auth", ["general", "auth"]],
  ["/auth/login", ["general", "auth"]],
  ["/login", ["general", "auth"]],
  ["/authors", ["general"]],
  ["/health", []],
  ["/health/ready", []],
  ["/healthy", ["general"]],
])("a request of %s counts against %j", (url, expected) => {
  expect(limitsOf(host, url).map(([name]) => name)).toEqual(expected);
});
