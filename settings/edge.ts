import type { Settings } from "./stack";
import { z } from "zod";
import { distinct, Hostname, HttpPath, Slug } from "./primitives";

/** Source of a Content Security Policy, such as `'self'` or `https://cdn.example.com`. */
const Source = z
  .string()
  .regex(/^[^\s;,]+$/, 'must be a source such as "\'self\'" or "https://cdn.example.com"');

const Directive = z
  .string()
  .regex(
    /^(?!frame-ancestors$)[a-z][a-z-]*$/,
    "must be a directive in lower case; frame-ancestors follows from `frames`",
  );

const Origin = z
  .string()
  .regex(
    /^https?:\/\/[a-z0-9.-]+(:[0-9]{1,5})?$/,
    'must be an origin without path, such as "https://www.example.com"',
  );

const Hsts = z
  .strictObject({
    maxAgeSeconds: z.int().min(300).max(63072000).default(31536000),
    includeSubDomains: z.boolean().default(true),
    preload: z.boolean().default(true),
  })
  .meta({
    description: "How long browsers ask for HTTPS alone: one year, subdomains, preload (NS-W2).",
  });

const CrossOrigin = z
  .strictObject({
    opener: z
      .enum(["same-origin", "same-origin-allow-popups", "unsafe-none"])
      .default("same-origin"),
    embedder: z.enum(["require-corp", "credentialless", "unsafe-none"]).default("require-corp"),
    resource: z.enum(["same-origin", "same-site", "cross-origin"]).default("same-origin"),
  })
  .meta({ description: "Isolation from other origins: COOP, COEP and CORP (E9-W2)." });

const Cors = z
  .strictObject({
    origins: distinct(z.array(Origin).min(1).max(64)),
    credentials: z.boolean().default(true).meta({
      description: "Whether these origins may send cookies.",
    }),
    methods: distinct(
      z.array(z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"])).min(1),
    ).default(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]),
    headers: distinct(z.array(z.string().regex(/^[A-Za-z0-9-]+$/))).default([
      "Authorization",
      "Content-Type",
    ]),
    maxAgeSeconds: z.int().min(1).max(86400).default(600).meta({
      description: "How long a browser remembers the answer to a preflight, in seconds.",
    }),
  })
  .meta({ description: "Origins whose pages may call the service (CB-W11). Default: none." });

const RateLimit = z.strictObject({
  paths: z.array(HttpPath).min(1).default(["/"]).meta({
    description: "Paths that count, with all below them, whatever their case.",
  }),
  requests: z.int().min(1).max(10000).default(100).meta({
    description: "Requests of one client that are served in any such window (CB-W10, E9-W1: 100).",
  }),
  windowMinutes: z.int().min(1).max(1440).default(15).meta({
    description: "Length of the window (CB-W10, E9-W1: 15 minutes; password reset an hour).",
  }),
});

/** Longest policy that leaves room for frame-ancestors in a header of Gateway API. */
const cspCharacters = 4096 - "; frame-ancestors 'none'".length;

/** A Content Security Policy as its header has it. */
export function cspText(csp: Readonly<Record<string, readonly string[]>>): string {
  return Object.entries(csp)
    .map(([directive, sources]) => [directive, ...sources].join(" "))
    .join("; ");
}

/** How a service is reached from outside; absent means that it is not. */
export const Edge = z
  .strictObject({
    hosts: z.array(Hostname).min(1).max(16).optional().meta({
      description: "Host names. Default: the service's name under the stack's `domain`.",
    }),
    hsts: Hsts.prefault({}),
    frames: z.enum(["none", "same-origin"]).default("none").meta({
      description: "Who may show it in a frame: nobody (NS-W2), or its own pages (CB-W9).",
    }),
    csp: z
      .record(Directive, z.array(Source))
      .refine((csp) => cspText(csp).length <= cspCharacters, {
        error: `must be at most ${cspCharacters} characters long as a header: with frame-ancestors a route takes 4096`,
      })
      .default({
        "default-src": ["'self'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "object-src": ["'none'"],
        "upgrade-insecure-requests": [],
      })
      .meta({ description: "Content Security Policy: sources by directive (NS-W2)." }),
    referrerPolicy: z
      .enum([
        "no-referrer",
        "same-origin",
        "strict-origin",
        "strict-origin-when-cross-origin",
        "origin-when-cross-origin",
      ])
      .default("strict-origin-when-cross-origin"),
    permissions: z
      .record(z.string().regex(/^[a-z][a-z-]*$/), z.enum(["none", "self"]))
      .default({ camera: "none", geolocation: "none", microphone: "none", payment: "none" })
      .meta({ description: "Who may use a feature of the browser (NS-W2)." }),
    crossOrigin: CrossOrigin.prefault({}),
    cors: Cors.optional(),
    rateLimits: z.record(Slug, RateLimit).optional().meta({
      description: "Limits by name; a request counts against all that cover it. Default: none.",
    }),
    captcha: z
      .strictObject({
        paths: z.array(HttpPath).min(1).max(16).meta({
          description: "Paths that people reach after a CAPTCHA alone, with all below them.",
        }),
        immunitySeconds: z.int().min(60).max(259200).default(300).meta({
          description: "How long who solved one is let through.",
        }),
      })
      .optional()
      .meta({ description: "Asks people for a CAPTCHA, by AWS WAF (NS-W4). Default: nowhere." }),
    exemptPaths: z.array(HttpPath).default(["/health", "/api/health"]).meta({
      description: "Paths without limit besides those of the probes, with all below them (NS-W3).",
    }),
    privatePaths: z.array(HttpPath).max(16).default(["/health/detailed", "/metrics"]).meta({
      description:
        "Paths that are not forwarded from outside, with all below them: an error answers (CB-W12).",
    }),
  })
  .meta({ description: "How the service is reached from outside. Default: not at all." });

/** Effective settings of an edge. */
export type EdgeSettings = z.output<typeof Edge>;

/** Host names of a service: those it says, else its name under the stack's domain. */
export function hostsOf(
  service: string,
  { hosts }: Pick<EdgeSettings, "hosts">,
  domain: string | undefined,
): readonly string[] {
  return hosts ?? (domain === undefined ? [] : [`${service}.${domain}`]);
}

/** Whether any service limits its requests. */
export function hasLimits({ services }: Pick<Settings, "services">): boolean {
  return Object.values(services).some(
    (service) => service.kind === "http" && service.edge?.rateLimits !== undefined,
  );
}
