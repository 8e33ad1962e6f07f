import type { Sandbox } from "../../sandbox/client";

type Cloud = Pick<Sandbox, "resources">;

/** What watches reads in a cloud: the rule's pattern, the function that it calls, and whom that expects. */
export async function watchIn(cloud: Cloud) {
  const rules = await cloud.resources("aws:cloudwatch/eventRule:EventRule");
  const reads = rules.find(({ urn }) => urn.endsWith("::secret-watch-reads"));
  const targets = await cloud.resources("aws:cloudwatch/eventTarget:EventTarget");
  const target = targets.find(({ state }) => state["rule"] === reads?.id);
  const functions = await cloud.resources("aws:lambda/function:Function");
  const program = functions.find(({ state }) => state["arn"] === target?.state["arn"]);
  const { variables } = program?.state["environment"] as { variables: Record<string, string> }; // as declared
  return {
    functionName: program?.id,
    pattern: JSON.parse(String(reads?.state["eventPattern"])) as Record<string, unknown>, // as declared
    readers: JSON.parse(variables["READERS"] ?? "{}") as Record<string, string>, // as declared
  };
}

/** What callers may name entries by: names and ARNs. */
export async function entryIds(cloud: Cloud): Promise<string[]> {
  const entries = await cloud.resources("aws:secretsmanager/secret:Secret");
  return entries.flatMap(({ state }) => [String(state["name"]), String(state["arn"])]);
}
