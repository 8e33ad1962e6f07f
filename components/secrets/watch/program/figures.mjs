// @ts-check

/**
 * A line that CloudWatch takes a figure from: it stands in the log, and Datadog collects it as
 * `plinth.NAME` with the dimensions as tags.
 * @see https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
 * @see https://docs.datadoghq.com/integrations/guide/aws-integration-and-cloudwatch-faq/
 * @param {{ name: string, value: number, now: Date }} figure
 * @param {Readonly<Record<string, string>>} dimensions
 */
export function figureLine({ name, value, now }, dimensions) {
  const shown = Object.entries(dimensions).map(([key, text]) => [key, dimensionOf(text)]);
  const directive = {
    Namespace: "plinth",
    Dimensions: [Object.keys(dimensions)],
    Metrics: [{ Name: name, Unit: "Count" }],
  };
  const about = { Timestamp: now.getTime(), CloudWatchMetrics: [directive] };
  return `${JSON.stringify({ _aws: about, ...Object.fromEntries(shown), [name]: value })}\n`;
}

/**
 * A value as CloudWatch takes it: ASCII, not empty, with no colon in front. Datadog cuts at 200.
 * @param {string} text
 */
function dimensionOf(text) {
  const plain = text
    .replaceAll(/[^\x20-\x7e]/g, "?")
    .replace(/^:+/, "")
    .trim();
  return plain.slice(0, 190) || "unknown";
}
