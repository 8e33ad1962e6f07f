import * as pulumi from "@pulumi/pulumi";
import * as sentry from "@pulumiverse/sentry";

/** Inputs of {@link ErrorTracking}. */
export interface ErrorTrackingArgs {
  /** Slug of the organisation in Sentry. */
  readonly organization: string;
  /** Slug of the team that owns the project; it exists already. */
  readonly team: pulumi.Input<string>;
  /** Slug of the project, unique in the organisation. */
  readonly projectSlug: string;
  /** Most events a minute that the key accepts; Sentry drops the rest. */
  readonly eventsPerMinute: number;
}

/**
 * Where one service or front end of one environment reports its errors (NS-E1): a project of its own,
 * and a key whose limit keeps an error loop from spending the organisation's quota.
 *
 * There are no alert rules here: Sentry has retired the interface that this provider writes them with
 * (https://github.com/getsentry/sentry/pull/121879).
 */
export class ErrorTracking extends pulumi.ComponentResource {
  /** Address to report errors to; secret. */
  readonly dsn: pulumi.Output<string>;
  /** Host that the address names; it is Sentry's, and no secret. */
  readonly host: pulumi.Output<string>;
  /** Slug of the project. */
  readonly project: pulumi.Output<string>;

  constructor(name: string, args: ErrorTrackingArgs, opts?: pulumi.ComponentResourceOptions) {
    super("plinth:errors:ErrorTracking", name, args, opts);
    const { organization, projectSlug } = args;
    const title = projectSlug.slice(0, longestName);

    // No `platform`: the provider looks each one up at docs.sentry.io in every preview and fails
    // without an answer (validatePlatform, terraform-provider-sentry v0.11.2).
    const project = new sentry.SentryProject(
      name,
      { organization, name: title, slug: projectSlug, teams: [args.team] },
      { parent: this },
    );
    const key = new sentry.SentryKey(
      `${name}-key`,
      {
        organization,
        project: project.slug,
        name: title,
        rateLimitCount: args.eventsPerMinute,
        rateLimitWindow: 60,
      },
      { parent: this, additionalSecretOutputs: ["dsnPublic", "dsnCsp"] },
    );

    this.dsn = pulumi.secret(key.dsnPublic);
    this.host = pulumi.unsecret(this.dsn.apply((dsn) => new URL(dsn).hostname));
    this.project = project.slug;
    this.registerOutputs({ dsn: this.dsn, project: this.project });
  }
}

/**
 * Characters of a project's name; its slug, by which people know it, may have a hundred.
 * @see https://github.com/getsentry/sentry/blob/master/src/sentry/core/endpoints/team_projects.py
 */
const longestName = 50;
