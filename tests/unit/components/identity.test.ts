import { selectorLabels, serviceLabels, serviceTags } from "../../../components/identity";

const identity = { service: "api", env: "qa", version: "1.4.0", team: "shop" };

test("TS-M4 every object carries Datadog's unified service tags", () => {
  expect(serviceLabels(identity)).toMatchObject({
    "tags.datadoghq.com/service": "api",
    "tags.datadoghq.com/env": "qa",
    "tags.datadoghq.com/version": "1.4.0",
  });
});

test("a new version changes no label that selects pods, as a Deployment's selector is immutable", () => {
  const next = { ...identity, version: "2.0.0" };
  expect(selectorLabels(next)).toEqual(selectorLabels(identity));
});

test("the labels that select pods are on the pods", () => {
  expect(serviceLabels(identity)).toMatchObject(selectorLabels(identity));
});

test("tags of a cloud resource carry no version, so that a deployment changes no key or bucket", () => {
  expect(serviceTags(identity)).toEqual({ service: "api", team: "shop" });
});
