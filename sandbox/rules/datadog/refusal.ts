/** The service's answer to a request that it does not take. */
export function badRequest(reason: string): string {
  return `400 Bad Request: ${JSON.stringify({ errors: [reason] })}`;
}
