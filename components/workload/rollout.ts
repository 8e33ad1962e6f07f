import { createHash } from "node:crypto";
import type * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { surgePercent } from "../../settings/capacity";
import { keptAs } from "../../settings/former-name";
import type { ProgressiveStrategy } from "../../settings/service";
import { isWeighed } from "../../settings/strategy-contradictions";
import { selectorLabels } from "../identity";
import { analysisArgs, watchedMinutes, type Judged } from "./analysis";
import { minReadySeconds, progressDeadlineSeconds, revisionHistoryLimit } from "./deployment";
import { podTemplate, type PodArgs } from "./pod-template";

/** What a Rollout is made of. */
export interface RolloutArgs extends PodArgs {
  /** How new versions take over. */
  readonly strategy: ProgressiveStrategy;
  /** Namespace of its route. */
  readonly namespace: pulumi.Input<string>;
}

/** How a Rollout stands, as its controller writes it. */
export interface RolloutStatus {
  /** `Healthy`, `Degraded`, `Progressing` or `Paused`. */
  readonly phase?: string;
  /** Why. */
  readonly message?: string;
}

/** Name of the Service that reaches the new pods alone; a worker has none. */
export function candidateOf({ identity, strategy }: Pick<Judged, "identity" | "strategy">): string {
  return `${identity.service}-${strategy.type === "canary" ? "canary" : "preview"}`;
}

/**
 * Rollout of the same pods as a Deployment would run, without `replicas` as there. Where a revision
 * stands still, it is aborted: the one before serves all requests again.
 * @see https://argo-rollouts.readthedocs.io/en/stable/features/specification/
 */
export function rolloutSpec(args: RolloutArgs) {
  const template = podTemplate(args);
  return {
    selector: { matchLabels: selectorLabels(args.identity) },
    minReadySeconds,
    progressDeadlineSeconds: progressDeadlineSeconds(args.settings),
    progressDeadlineAbort: true,
    revisionHistoryLimit,
    restartAt: revisionMark(template),
    template,
    strategy: strategySpec(args),
  };
}

/**
 * A time of long ago that stands for a pod template: no pod is that old, so none is restarted. The
 * controller repeats it in the status once it has seen the template. Its `observedGeneration` is
 * text, which the engine cannot compare: the last revision's phase would pass for the new one's.
 */
export function revisionMark(
  template: kubernetes.types.input.core.v1.PodTemplateSpec,
): pulumi.Output<string> {
  return pulumi.output(template).apply((known) => {
    const digest = createHash("sha256").update(JSON.stringify(known)).digest();
    const seconds = Date.UTC(2000, 0) / 1000 + (digest.readUInt32BE() >>> 4);
    return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  });
}

/**
 * What the engine waits for: that the revision is settled, well or badly, and where it is well, that
 * as many pods serve as must at least. Expressions of RFC 9535, over the children of the object.
 * @see https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/#pulumicomwaitfor
 */
export function settled(mark: pulumi.Input<string>, least: number): pulumi.Output<string> {
  const badly = "match(@.phase, 'Degraded') || match(@.message, 'InconclusiveAnalysisRun')";
  const well = `match(@.phase, 'Healthy') && @.availableReplicas > ${least - 1}`;
  return pulumi
    .output(mark)
    .apply((time) =>
      JSON.stringify([
        `jsonpath={.status.restartedAt}=${time}`,
        `jsonpath={$[?${badly} || ${well}]}`,
      ]),
    );
}

/** Ends an update whose new version was refused; a preview goes on, as it may show what repairs it. */
export function assertHealthy(name: string, status: RolloutStatus | undefined): string | undefined {
  const { phase, message = "no reason given" } = status ?? {};
  if (phase === undefined || phase === "Healthy" || pulumi.runtime.isDryRun()) return phase;
  const rest =
    phase === "Paused"
      ? `Promote or abort it (kubectl argo rollouts promote|abort ${name}), then refresh.`
      : "The version before serves all requests. Mend it and deploy again.";
  throw new Error(`The rollout of ${name} is ${phase}: ${message}. ${rest}`);
}

/** Minutes for which an update waits for a person who promotes. */
const promotionMinutes = 60;

/** Longest time that the engine waits: all pauses, and at each step a wave of pods that only just starts. */
export function progressTimeouts({ settings, strategy }: Judged): pulumi.CustomTimeouts {
  const waves = strategy.type === "canary" ? strategy.steps.length + 2 : 2;
  const person = strategy.type === "blueGreen" && !strategy.autoPromotion ? promotionMinutes : 0;
  const preview = strategy.type === "blueGreen" ? strategy.previewMinutes : 0;
  const minutes = watchedMinutes(strategy) + preview + person;
  const timeout = `${minutes * 60 + waves * progressDeadlineSeconds(settings)}s`;
  return { create: timeout, update: timeout };
}

function strategySpec(args: RolloutArgs) {
  const { identity, settings, strategy, namespace } = args;
  const name = identity.service;
  const judge = (suffix?: string) => ({
    templates: [{ templateName: suffix === undefined ? name : `${name}-${suffix}` }],
    args: analysisArgs(args),
  });
  if (strategy.type === "blueGreen") {
    return {
      blueGreen: {
        activeService: name,
        previewService: candidateOf(args),
        autoPromotionEnabled: strategy.autoPromotion,
        prePromotionAnalysis: judge("preview"),
        postPromotionAnalysis: judge(),
        scaleDownDelaySeconds: strategy.scaleDownDelaySeconds,
      },
    };
  }
  const router = { "argoproj-labs/gatewayAPI": { httpRoute: keptAs(name, settings), namespace } };
  const routing = {
    stableService: name,
    canaryService: candidateOf(args),
    trafficRouting: { plugins: router },
  };
  const steps = strategy.steps.flatMap(({ weight, minutes }) => [
    { setWeight: weight },
    { pause: { duration: `${minutes}m` } },
  ]);
  return {
    canary: {
      maxSurge: `${surgePercent}%`,
      maxUnavailable: 0,
      ...(isWeighed({ service: settings, strategy }) ? routing : {}),
      analysis: { ...judge(), startingStep: 1 },
      steps: settings.kind === "http" ? [...steps, { analysis: judge("traffic") }] : steps,
    },
  };
}
