/** Addresses inside A2A requests: one grammar, and nothing that two readers could read differently. */
import { describe, expect, it } from "vitest";
import { fileHostOf, pushHostOf } from "../../../src/request/push-url.ts";
import { reasonOf } from "./attributes.ts";

describe("a push notification address", () => {
  it.each([
    ["https://hooks.example", "hooks.example"],
    ["https://hooks.example/", "hooks.example"],
    ["https://hooks.example/a/b?token=1&x=@", "hooks.example"],
    ["https://hooks.example?x=1", "hooks.example"],
    ["https://Hooks.EXAMPLE/a", "hooks.example"],
    ["https://hooks.example:443/a", "hooks.example"],
    ["https://hooks.example:8443/a", "hooks.example:8443"],
    ["https://xn--hks-5qa.example/", "xn--hks-5qa.example"],
    ["https://1.hooks.example/", "1.hooks.example"],
    [`https://${"a".repeat(63)}.example/`, `${"a".repeat(63)}.example`],
  ])("%s goes to %s", (url, host) => {
    expect(pushHostOf(url)).toBe(host);
  });

  it.each([
    ["another scheme", "http://hooks.example/"],
    ["a scheme in upper case", "HTTPS://hooks.example/"],
    ["no scheme", "//hooks.example/"],
    ["one slash", "https:/hooks.example/"],
    ["a backslash", "https://hooks.example\\@evil.example/"],
    ["a backslash behind the host", "https://hooks.example/\\evil.example"],
    ["a user", "https://hooks.example@evil.example/"],
    ["a user with a password", "https://a:b@hooks.example/"],
    ["a fragment", "https://hooks.example/#a"],
    ["a fragment for a path", "https://evil.example#.hooks.example"],
    ["one label", "https://localhost/"],
    ["a dotted address", "https://127.0.0.1/"],
    ["a short dotted address", "https://127.1/"],
    ["a decimal address", "https://2130706433/"],
    ["an octal address", "https://0177.0.0.1/"],
    ["a hex address", "https://0x7f.0.0.1/"],
    ["a hex last part", "https://127.0.0.0x1/"],
    ["an empty hex last part", "https://127.0.0.0x/"],
    ["IPv6", "https://[::1]/"],
    ["mapped IPv4", "https://[::ffff:127.0.0.1]/"],
    ["a trailing dot", "https://hooks.example./"],
    ["an empty label", "https://hooks..example/"],
    ["a leading dot", "https://.hooks.example/"],
    ["a leading hyphen", "https://-hooks.example/"],
    ["a trailing hyphen", "https://hooks-.example/"],
    ["an underscore", "https://a_b.example/"],
    ["a percent", "https://hooks%2eexample/"],
    ["a full-width dot", "https://hooks\uff0eexample/"],
    ["a homoglyph", "https://h\u043eoks.example/"],
    ["a long label", `https://${"a".repeat(64)}.example/`],
    ["a long name", `https://${"a.".repeat(127)}ab/`],
    ["an empty port", "https://hooks.example:/"],
    ["a port with a zero before it", "https://hooks.example:0443/"],
    ["port 0", "https://hooks.example:0/"],
    ["a port beyond the last", "https://hooks.example:65536/"],
    ["a space", "https://hooks.example/a b"],
    ["a space at the start", " https://hooks.example/"],
    ["a line feed at the end", "https://hooks.example/\n"],
    ["a tab in the host", "https://hooks\t.example/"],
    ["too many bytes", `https://hooks.example/${"a".repeat(2_048)}`],
    ["nothing", ""],
  ])("with %s is refused", (_, url) => {
    expect(pushHostOf(url)).toBeUndefined();
  });
});

describe("a file's address", () => {
  it.each([
    ["https://files.example/a", "files.example"],
    ["http://Files.example:8080/a", "files.example:8080"],
    ["https://10.0.0.1/a", "10.0.0.1"],
    ["https://[::1]:8080/a", "[::1]:8080"],
    ["s3://bucket/key", "bucket"],
    ["data:text/plain;base64,AAAA", "data:"],
    ["urn:uuid:1", "urn:"],
  ])("%s is at %s", (url, host) => {
    expect(fileHostOf(url)).toBe(host);
  });

  it.each([
    "files/a",
    "/files/a",
    "//files.example/a",
    "https:files.example",
    "https:/files.example",
    "https:///files.example",
    "https:\\\\files.example",
    "https://a@files.example/",
    "https://files.example\\@evil.example/",
    "https://f\u0456les.example/",
    "https://files.example:port/",
    "file:///etc/passwd",
    " https://files.example/",
    "",
  ])("rpc.params_invalid: %j", (url) => {
    expect(reasonOf(() => fileHostOf(url))).toBe("rpc.params_invalid");
  });
});
