import { Properties, Unknown } from "../../../../sandbox/properties";
import { loadRules, PACKAGES } from "../../../../sandbox/rules/registry";
import { knownType, propertyNames } from "../../../../sandbox/schema";
import { ruleContext } from "../../../support/rule-context";

describe.each(PACKAGES)("each rule of %s", (name) => {
  test("is of a type that the package has, cites its source, and is the only one of its type", async () => {
    const { resources } = await loadRules(name);
    const types = resources.map(({ type }) => type);

    expect(types.filter((type) => !type.startsWith(`${name}:`))).toEqual([]);
    expect(types.filter((type) => !knownType(type) && name !== "kubernetes")).toEqual([]);
    expect(types.filter((type, index) => types.indexOf(type) !== index)).toEqual([]);
    expect(resources.filter(({ source }) => !source.startsWith("https://"))).toEqual([]);
  });

  test("passes what is not known yet", async () => {
    const { resources } = await loadRules(name);
    const context = { ...ruleContext(), preview: true };
    const refused = resources.flatMap((rule) => {
      const names = propertyNames(rule.type);
      const props = new Properties(Object.fromEntries(names.map((key) => [key, Unknown.value])));
      rule.outputs?.(props, context);
      return rule.check?.(props, context) ?? [];
    });

    expect(refused).toEqual([]);
  });
});
