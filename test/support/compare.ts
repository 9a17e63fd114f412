/** What has to be equal with and without the gateway, and what differs between any two calls. */
const VOLATILE: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{32}\b/g, "<id>"],
  [/[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}/g, "<uuid>"],
  [/\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z/g, "<instant>"],
  [/\d{1,2}:\d\d:\d\d [AP]M/g, "<time>"],
  [/http:\/\/127\.0\.0\.1:\d+/g, "<origin>"],
];

/** A copy with ids and times of one call replaced by words, Base64 contents included. */
export function lasting(value: unknown): unknown {
  const text = JSON.stringify(value, (name, member: unknown) =>
    name === "blob" && typeof member === "string"
      ? Buffer.from(member, "base64").toString("utf8")
      : member,
  );
  if (text === undefined) return undefined;
  return JSON.parse(VOLATILE.reduce((left, [pattern, word]) => left.replace(pattern, word), text));
}
