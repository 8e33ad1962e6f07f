import type { Cloud } from "../../sandbox/cloud";
import * as lifecycle from "../../sandbox/lifecycle";
import { type Plain, Properties } from "../../sandbox/properties";
import { type Provider, ServiceError, type Target } from "../../sandbox/records";
import { openRulebook } from "../../sandbox/rulebook";
import { openCloud } from "./cloud";

/** The sandbox's cluster, asked without an engine. */
export class SandboxCluster {
  readonly #provider: Provider;

  private constructor(provider: Provider) {
    this.#provider = provider;
  }

  static async open(cloud: Cloud = openCloud()): Promise<SandboxCluster> {
    const book = await openRulebook("kubernetes");
    const config = new Properties({ context: "test" });
    const provider: Provider = { cloud, package: "kubernetes", config, book };
    lifecycle.enter(provider);
    return new SandboxCluster(provider);
  }

  /** Creates an object, to which others may refer. */
  add(type: string, object: Plain): void {
    const refused = this.attempt(type, object, () => undefined);
    if (refused.length > 0) throw new Error(refused.join("\n"));
  }

  /** Why an object is refused, in a preview or by the service; it does not stay. */
  refusals(type: string, object: Plain): readonly string[] {
    return this.attempt(type, object, (target, id) => {
      lifecycle.remove(target, id, object);
    });
  }

  private attempt(
    type: string,
    object: Plain,
    afterwards: (target: Target, id: string) => void,
  ): readonly string[] {
    const urn = `urn:pulumi:test::plinth::${type}::object`;
    const target = { provider: this.#provider, urn, type, name: "object" };
    const olds = { plain: {}, secrets: [] };
    const news = { plain: object, secrets: [] };
    const checked = lifecycle.check(target, { olds, news, randomSeed: Uint8Array.of(1) });
    if (checked.problems.length > 0) {
      return checked.problems.map(({ property, reason }) => `${property}: ${reason}`);
    }
    try {
      afterwards(target, lifecycle.create(target, checked.inputs).id);
      return [];
    } catch (error) {
      if (error instanceof ServiceError) return [error.message];
      throw error;
    }
  }
}
